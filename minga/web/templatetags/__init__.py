"""Components that templates are built of."""
