"""Checks an exported day of a hall without trusting the program that wrote it.

    python hall/audit.py DAY.jsonl [--json] [--seal HASH]

One file, the standard library, nothing of Hall's own code: the rules are written down here a second time, from their
description, over all who wait and not over the heads of lines. Every call is derived again, with whom it passed over.
Exit code 0: sound; 1: findings, one line each as `seq N: what`; 2: the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import itemgetter
from typing import Any

Fields = dict[str, Any]
Table = dict[str, Fields]
place_of: Callable[[Fields], tuple[datetime, int]] = itemgetter("claim_at", "serial")
line_of = itemgetter("service", "class", "promise_s", "to")  # places are counted over all languages
plan_of, number_of = itemgetter("service", "promise_s", "to"), itemgetter("series", "position")
INSTANTS = "claim_at closed_at issued_at until last_call_at delivered_at"
SEALED = "hall seq at business_date type version command_id actor_kind actor_id door setup_version body"
GENESIS, LONG_AGO = "0" * 64, datetime.min.replace(tzinfo=UTC)
PLACE, UNDO, HOUR, REST = timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2)
PARTS = {"services": "id", "classes": "id", "counters": "id", "series": "id", "devices": "id", "staff": "login"}
CALLING = {"rule": "head_start", "promise_s": 1800, "pick": "reason", "walk_in": True, "cap_s": float("inf")}
MISSED = {"calls": 1, "gap_s": 0, "grace_s": 0, "place": "head", "places_back": 3, "override": True}
CAP, SENT, FIRST, NORMAL, LAST = range(5)  # the tiers in which a counter calls
BOUNDS: dict[str, Callable[[Fields, Fields], bool]] = {  # when a rule may call `one` before `other`, who came earlier
    "head_start": lambda one, other: one["came_at"] <= other["came_at"],  # each its head start earlier than its claim
    "share_of_promise": lambda one, other: one["share"] >= other["share"],
    "strict": lambda one, other: one["rank"] < other["rank"],
    "ratio": lambda one, other: one["class"] != other["class"],
    "arrival": lambda one, other: False,
}
MOVES = {  # what may happen to a turn in each state, and the state that comes of it where it is another
    "waiting": "Called:called Returned Transferred Postponed Reprioritised Cancelled:done Expired:done",
    "called": "Recalled CallDelivered Started:serving Missed:missed CallUndone:waiting Transferred:waiting"
    " Cancelled:done Expired:done",
    "serving": "Finished:done Parked:parked StartUndone:called Transferred:waiting",
    "parked": "Unparked:serving Returned:waiting Cancelled:done Expired:done",
    "missed": "Reinstated:waiting Cancelled:done Expired:done",
}
STEPS = {state: dict(move.partition(":")[::2] for move in moves.split()) for state, moves in MOVES.items()}
TOLD = "turn number counter service class promise_s claim_at to call_no deliveries"  # what a move tells
FREE = {"Called": "counter", "Transferred": "service to", "Reprioritised": "class", "Finished": "service promise_s to"}
NOT_FOLLOWED = "VisitDiverted DoorCounted HelpRequested HelpTaken HelpSolved TimeCorrected PrinterReported"
PAPERS = "PaperRequested PaperClaimed PaperPrinted PaperUncertain PaperFailed"  # not followed either
NOT_CALLED = {"call_no": 0, "last_call_at": LONG_AGO, "deliveries": 0, "delivered_call": 0, "delivered_at": None}
FRESH: Fields = {"state": "waiting", "to": "", "counter": None, "returned_by": "", **NOT_CALLED}
OUTSIDE = "Only a seal kept elsewhere shows that the end was cut off or all was written anew: give it as --seal HASH."


def read_body(entry: Fields) -> Fields:
    """The fields of an event with their instants read."""
    return entry | {name: datetime.fromisoformat(entry[name]) for name in INSTANTS.split() if entry.get(name)}


class Setup:
    """What the checks need of a set-up document; what it leaves out has its default."""

    def __init__(self, text: str) -> None:
        data, self.digest = json.loads(text), sha256(text.encode()).hexdigest()
        self.parts = {part: {one[id]: one for one in data.get(part, [])} for part, id in PARTS.items()}
        self.ranks = {id: one.get("rank", 0) for id, one in self.parts["classes"].items()}
        self.calling, self.missed = CALLING | data.get("calling", {}), MISSED | data.get("missed", {})
        shows = any(device["kind"] == "display" for device in self.parts["devices"].values())
        is_voice = (self.missed.get("delivered_by") or ("displays" if shows else "voice")) == "voice"
        self.proofs = ("call_no", "last_call_at") if is_voice else ("deliveries", "delivered_at")

    def get(self, part: str, id: str | None, name: str, default: Any = None) -> Any:
        return self.parts[part].get(id, {}).get(name, default)

    def promise(self, service: str, class_: str) -> Any:
        """The promise of the class, else of the service; a class that is gone promises what the first one does."""
        known = class_ if class_ in self.parts["classes"] else next(iter(self.parts["classes"]), "")
        own = self.get("classes", known, "promise_s")
        return self.get("services", service, "promise_s") if own is None else own

    def served(self, counter: Fields, tickets: Iterable[Fields], at: datetime) -> list[Fields]:
        """Those who wait and whom a counter may call, the earliest claim first, with what the rules compare."""
        id, clerk, found = counter["counter"], counter["staff"], []
        skills = {*self.get("counters", id, "skills", ()), *self.get("staff", clerk, "skills", ())}
        languages = sorted(self.get("staff", clerk, "languages") or self.get("counters", id, "languages", ()))
        able = [one for one in counter["services"] if skills >= {*self.get("services", one, "skills", ())}]
        tiers = {f"counter/{id}": SENT, f"staff/{clerk}": SENT} | dict.fromkeys(able, NORMAL)
        for tier, name in ((LAST, "last"), (FIRST, "first")):
            tiers |= {one: tier for one in self.get("counters", id, name, ()) if one in able}
        for ticket in sorted((one for one in tickets if one["state"] == "waiting"), key=place_of):
            own = tiers.get(ticket["to"] or ticket["service"])
            if own is None or (languages and not ticket["to"] and ticket["language"] not in languages):
                continue
            alike = "+".join(sorted(service for service, its in tiers.items() if its == own))
            waited_s = (at - ticket["claim_at"]).total_seconds()
            came_at = ticket["claim_at"] - timedelta(seconds=self.get("classes", ticket["class"], "head_start_s", 0))
            share = waited_s / (ticket["promise_s"] or self.calling["promise_s"])
            rank = self.ranks.get(ticket["class"], max(self.ranks.values()))
            tier = own if waited_s < self.calling["cap_s"] else CAP
            rule = self.calling["rule"] if tier > SENT else "arrival"
            score = {"head_start": (at - came_at).total_seconds(), "share_of_promise": share}.get(rule, waited_s)
            one = {"tier": tier, "score": score, "came_at": came_at, "share": share, "rank": rank}
            one["order"] = tier, rank if rule == "strict" else 0, -score, ticket["serial"]  # the least is called
            found.append(ticket | one | {"round_of": "/".join((alike, *languages))})
        return found


class Replay:
    """Folds the events of a hall by their meaning, and complains where one should not have happened."""

    def __init__(self, head: Fields, events: int) -> None:
        self.setups = {int(version): Setup(text) for version, text in head["setups"].items()}
        self.report: Fields = {"hall": head["hall"], "day": head["day"], "events": events, "unchecked": 0}
        self.report |= {"seq": 0, "seal": head["anchor"], "findings": []}
        self.report["classes"] = defaultdict(lambda: {"calls": 0, "overtaken": Counter(), "longest_wait_s": 0.0})
        self.is_known, self.is_open = head["anchor"] == GENESIS, False
        self.setup, self.version, self.seq, self.at, self.envelope = Setup("{}"), 0, 0, LONG_AGO, Fields()
        self.seals: dict[int, str] = {}  # the hash of every event so far
        self.tickets, self.counters, self.comebacks, self.next_serial = Table(), Table(), Table(), 1
        self.left = Table()  # counter -> who left it last, as before that step: an undo takes it back
        self.resting: dict[Any, datetime] = {}  # series and position -> until when that number rests
        self.prioritised: list[datetime] = []  # when visitors were moved to another class in the last hour
        self.rounds: dict[tuple[int, str], tuple[Counter[str], Counter[str]]] = {}  # left by class, of others meanwhile

    def need(self, is_so: object, what: str) -> None:
        if not is_so:
            self.report["findings"].append((self.seq, what))

    def same(self, said: Fields, due: Fields) -> None:
        """Complains of each value that an event has to say and does not."""
        for name, value in due.items():
            found = said.get(name, value)
            self.need(found == value, f"{name} is {found}, has to be {value}")

    def step(self, row: Fields) -> None:
        """Check that an event follows the one before it, and carry it in."""
        report, last, before_at, kind = self.report, self.report["seq"], self.at, row["type"]
        self.seq = last + 1
        self.need(row["seq"] == self.seq or not (last or self.is_known), f"missing: {row['seq']} follows {last}")
        self.seq, self.envelope, self.at = row["seq"], row, datetime.fromisoformat(row["at"]).astimezone(UTC)
        covered = [report["seal"], *(row[name] for name in SEALED.split())]
        sealed = json.dumps(covered, ensure_ascii=False, separators=(",", ":")).encode()
        self.need(sha256(sealed).hexdigest() == row["hash"], "the chain is broken: the hash does not fit")
        report["seq"], report["seal"], self.seals[self.seq] = row["seq"], row["hash"], row["hash"]
        self.same(row, {"hall": report["hall"], "business_date": report["day"] or row["business_date"]})
        self.need(self.at >= before_at, "earlier than the event before it")
        if kind not in ("DayOpened", "SetupPublished"):
            if not self.is_known:
                report["unchecked"] += 1
                return
            self.need(self.is_open, f"{kind} while no day is open")
            self.same(row, {"setup_version": self.version})
        try:
            self.carry(kind, json.loads(row["body"], object_hook=read_body))
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            self.need(False, f"{kind} cannot be carried out: {type(problem).__name__} {problem}")

    def carry(self, kind: str, event: Fields) -> None:
        counter, ticket = event.get("counter") or "", event.get("ticket") or ""
        match kind:
            case "SetupPublished":
                self.version, self.setup, self.rounds = event["version"], self.setups[event["version"]], {}
                self.same(event, {"digest": self.setup.digest})
            case "DayOpened":
                self.open_day(event)
            case "DayClosed":
                self.need(all(one["state"] == "serving" for one in self.tickets.values()), "closes on who still waits")
                self.is_open = False
            case "DaySealed":  # a single day's file does not hold the day before
                self.same(event, {"seal": self.seals.get(event["seq"], event["seal"])})
            case "CounterOpened" | "CounterPaused" | "CounterResumed":
                self.need((counter in self.counters) == (kind != "CounterOpened"), f"{kind} {counter} out of turn")
                self.counters[counter] = event | {"state": "paused" if kind == "CounterPaused" else "open"}
            case "CounterClosed":
                own = f"counter/{counter}", f"staff/{self.counters.pop(counter)['staff']}"
                for one in [one for one in self.tickets.values() if one["counter"] == counter or one["to"] in own]:
                    self.need(one["state"] == "missed", f"counter {counter} closes on {one['number']}")
                    one["to"] = ""
            case "TicketIssued":
                number, credit = event["number"], self.comebacks.pop(event.get("comeback") or "", {"credit_s": 0})
                due = {"serial": self.next_serial, "claim_at": self.at - timedelta(seconds=credit["credit_s"])}
                due["promise_s"] = self.setup.promise(event["service"], event["class"])
                due["number"] = f"{self.setup.get('series', event['series'], 'prefix', '?')}{event['position']:03d}"
                self.same(event, due)
                self.need(all(one["number"] != number for one in self.tickets.values()), f"{number} is open twice")
                self.need(self.at >= self.resting.get(number_of(event), LONG_AGO), f"{number} was closed too lately")
                self.next_serial = event["serial"] + 1
                self.tickets[ticket] = FRESH | event | {"issued_at": self.at, "planned": [*event.get("planned", [])]}
            case "ServiceAdded" | "ServiceReplaced":
                self.tickets[ticket]["planned"].append(event["planned"])
            case "TicketFinishUndone" | "TicketMissUndone":
                was, now = self.left.pop(counter), self.tickets.get(ticket, {})
                is_last = now.get("state") in (None, "waiting", "missed") and self.at - was["left_at"] <= UNDO
                self.need(is_last, "no longer the last step here")
                self.same(event, {"turn": was["turn"], "next_turn": now.get("turn"), "state": was["state"]})
                self.same(event.get("call") or {}, {name: was[name] for name in ("claim_at", "call_no", "deliveries")})
                self.tickets[ticket] = was
                self.resting.pop(number_of(was), None)
                self.comebacks.pop(ticket, None)
            case _ if kind not in (*NOT_FOLLOWED.split(), *PAPERS.split()):
                self.carry_move(kind.removeprefix("Ticket"), event, self.tickets[ticket])
        here = [one for one in self.tickets.values() if one["counter"] == counter and one["state"] != "parked"]
        self.need(len(here) <= 1, f"counter {counter} has another visitor already")

    def open_day(self, event: Fields) -> None:
        """A day begins with all that goes on from the day before, where that is known, and nothing else."""
        self.need(not self.is_open, "a day opens that is open")
        self.same(event, {"next_serial": self.next_serial, "setup_version": self.version} if self.is_known else {})
        for part, id in {"counters": "counter", "tickets": "ticket", "comebacks": "ticket"}.items():
            known = {id: one for id, one in getattr(self, part).items() if "until" not in one or one["until"] > self.at}
            said = {one[id]: one for one in event.get(part, [])}
            self.need(said.keys() == known.keys() or not self.is_known, f"other {part} go on than there were")
            for name in said.keys() & known.keys():
                self.same(said[name], known[name] | {"planned": said[name].get("planned")})
            setattr(self, part, said)
        resting = {number_of(one): one["closed_at"] + REST for one in event["numbers"]}
        lately = {number for number, until in self.resting.items() if until > self.at}
        self.need(lately <= resting.keys(), "a number that was closed lately does not rest any more")
        for one in self.tickets.values():
            one |= FRESH | {"state": "serving", "round_of": ""} | one
        self.next_serial, self.resting, self.left, self.prioritised = event["next_serial"], resting, {}, []
        self.is_known = self.is_open = True
        self.version, self.setup, self.rounds = event["setup_version"], self.setups[event["setup_version"]], {}

    def carry_move(self, move: str, event: Fields, ticket: Fields) -> None:
        """One move of a turn: whether it may be, what it has to say, what comes of it."""
        counter, said, was = event.get("counter"), event.get("next") or event, ticket | {"left_at": self.at}
        state = STEPS[ticket["state"]].get(move)
        self.need(state is not None, f"{move}, but {ticket['number']} is {ticket['state']}")
        due = {name: ticket[name] for name in TOLD.split() if name not in FREE.get(move, "").split()}
        due |= {"staff": self.counters[counter]["staff"]} if counter else {}
        self.judge(move, event, ticket, due)
        self.same(said | event, due)
        plans = [plan_of(one | {"to": to}) for one in was["planned"] for to in ("", one["to"])]
        self.need(said is event or plan_of(said) in plans, "the visit goes on otherwise than planned")
        ticket |= {name: said[name] for name in TOLD.split() if name in said}
        ticket["turn"] = event.get("next_turn", ticket["turn"])
        ticket["state"] = state = "waiting" if said is not event else state or was["state"]
        ticket |= NOT_CALLED | {"counter": None} if state in ("waiting", "missed") else {}
        if counter and move in ("Finished", "Transferred", "Missed", "Parked"):
            self.left[counter] = was
        if state == "done":
            del self.tickets[ticket["ticket"]]
            self.resting[number_of(ticket)] = self.at + REST

    def judge(self, move: str, event: Fields, ticket: Fields, due: Fields) -> None:
        """Adds to `due` what the event has to say, and to the ticket what it does not; complains of what may not be."""
        setup, at, policy = self.setup, self.at, self.setup.missed
        match move:
            case "Called" | "Recalled":
                self.need(at >= ticket["last_call_at"] + timedelta(seconds=policy["gap_s"]), "called again too soon")
                due["call_no"] += 1
                if move == "Called":
                    self.call(event, ticket, self.counters[event["counter"]])
                ticket["last_call_at"] = at
            case "CallDelivered":
                self.need(ticket["delivered_call"] < event["call_no"], "this call was delivered before")
                due["deliveries"] += 1
                ticket |= {"delivered_call": event["call_no"], "delivered_at": at}
            case "Missed":  # the first version did not count deliveries
                calls, last_at = (ticket[name] for name in setup.proofs)
                grace_s = policy["grace_s"] + setup.get("classes", ticket["class"], "grace_s", 0)
                is_due = calls >= max(1, policy["calls"]) and at >= last_at + timedelta(seconds=grace_s)
                is_excused = event.get("override") is not None and policy["override"]
                self.need(is_due or is_excused or "deliveries" not in event, f"missed too soon, after {calls} calls")
                due["deliveries"] = calls
            case "Expired":
                due["outcome"] = "no_show" if ticket["state"] == "missed" else "expired"
            case "CallUndone" if ticket["round_of"] in self.rounds:  # its class gets the call back
                left, others = self.rounds[ticket["round_of"]]
                left[ticket["class"]] += 1
                others.subtract([*others])
            case "Finished":
                self.comebacks |= {ticket["ticket"]: event["comeback"]} if event.get("comeback") else {}
            case "Transferred":
                if event["service"] != ticket["service"]:
                    due["promise_s"] = setup.promise(event["service"], ticket["class"])
                ticket["planned"] += [event["returning"]] if event["returning"] else []
            case "Reinstated":
                due["place"] = policy["place"] if self.envelope["actor_kind"] == "visitor" else event["place"]
                due["claim_at"] = self.claim_for(ticket, due["place"], policy["places_back"])
            case "Postponed":
                due["claim_at"] = self.claim_for(ticket, "behind", event["places"])
            case "Returned" if event["cause"] == "timer":
                due["to"] = f"counter/{ticket['counter']}"
            case "Returned":
                ticket |= {"to": "", "returned_by": self.envelope["command_id"]}
                due |= {"to": "", "claim_at": self.claim_for(ticket, "head")}
            case "Reprioritised":
                due["promise_s"] = setup.promise(ticket["service"], event["class"])
                self.prioritised = [*(one for one in self.prioritised if at - one < HOUR), at]
                most = setup.calling.get("priority_per_hour", float("inf"))
                self.need(len(self.prioritised) <= most, "too many moves to another class in an hour")

    def claim_for(self, ticket: Fields, place: str, places: int = 0) -> datetime:
        """The claim before the `head` of a line, at its `tail`, `back` from its head, or `behind` those who follow."""
        now, own = self.envelope["command_id"], place_of(ticket)  # those put back by one command do not see each other
        others = [one for one in self.tickets.values() if one["state"] == "waiting" and line_of(one) == line_of(ticket)]
        line = sorted(place_of(one) for one in others if one is not ticket and one["returned_by"] != now)
        if place == "head":
            return min([own[0], *(claim_at - PLACE for claim_at, _ in line[:1])])
        before = {"back": places, "behind": places + sum(one < own for one in line)}.get(place, len(line))
        return max([self.at if place == "tail" else own[0], *(at + PLACE for at, _ in line[:before][-1:])])

    def call(self, event: Fields, ticket: Fields, counter: Fields) -> None:
        """Who had to be called, and why; who is passed over, and what the rule promises to those."""
        setup, why, waited_s = self.setup, event["why"], (self.at - ticket["claim_at"]).total_seconds()
        by, served = why.get("chosen_by", "rule"), setup.served(counter, self.tickets.values(), self.at)
        own = [one for one in served if one["ticket"] == ticket["ticket"]]
        due: Fields = {"rule": setup.calling["rule"], "chosen_by": by, "score": waited_s}
        self.same(counter, {"state": "open"})
        if by == "walk_in":
            self.need(setup.calling["walk_in"] and ticket["issued_at"] == self.at, "not somebody who just walked in")
        elif by == "picked":
            due["reason"], allowed = why["reason"], {"free": True, "reason": why["reason"]}
            self.need(own and allowed.get(setup.calling["pick"]), "this hall does not allow this pick")
        else:
            chosen = min(served, key=itemgetter("order"))
            if due["rule"] == "ratio" and chosen["tier"] > SENT:
                chosen = self.next_of_round([one for one in served if one["tier"] == chosen["tier"]], due)
            due |= {"chosen_by": {CAP: "cap", SENT: "sent"}.get(chosen["tier"], "rule"), "score": chosen["score"]}
            self.need(own == [chosen], f"{ticket['number']} was called, {chosen['number']} had to be")
        passed, classes = Table(), self.report["classes"]
        for over in (one for one in served if place_of(one) < place_of(ticket)):
            line = f"{over['service']}/{over['class']}"
            passed.setdefault(line, {"line": line, "number": over["number"], "count": 0})["count"] += 1
            is_ruled = by == "rule" and own and own[0]["tier"] == over["tier"]
            classes[over["class"]]["overtaken"]["order" if by == "rule" and not is_ruled else by] += 1
            is_bound = not is_ruled or BOUNDS[due["rule"]](own[0], over)
            self.need(is_bound, f"{ticket['number']} overtakes {over['number']} against the bound of the rule")
        self.same(why, {"reason": None, "round": [], "round_of": "", "passed_over": list(passed.values())} | due)
        ticket["round_of"], figures = (self.version, due.get("round_of", "")), classes[ticket["class"]]
        figures |= {"calls": figures["calls"] + 1, "longest_wait_s": max(figures["longest_wait_s"], waited_s)}

    def next_of_round(self, heads: list[Fields], due: Fields) -> Fields:
        """The first of the class with the largest part of its calls left; where all are spent, in a new round."""
        present, name = {one["class"] for one in heads}, heads[0]["round_of"]
        weights = {one: self.setup.get("classes", one, "weight", 1) for one in (*self.setup.ranks, *sorted(present))}
        left, others = self.rounds.get((self.version, name), (Counter(), Counter()))
        left = left if any(left[one] > 0 for one in present) else Counter(weights)
        chosen = max((one for one in weights if one in present), key=lambda one: left[one] / weights[one])
        left[chosen] -= 1
        others = Counter({one: others[one] + 1 for one in present - {chosen}})
        self.rounds[self.version, name] = left, others
        due |= {"round": [list(one) for one in left.items()], "round_of": name}
        is_fair = all(calls <= 2 * (sum(weights.values()) - weights[one]) for one, calls in others.items())
        self.need(is_fair, "a class that waits is left out for longer than the rule allows")
        return next(one for one in heads if one["class"] == chosen)


def audit(lines: Iterable[str], seal: str | None = None) -> Fields:
    """The report on an exported day, line by line; raises `ValueError`."""
    try:
        head, *events = (dict(json.loads(line)) for line in lines if line.strip())
        if (head["kind"], head["format"]) != ("hall-day", 1):
            raise ValueError("not of format 1")
        replay = Replay(head, len(events))
        for row in events:
            replay.step(row)
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise ValueError(f"not an exported day: {problem}") from problem
    replay.need(seal in (None, *replay.seals.values()), f"the seal {seal} is not in this file: cut off or written anew")
    return replay.report


def rendered(found: Fields) -> str:
    lines = [f"{found['hall']}, {found['day'] or 'all days'}: {found['events']} events, {found['unchecked']} unchecked"]
    for class_, one in sorted(found["classes"].items()):
        over = ", ".join(f"{by} {count}" for by, count in sorted(one["overtaken"].items())) or "never"
        lines.append(f"{class_}: {one['calls']} calls; overtaken: {over}; longest wait {one['longest_wait_s']:.0f} s")
    lines += [f"seq {seq}: {what}" for seq, what in found["findings"]] or ["no findings"]
    return "\n".join([*lines, f"seal: seq {found['seq']} {found['seal']}", OUTSIDE])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="an exported day, JSON lines")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--seal", help="the hash that was written down")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.file, encoding="utf-8") as file:
            report = audit(file, asked.seal)
    except (OSError, ValueError) as problem:
        parser.error(f"{asked.file}: {problem}")  # exit code 2
    print(json.dumps(report, ensure_ascii=False) if asked.json else rendered(report))
    return 1 if report["findings"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
