"""What answers at each address: translate in, make one call, translate out."""
