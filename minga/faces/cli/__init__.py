"""The console command `minga`, which works on a running hub's database."""
