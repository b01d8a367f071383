"""The one table of who may do what. A route asks for a permission, never for a role."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["kiosk", "display", "printer", "clerk", "greeter", "manager", "admin", "api"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
DEVICE_ROLES: Final[tuple[Role, ...]] = ("kiosk", "display", "printer")
STAFF_ROLES: Final[tuple[Role, ...]] = ("clerk", "greeter", "manager", "admin")

# What every role may do; an admin may do everything.
PERMISSIONS: Final[dict[str, tuple[Role, ...]]] = {
    "me.view": ROLES,
    "ticket.issue": ("kiosk", "greeter", "manager", "api"),
    "ticket.view": ("clerk", "greeter", "manager", "api"),
    "ticket.change": ("clerk", "greeter", "manager", "api"),
    "ticket.reprint": ("kiosk", "clerk", "greeter", "manager", "api"),
    "ticket.prioritise": ("greeter", "manager", "api"),
    "ticket.note": ("clerk", "greeter", "manager", "api"),
    "ticket.correct": ("manager", "api"),
    "counter.drive": ("clerk", "manager", "api"),
    "paper.report": ("printer", "api"),
    "display.report": ("display",),
    "kiosk.view": ("kiosk", "greeter", "manager", "api"),
    "desk.view": ("clerk", "manager", "api"),
    "help.answer": ("clerk", "greeter", "manager", "api"),
    "visit.divert": ("greeter", "manager", "api"),
    "device.view": ("greeter", "manager", "api"),
    "greeter.view": ("greeter", "manager", "api"),
    "manager.view": ("manager", "api"),
    "printer.view": ("printer", "api"),
    "hall.view": ("kiosk", "display", "clerk", "greeter", "manager", "api"),
    "log.read": ("manager", "api"),
    "log.rebuild": (),
    "setup.publish": (),
    "token.create": (),
    "token.revoke": (),
    "account.change": (),
}


def permissions_of(role: Role) -> frozenset[str]:
    """Everything a role may do."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role == "admin" or role in roles)
