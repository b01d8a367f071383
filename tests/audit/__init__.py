"""The independent checker, against random days of the real heart."""
