"""The pages that belong to no feature: the door, the account, preferences, home."""
