"""Whole days of two halls in seconds: shipped code, virtual time, everything random from one seed.

The runner, the feed with its views, the clockwork and the printers' owner run as they are on an event loop whose time
only passes when nobody has anything to do. Around them people press, tap twice and give up; links break, the disk
fails before or after a commit, the server dies between the two; printers jam. What must hold is checked all the time.
"""
