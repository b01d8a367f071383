"""Why somebody is not called yet, in a sentence and in facts."""

from __future__ import annotations

from collections import Counter as Tally
from unicodedata import east_asian_width

from hall.day.deciding.moves import returns_left
from hall.day.explain import Cause
from hall.day.setup import Setup
from hall.day.state import Ticket
from hall.i18n import translate, translate_n
from hall.live.picture import Picture
from hall.live.policy import back_sentence
from hall.live.views.base import Record, counter_name, counters_for
from hall.live.views.ticket import counter_change, overtaken, round_used, sent_to_counter

CAUSES_SAID = 2  # more do not fit into a line that is read while walking
MOST_WIDE = 29.5  # Chinese characters, fewer than thirty; letters and digits are half as wide
NAME_WIDE = 8
# What a cause is called; a class is called by its own name.
CAUSE_WORDS = {
    "cap": "waited longest",
    "comeback": "back with papers",
    "next": "next service",
    "postpone": "let others first",
    "reinstate": "came back",
    "reprioritise": "green lane",
    "return": "returned",
    "service": "other service",
    "transfer": "transferred",
    "undo": "call taken back",
}
COUNTER_WORDS = {
    "changed": "Counter %(counter)s serves others too",
    "closed": "Counter %(counter)s has closed",
    "paused": "Counter %(counter)s has paused",
}

# How a ticket ended, in the words of the phone's page.
ENDING_WORDS = {
    "served": "You have been served",
    "not_completed": "Your visit is over",
    "cancelled_by_visitor": "You left the line",
    "cancelled_by_staff": "Your number was cancelled",
    "no_show": "Your number was called and has lapsed",
    "expired": "The hall has closed and your number has lapsed",
}


def why_not_yet(picture: Picture, ticket: Ticket) -> Record:
    """Who is ahead of a ticket, who of them came later and why; the sentence in each language of the hall."""
    turn, setup = ticket.turn, picture.setup
    is_waiting = turn.state == "waiting"
    causes = picture.standing.overtaken_by(ticket) if is_waiting else Tally[Cause]()
    ahead = picture.standing.ahead(ticket) if is_waiting else 0
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "state": turn.state,
        "ahead": ahead,
        "ahead_at_issue": ticket.ahead,
        "rule": setup.calling.rule,
        "overtaken_by": overtaken(picture, ticket) if is_waiting else [],
        "round_used": round_used(picture, ticket) if is_waiting else [],
        "counter_change": counter_change(picture, ticket) if is_waiting else None,
        "sentence": {lang: sentence(picture, ticket, ahead, causes, lang) for lang in setup.languages},
        "seq": picture.day.seq,
    }


def why_over(picture: Picture, ticket: str, number: str, outcome: str) -> Record:
    """Of a ticket that is closed: how it ended."""
    return {
        "ticket": ticket,
        "number": number,
        "state": "done",
        "outcome": outcome,
        "ahead": 0,
        "overtaken_by": [],
        "round_used": [],
        "counter_change": None,
        "sentence": {lang: translate(lang, ENDING_WORDS[outcome]) for lang in picture.setup.languages},
        "seq": picture.day.seq,
    }


def sentence(picture: Picture, ticket: Ticket, ahead: int, causes: Tally[Cause], lang: str) -> str:
    """Fewer than 30 Chinese characters, whatever classes and counters are called."""
    setup, turn = picture.setup, ticket.turn
    if turn.state != "waiting":
        return state_sentence(setup, ticket, lang)
    sent_to = sent_to_counter(setup, turn.to)
    if sent_to is not None:
        return translate(lang, "Waiting for counter %(counter)s.", counter=short(sent_to))
    if not counters_for(picture, ticket):
        return translate(lang, "No counter is open for this service yet.")
    if ahead == 0:
        return translate(lang, "You are next.")
    reasons = place_reasons(picture, ticket, causes, lang)
    if reasons:
        return joined(reasons, lang)
    if turn.joined_by == "issue" and ahead > ticket.ahead and picture.setup_seq > turn.joined_seq:
        return translate(lang, "The hall has changed its rules of calling.")
    return translate_n(lang, "%(n)s came before you.", "%(n)s came before you.", ahead)


