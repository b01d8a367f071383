"""Words that do not belong: unfinished work, tests left out, foreign matters, personal fields of events."""

import ast
import re
from pathlib import Path

from tests.tidy.source import NAMED_TEXT, TEXT, Findings, at, files

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
NOT_RUN = re.compile(
    r"\bpytest\.(mark\.)?(sk" r"ip(if)?|x" r"fail|importor" r"skip)\b|@(unittest\.)?sk" r"ip\b|\bSk" r"ipTest\b"
)
FOREIGN = re.compile(
    r"(?<![\w.])/wo"
    r"rk/|/tmp/pl"
    r"an|\bissue #"
    r"\d|\b(CONTR"
    r"ACTS|DES"
    r"IGN|ST"
    r"YLE|front"
    r"end)\.md\b"
    r"|\bpy"
    r"pi\.org|registry\.np"
    r"mjs|\bhelper ses"
    r"sion|\bfounding engin"
    r"eer|\b(clau"
    r"de|anthr"
    r"opic|chat"
    r"gpt|co"
    r"pilot)\b"
    r"|\bas an a"
    r"i\b|before-st"
    r"op",
    re.IGNORECASE,
)
PERSONAL = {"name", "phone", "note", "email", "mail", "address", "comment", "text", "secret", "contact", "birthday"}


def matches(root: Path, pattern: re.Pattern[str], suffixes: set[str], said: str) -> Findings:
    found = []
    for path in files(root, suffixes):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(at(root, path, number, f"{hit[0]!r} {said}"))
    return found


def unfinished_work(root: Path) -> Findings:
    return matches(root, UNFINISHED, TEXT | NAMED_TEXT, "is unfinished work")


def left_out_tests(root: Path) -> Findings:
    return matches(root, NOT_RUN, {".py"}, "leaves a test out")


def foreign_words(root: Path) -> Findings:
    return matches(root, FOREIGN, TEXT | NAMED_TEXT | {"LICENSE"}, "does not belong here")


def personal_events(root: Path) -> Findings:
    """No field of an event, nor of what it is made of, can hold a name, a phone number or free text about a person.

    A yes or no can hold none of these.
    """
    paths = sorted((root / "hall/day/events").glob("*.py"))
    if not paths:
        return ["hall/day/events is gone: where are the events?"]
    return [
        at(root, path, field.lineno, f"{field.target.id} is personal")
        for path in paths
        for field in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and not (isinstance(field.annotation, ast.Name) and field.annotation.id == "bool")
        and not PERSONAL.isdisjoint(field.target.id.lower().split("_"))
    ]
