"""The rules, pure: STIX, observables, policy and problems. No Django, no network, no clock."""
