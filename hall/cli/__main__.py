"""`python -m hall.cli`."""

from hall.cli.commands import main

main()
