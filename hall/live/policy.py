"""What is said of a hall's rules: one sentence, the same on paper, phone, desk and display."""

from __future__ import annotations

from functools import cache

from hall.day.setup import Missed, Setup
from hall.i18n import translate, translate_n


def missed_sentences(setup: Setup) -> dict[str, str]:
    """When a number counts as missed and what one may still do then, in each language of the hall."""
    return {lang: missed_sentence(setup.missed, lang) for lang in setup.languages}


@cache
def missed_sentence(policy: Missed, lang: str) -> str:
    one, many = "Missed after %(n)s call without an answer.", "Missed after %(n)s calls without an answer."
    after = translate_n(lang, one, many, policy.calls)
    join = "" if lang.startswith("zh") else " "
    return f"{after}{join}{return_sentence(policy, lang)}"


def return_sentence(policy: Missed, lang: str) -> str:
    minutes = policy.return_min
    if policy.requeue:
        return translate(lang, "Then you are called again after %(places)s others.", places=policy.places_back)
    if minutes is None or not policy.returns_most:
        return translate(lang, "Then please speak to the staff.")
    return back_sentence(policy, minutes, lang)


def back_sentence(policy: Missed, minutes: int, lang: str) -> str:
    """Where one stands who comes back in time."""
    if policy.place == "head":
        return translate(lang, "Back within %(minutes)s minutes: you are next.", minutes=minutes)
    if policy.place == "tail":
        return translate(lang, "Back within %(minutes)s minutes: you wait at the end of the line.", minutes=minutes)
    places = policy.places_back
    return translate(
        lang, "Back within %(minutes)s minutes: %(places)s others go first.", minutes=minutes, places=places
    )
