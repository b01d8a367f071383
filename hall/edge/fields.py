"""Field types that every request body and path shares: bounded, one line, safe on paper, screens and in databases."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Body(BaseModel):
    """A request body: a field it does not know is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in UNPRINTABLE for char in text):
        raise ValueError("control characters are not allowed")
    return text


def _a_date(text: str) -> str:
    date.fromisoformat(text)
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_one_line)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,35}$")]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_a_date)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]
LongLine = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_one_line)]
