"""``python -m exocourse`` is the same as ``exocourse``."""

from exocourse.cli import main

if __name__ == "__main__":
    main()
