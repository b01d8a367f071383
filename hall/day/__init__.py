"""The pure heart: what happens in a hall on one business day.

Standard library only: no clock, no randomness, no I/O, no await, no logging. The instant, the actor, the set-up and new
ids come in with the command. `decide` never changes the day and `apply` never judges, so a log replays to the same day
for ever.
"""
