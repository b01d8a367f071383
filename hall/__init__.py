"""Hall runs a service hall: numbers, calls, displays, waiting times."""

__version__ = "0.1.0"
