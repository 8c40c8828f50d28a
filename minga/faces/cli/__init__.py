"""The console command `minga`: a door like the others, for who stands at the hub's own machine."""
