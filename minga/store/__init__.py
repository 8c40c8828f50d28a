"""The shared tables and the only ways to read them."""
