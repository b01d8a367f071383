"""The demonstration: a real day's visitors and simulated clerks, who press the same API as people on the same server.

Nothing of the system behaves otherwise in it, but for the clock that hurries and the printers that are simulated.
"""
