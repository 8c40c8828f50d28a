"""What every page stands on: frame, components, sign-in, problem to page."""
