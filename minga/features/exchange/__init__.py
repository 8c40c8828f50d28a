"""Share, receive, look up, give feedback."""
