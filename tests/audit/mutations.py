"""Ways to falsify an exported day: with the chain left as it was, and with every later hash computed anew.

Each takes the events of a file and gives the falsified ones with the seq at which it must be found, or None where the
day offers nothing to falsify in this way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from random import Random
from typing import Any

from hall.log.chain import hash_of
from hall.log.codec import as_instant, as_text

Row = dict[str, Any]
Falsified = tuple[list[Row], int] | None
Way = Callable[[list[Row], Random], Falsified]
CLAIMED = ("TicketIssued", "TicketReinstated", "TicketPostponed", "TicketReturned", "TicketTransferred")


def sealed_again(rows: list[Row], anchor: str) -> list[Row]:
    """The rows numbered and hashed anew, as somebody would who writes the whole chain."""
    seq, before = rows[0]["seq"], anchor
    for number, row in enumerate(rows, seq):
        row["seq"] = number
        before = row["hash"] = hash_of(before, [value for name, value in row.items() if name != "hash"])
    return rows


def any_index(rows: list[Row], random: Random, *kinds: str) -> int | None:
    """Where one of the events of these types is, or any event."""
    found = [n for n, row in enumerate(rows) if not kinds or row["type"] in kinds]
    return random.choice(found) if found else None


# --- the chain is left as it was ------------------------------------------------------------------------------------


def change_field(rows: list[Row], random: Random) -> Falsified:
    row = random.choice(rows)
    name = random.choice([name for name in row if name != "seq"])
    if name == "at":
        row["at"] = as_text(as_instant(row["at"]) + timedelta(seconds=1))
    else:
        row[name] = row[name] + 1 if isinstance(row[name], int) else row[name] + " "
    return rows, row["seq"]


def change_body(rows: list[Row], random: Random) -> Falsified:
    row = random.choice(rows)
    body = row["body"]
    n = random.randrange(len(body))
    row["body"] = body[:n] + chr(ord(body[n]) ^ 1) + body[n + 1 :]
    return rows, row["seq"]


def drop(rows: list[Row], random: Random) -> Falsified:
    n = random.randrange(len(rows) - 1)
    seq = rows.pop(n)["seq"]
    return rows, seq


def insert(rows: list[Row], random: Random) -> Falsified:
    n = random.randrange(1, len(rows))
    forged = {**random.choice(rows), "seq": rows[n]["seq"], "command_id": "forged"}
    rows.insert(n, forged)
    return rows, forged["seq"]


def swap(rows: list[Row], random: Random) -> Falsified:
    n = random.randrange(len(rows) - 1)
    seq = rows[n]["seq"]
    rows[n], rows[n + 1] = rows[n + 1], rows[n]
    return rows, seq


def swap_under_their_numbers(rows: list[Row], random: Random) -> Falsified:
    """The events change places and take the seq of their new place."""
    found = swap(rows, random)
    assert found is not None
    n = next(n for n, row in enumerate(rows) if row["seq"] == found[1] + 1)
    rows[n]["seq"], rows[n + 1]["seq"] = rows[n + 1]["seq"], rows[n]["seq"]
    return found


# --- the chain is sealed again: what the rules do not allow must be found where it stands ---------------------------


def body_of(row: Row) -> Row:
    fields: Row = json.loads(row["body"])
    return fields


def with_body(rows: list[Row], n: int, body: Row) -> Falsified:
    rows[n]["body"] = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return rows, rows[n]["seq"]


def a_call(rows: list[Row], random: Random, *, passes: bool = False) -> tuple[int, Row] | None:
    calls = [(n, body_of(row)) for n, row in enumerate(rows) if row["type"] == "TicketCalled"]
    found = [one for one in calls if one[1]["why"]["passed_over"] or not passes]
    return random.choice(found) if found else None


def call_another(rows: list[Row], random: Random) -> Falsified:
    """Another ticket of the day is called, with its right turn and number."""
    found = a_call(rows, random)
    if found is None:
        return None
    n, body = found
    others = [body_of(row) for row in rows[:n] if row["type"] == "TicketIssued"]
    others = [one for one in others if one["ticket"] != body["ticket"]]
    if not others:
        return None
    other = random.choice(others)
    return with_body(rows, n, {**body, **{name: other[name] for name in ("ticket", "turn", "number")}})


def call_twice(rows: list[Row], random: Random) -> Falsified:
    found = a_call(rows, random)
    if found is None:
        return None
    n, _ = found
    rows.insert(n + 1, deepcopy(rows[n]))
    return rows, rows[n]["seq"] + 1


def miscount(rows: list[Row], random: Random) -> Falsified:
    """The record of who was passed over has another count, another number, or one line less or more."""
    found = a_call(rows, random)
    if found is None:
        return None
    n, body = found
    passed = body["why"]["passed_over"]
    if passed and random.random() < 0.8:
        entry = random.choice(passed)
        match random.randrange(3):
            case 0:
                entry["count"] += random.choice((-1, 1))
            case 1:
                entry["number"] += "9"
            case _:
                passed.remove(entry)
    else:
        passed.append({"line": "nothing/ordinary", "number": "A001", "count": 1})
    return with_body(rows, n, body)


def misjudge(rows: list[Row], random: Random) -> Falsified:
    """The reason of a call is another one: its score, who chose it, the rule, or what is left of the round."""
    found = a_call(rows, random)
    if found is None:
        return None
    n, body = found
    why = body["why"]
    match random.randrange(4):
        case 0:
            why["score"] += 0.5
        case 1:
            why["chosen_by"] = {"rule": "sent", "cap": "rule", "sent": "cap"}.get(why["chosen_by"], "lottery")
        case 2:
            why["rule"] = "lottery"
        case _:
            why["round"] = [[name, left + 1] for name, left in why["round"]] or [["ordinary", 1]]
    return with_body(rows, n, body)


def call_elsewhere(rows: list[Row], random: Random) -> Falsified:
    """The call goes to a counter that has another visitor, or is closed."""
    found = a_call(rows, random)
    if found is None:
        return None
    n, body = found
    held: dict[str, str] = {}
    for row in rows[:n]:
        event = body_of(row)
        if row["type"] == "CounterOpened":
            held[event["counter"]] = ""
        elif row["type"] == "CounterClosed":
            held.pop(event["counter"], None)
        elif row["type"] == "TicketCalled":
            held[event["counter"]] = event["ticket"]
        elif event.get("counter") in held and event.get("ticket") and row["type"].endswith(LEAVES):
            held[event["counter"]] = ""
    wrong = [name for name in ("c1", "c2", "c3", "c4", "c9") if held.get(name) or name not in held]
    return with_body(rows, n, {**body, "counter": random.choice(wrong)})


LEAVES = ("Finished", "Missed", "Parked", "Transferred", "Cancelled", "CallUndone", "Expired")


def claim_otherwise(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, *CLAIMED)
    if n is None:
        return None
    body = body_of(rows[n])
    moved = as_instant(body["claim_at"]) + timedelta(seconds=random.choice((-600, -1, 1, 600)))
    return with_body(rows, n, {**body, "claim_at": moved.isoformat()})


def promise_otherwise(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, "TicketIssued", "TicketReprioritised")
    if n is None:
        return None
    body = body_of(rows[n])
    return with_body(rows, n, {**body, "promise_s": (body["promise_s"] or 0) + 60})


def number_otherwise(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, "TicketIssued")
    if n is None:
        return None
    body = body_of(rows[n])
    name = random.choice(("serial", "number", "position"))
    changed = body[name] + 1 if isinstance(body[name], int) else body[name][:-1] + "Z"
    return with_body(rows, n, {**body, name: changed})


def deliver_otherwise(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, "CallDelivered", "TicketRecalled")
    if n is None:
        return None
    body = body_of(rows[n])
    return with_body(rows, n, {**body, "call_no": body["call_no"] + random.choice((-1, 1))})


def miss_otherwise(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, "TicketMissed")
    if n is None:
        return None
    body = body_of(rows[n])
    return with_body(rows, n, {**body, "deliveries": body["deliveries"] + 1})


def finish_twice(rows: list[Row], random: Random) -> Falsified:
    n = any_index(rows, random, "TicketFinished", "TicketMissed", "TicketParked", "TicketCancelled")
    if n is None:
        return None
    rows.insert(n + 1, deepcopy(rows[n]))
    return rows, rows[n]["seq"] + 1


def open_otherwise(rows: list[Row], random: Random) -> Falsified:
    """A day opens with another serial, or without a counter, a ticket or a resting number that goes on."""
    n = any_index(rows[3:], random, "DayOpened")
    if n is None:
        return None
    body = body_of(rows[n + 3])
    parts = [name for name in ("counters", "tickets", "numbers") if body[name]]
    if not parts or random.random() < 0.3:
        body["next_serial"] += 1
    else:
        body[random.choice(parts)].pop()
    return with_body(rows, n + 3, body)


def another_kind(rows: list[Row], random: Random) -> Falsified:
    """An event of a kind that there is not."""
    row = random.choice(rows[2:])
    row["type"] += "Again"
    return rows, row["seq"]


# --- the chain is sealed again: not each of these breaks a rule -----------------------------------------------------


def drop_and_seal(rows: list[Row], random: Random) -> Falsified:
    n = random.randrange(2, len(rows) - 1)
    return rows, rows.pop(n)["seq"]


def swap_and_seal(rows: list[Row], random: Random) -> Falsified:
    n = random.randrange(2, len(rows) - 1)
    seq = rows[n]["seq"]
    rows[n], rows[n + 1] = rows[n + 1], rows[n]
    return rows, seq


def date_otherwise(rows: list[Row], random: Random) -> Falsified:
    """An event happens a second later, or as late as the next one allows."""
    n = random.randrange(2, len(rows) - 1)
    latest = as_instant(rows[n + 1]["at"])
    rows[n]["at"] = as_text(min(latest, as_instant(rows[n]["at"]) + timedelta(seconds=1)))
    return rows, rows[n]["seq"]


BROKEN: dict[str, Way] = {
    "field changed": change_field,
    "body changed": change_body,
    "event dropped": drop,
    "event inserted": insert,
    "events swapped": swap,
    "events swapped under their numbers": swap_under_their_numbers,
}
SEALED: dict[str, Way] = {
    "another ticket called": call_another,
    "called twice": call_twice,
    "wrong counts": miscount,
    "wrong reason": misjudge,
    "called to another counter": call_elsewhere,
    "wrong claim": claim_otherwise,
    "wrong promise": promise_otherwise,
    "wrong serial or number": number_otherwise,
    "wrong call number": deliver_otherwise,
    "wrong deliveries": miss_otherwise,
    "ended twice": finish_twice,
    "wrong opening": open_otherwise,
    "unknown kind": another_kind,
}
PERHAPS: dict[str, Way] = {
    "event dropped, sealed again": drop_and_seal,
    "events swapped, sealed again": swap_and_seal,
    "event dated later, sealed again": date_otherwise,
}
WAYS = BROKEN | SEALED | PERHAPS


def falsified(lines: list[str], way: str, random: Random) -> tuple[list[str], int] | None:
    """The file after one mutation, and the seq at which it stands."""
    head, *rows = [json.loads(line) for line in lines]
    found = WAYS[way](rows, random)
    if found is None:
        return None
    changed, seq = found
    if way not in BROKEN:
        changed = sealed_again(changed, head["anchor"])
    return [json.dumps(one, ensure_ascii=False) for one in (head, *changed)], seq
