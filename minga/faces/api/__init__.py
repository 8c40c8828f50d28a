"""The JSON API, described by OpenAPI 3.1 at /api/docs."""
