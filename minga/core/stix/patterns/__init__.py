"""STIX patterns (STIX 2.1, section 9): a verdict on each, and the observables it names."""
