"""`python -m handoff.cli`, the same as `warmline`."""

from handoff.cli import main

if __name__ == "__main__":
    main()
