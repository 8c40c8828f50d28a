"""Settings per concern, the table of addresses, and how the program starts."""
