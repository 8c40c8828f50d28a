"""What a person sees of who belongs and what was signed."""
