"""Who did what, for whom, to what and when. Entries are only ever added."""
