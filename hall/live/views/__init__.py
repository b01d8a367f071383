"""What each kind of screen sees: keyed records made from the picture, and nothing else.

A view is a function from the picture to records. It says which events it must show at once; everything else reaches it
with the next tick. Public views carry numbers and counters only.
"""

from hall.live.views.base import Record, View, ViewUnknown, view_of

__all__ = ["Record", "View", "ViewUnknown", "view_of"]
