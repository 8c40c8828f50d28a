"""Contributions, the versions they carry, and the order in which readers meet them."""
