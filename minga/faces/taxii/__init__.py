"""TAXII 2.1: the door that threat intelligence tools poll and post to."""
