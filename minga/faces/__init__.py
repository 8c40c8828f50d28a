"""The doors: each translates a protocol into one call of a service or a query."""