def place_reasons(picture: Picture, ticket: Ticket, causes: Tally[Cause], lang: str) -> list[str]:
    """Why a turn stands further back than it did: who is ahead, who was called in its class, which counter stopped."""
    setup, said = picture.setup, []
    if causes:
        gained = gained_sentence(setup, causes, lang, CAUSES_SAID)
        said.append(gained if width_of(gained) <= MOST_WIDE else gained_sentence(setup, causes, lang, 1))
    guests = Tally({Cause(one["cause"]): one["count"] for one in round_used(picture, ticket)})
    if guests:
        called = translate(lang, "Called first in your class: %(causes)s")
        said.append(called.replace("%(causes)s", causes_said(setup, guests, lang, 1)))
    change = counter_change(picture, ticket)
    if change is not None:
        said.append(translate(lang, COUNTER_WORDS[change["kind"]], counter=short(change["counter_name"])))
    return said


def joined(reasons: list[str], lang: str) -> str:
    """As many of the reasons as fit, the first one always."""
    said, *more = reasons
    for reason in more:
        longer = f"{said}{'；' if lang.startswith('zh') else '; '}{reason}"
        said = longer if width_of(longer) <= MOST_WIDE else said
    return said


def width_of(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1 if east_asian_width(letter) in "WF" else 0.5 for letter in text)


def short(name: str) -> str:
    """A name that fits into a sentence, cut where it does not."""
    if width_of(name) <= NAME_WIDE:
        return name
    kept = next(n for n in range(len(name), 0, -1) if width_of(name[:n]) <= NAME_WIDE - 1)
    return f"{name[:kept]}…"


def gained_sentence(setup: Setup, causes: Tally[Cause], lang: str, most: int) -> str:
    gained = translate_n(lang, "%(n)s more ahead: %(causes)s", "%(n)s more ahead: %(causes)s", causes.total())
    return gained.replace("%(causes)s", causes_said(setup, causes, lang, most))


def causes_said(setup: Setup, causes: Tally[Cause], lang: str, said_most: int) -> str:
    """The most frequent causes with their counts; the rest is counted."""
    words = Tally[str]()
    for cause, count in causes.items():
        words[cause_word(setup, cause, lang)] += count
    most = words.most_common()
    said = [f"{word}{'' if lang.startswith('zh') else ' '}{count}" for word, count in most[:said_most]]
    rest = sum(count for _, count in most[said_most:])
    if rest:
        said.append(translate(lang, "others %(n)s", n=rest))
    return ("、" if lang.startswith("zh") else ", ").join(said)


def cause_word(setup: Setup, cause: Cause, lang: str) -> str:
    if cause.kind == "class" and cause.id in setup.classes:
        names = setup.classes[cause.id].name
        return short(names.get(lang) or next(iter(names.values())))
    return translate(lang, CAUSE_WORDS.get(cause.kind, "other service"))


def state_sentence(setup: Setup, ticket: Ticket, lang: str) -> str:
    turn = ticket.turn
    counter = short(counter_name(setup, turn.counter)) if turn.counter is not None else ""
    if turn.state == "called":
        return translate(lang, "Called to counter %(counter)s.", counter=counter)
    if turn.state == "serving":
        return translate(lang, "Being served at counter %(counter)s.", counter=counter)
    if turn.state == "parked":
        return translate(lang, "Set aside at counter %(counter)s.", counter=counter)
    if setup.missed.return_min is None or not returns_left(setup.missed, ticket.misses):
        return translate(lang, "Missed. Please speak to the staff.")
    then = back_sentence(setup.missed, setup.missed.return_min, lang)
    return translate(lang, "Missed. %(then)s", then=then)
