"""One folder per capability, with its pages. Features meet in the store, never in each other."""
