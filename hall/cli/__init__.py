"""The command line. Nothing heavy is imported before a command runs, so that `hall --help` answers at once."""

from hall.cli.commands import main

__all__ = ["main"]
