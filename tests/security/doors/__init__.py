"""The doors, tested: generators that walk every address of the hub by themselves.

`access.toml` says who gets what; `town.py` is where they live; `test_*.py` are the generators.
"""
