"""Files, named by the hash of what they hold."""
