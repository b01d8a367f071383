"""What a printer says, cut into single answers. Pure.

Answers of several kinds arrive mixed on one line. Epson's table tells them apart by fixed bits of the first byte: DLE
EOT 0xx1xx10; automatic status (ASB) 0xx1xx00 and three of 0xx0xxxx; GS r and GS I 0xx0xxxx; XON 11, XOFF 13; blocks
begin with 37 (responses) or 5F (GS I text) and end with 00.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["real_time", "automatic", "status", "response", "text", "flow", "noise"]

RESPONSE, TEXT, END = 0x37, 0x5F, 0x00
FLOW = frozenset({0x11, 0x13})
LONGEST_BLOCK = 256  # a block that does not end is noise, not a reason to keep bytes for ever
AUTOMATIC_BYTES = 4

# DLE EOT 1, 2, 4: which bits mean what.
OFFLINE = 0x08
COVER_OPEN, PAPER_END_STOP, ERROR_STOP = 0x04, 0x20, 0x40
NEAR_END, PAPER_END = 0x0C, 0x60

PROCESS_ID, CLEARED = 0x22, 0x25  # second byte of a response: GS ( H fn 48, DLE DC4 8


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `data` is all its bytes, a block without its first and last."""

    kind: Kind
    data: bytes

    @property
    def value(self) -> int:
        return self.data[0]


class Framer:
    """Cuts what was read into answers; an unfinished one waits for the next read."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> list[Answer]:
        self._pending += data
        found: list[Answer] = []
        while self._pending:
            length = _length(self._pending)
            if length > len(self._pending):
                break
            found.append(_answer(self._pending[:length]))
            self._pending = self._pending[length:]
        return found

    def reset(self) -> None:
        """Forgets half an answer; for a new connection."""
        self._pending = b""


def process_id(answer: Answer) -> bytes | None:
    """The four characters of GS ( H fn 48, when this is its answer."""
    if answer.kind == "response" and answer.data[:1] == bytes([PROCESS_ID]):
        return answer.data[1:]
    return None


def is_cleared(answer: Answer) -> bool:
    """True for the answer to DLE DC4 8: the buffers are empty."""
    return answer.kind == "response" and answer.data[:1] == bytes([CLEARED])


def _length(data: bytes) -> int:
    """Bytes of the answer that `data` begins with; more than there are while it is unfinished."""
    first = data[0]
    if first in (RESPONSE, TEXT):
        end = data.find(END, 0, LONGEST_BLOCK)
        if end < 0:
            return 1 if len(data) >= LONGEST_BLOCK else len(data) + 1
        return end + 1
    return AUTOMATIC_BYTES if _is_automatic(first) else 1


def _answer(data: bytes) -> Answer:
    first = data[0]
    if first in (RESPONSE, TEXT):
        if data[-1] != END or len(data) < 2:
            return Answer("noise", data)
        return Answer("response" if first == RESPONSE else "text", data[1:-1])
    return Answer(_kind(first), data)


def _kind(first: int) -> Kind:
    if first in FLOW:
        return "flow"
    if _is_automatic(first):
        return "automatic"
    if first & 0b10010011 == 0b00010010:
        return "real_time"
    return "status" if first & 0b10010000 == 0 else "noise"


def _is_automatic(first: int) -> bool:
    return first & 0b10010011 == 0b00010000
