"""`python -m minga` is the console command."""

from minga.faces.cli.main import main

if __name__ == "__main__":
    main()
