"""The journal: its lines, its chain, and what happens to who alters it."""
