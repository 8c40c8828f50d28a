"""Organisations, the people and keys that act for them, and what each may do."""
