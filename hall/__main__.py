"""`python -m hall` is `hall`."""

from hall.cli import main

if __name__ == "__main__":
    main()
