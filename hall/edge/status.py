"""The one place where a code becomes an HTTP status.

Codes are the stable part of an answer: screens and programs act on them, sentences may change. Every code has a
sentence in `locale/*/problems.po`.
"""

from __future__ import annotations

STATUS: dict[str, int] = {
    # who is asking
    "not_signed_in": 401,
    "sign_in_failed": 401,
    "forbidden": 403,
    "too_many_attempts": 429,
    # what is not there
    "not_found": 404,
    "hall_unknown": 404,
    "service_unknown": 404,
    "class_unknown": 404,
    "counter_unknown": 404,
    "ticket_unknown": 404,
    "paper_unknown": 404,
    "printer_unknown": 404,
    "language_unknown": 404,
    "setup_unknown": 404,
    "view_unknown": 404,
    "method_not_allowed": 405,
    # what may not happen now
    "refused": 409,
    "hall_closed": 409,
    "day_closed": 409,
    "service_closed": 409,
    "service_is_heading": 409,
    "range_full": 409,
    "counter_closed": 409,
    "counter_paused": 409,
    "counter_busy": 409,
    "counter_open": 409,
    "counter_not_paused": 409,
    "counter_idle": 409,
    "visitor_changed": 409,
    "not_called": 409,
    "staff_elsewhere": 409,
    "nothing_to_undo": 409,
    "ticket_closed": 409,
    "ticket_at_counter": 409,
    "ticket_not_waiting": 409,
    "ticket_already_called": 409,
    "ticket_not_missed": 409,
    "returns_spent": 409,
    "call_not_delivered": 409,
    "too_few_calls": 409,
    "no_show_too_soon": 409,
    "recall_too_soon": 409,
    "override_not_allowed": 409,
    "pick_not_allowed": 409,
    "walk_in_not_allowed": 409,
    "reason_missing": 409,
    "reason_unknown": 409,
    "item_unknown": 409,
    "service_elsewhere": 409,
    "nobody_parked": 409,
    "several_parked": 409,
    "not_serving": 409,
    "transfer_nowhere": 409,
    "staff_absent": 409,
    "nobody_behind": 409,
    "postponements_spent": 409,
    "class_same": 409,
    "priority_budget_spent": 409,
    "service_planned": 409,
    "comeback_unknown": 409,
    "time_impossible": 409,
    "turn_not_done": 409,
    "help_unknown": 404,
    "help_open": 409,
    "help_taken": 409,
    "count_below_zero": 409,
    "paper_claimed": 409,
    "paper_not_claimed": 409,
    "paper_finished": 409,
    "setup_in_use": 409,
    # what cannot be read
    "too_large": 413,
    "malformed": 422,
    "key_reused": 422,
    "text_too_long": 422,
    # what is wrong on our side
    "unexpected": 500,
    "storage_unavailable": 503,
    "hall_stopped": 503,
}

# What an answer of the framework, which knows statuses only, is called.
CODE_OF_STATUS: dict[int, str] = {
    400: "malformed",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "malformed",
    429: "too_many_attempts",
    503: "storage_unavailable",
}


def status_of(code: str) -> int:
    """The HTTP status of a code; a refusal that is not listed is a conflict."""
    return STATUS.get(code, 409)


def code_of(status: int) -> str:
    """The code of a status that came without one."""
    return CODE_OF_STATUS.get(status, "malformed" if status < 500 else "unexpected")
