"""Founds members in a hub of its own process and prints the secret of a key for each, as JSON.

Usage: python -m tests.security.members_with_keys COUNT
"""

import json
import sys


def main() -> None:
    import django

    django.setup()
    from tests import factories

    print(json.dumps([factories.key_of()[1] for _ in range(int(sys.argv[1]))]))


if __name__ == "__main__":
    main()
