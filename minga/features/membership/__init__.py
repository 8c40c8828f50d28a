"""Sign, belong, withdraw: organisations, their people, keys and circles."""
