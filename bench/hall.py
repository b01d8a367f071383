"""The hall that is measured: six services, two classes, eight counters, one range of 99,999 numbers each."""

from __future__ import annotations

from hall.setup.toml import Parsed, parse

HALL = "bench"
TOKEN = "bench-kiosk-token-of-32-characters"
DISPLAY_TOKEN = "bench-display-token-of-32-characters"
COUNTERS = 8
SERVICES = 6

TEXT = f"""
[hall]
id = "{HALL}"
name = {{ en = "Bench" }}
timezone = "Asia/Shanghai"
languages = ["en"]

[[class]]
id = "ordinary"
name = {{ en = "Ordinary" }}

[[class]]
id = "elder"
name = {{ en = "Elder" }}
head_start_min = 10

[[device]]
id = "kiosk"
kind = "kiosk"
token = "{TOKEN}"

[[device]]
id = "display"
kind = "display"
token = "{DISPLAY_TOKEN}"

[[staff]]
login = "manager"
name = "Manager"
role = "manager"
password = "bench-manager"
"""


def a_parsed() -> Parsed:
    """The set-up, with the tokens of a kiosk and a display, and a manager who may drive counters."""
    letters = "ABCDEF"[:SERVICES]
    series = "".join(f'[[series]]\nid = "{one}"\nprefix = "{one}"\nfirst = 1\nlast = 99999\n' for one in letters)
    services = "".join(
        f'[[service]]\nid = "{one}"\nname = {{ en = "Service {one}" }}\nseries = "{one}"\npromise_min = 15\n'
        for one in letters
    )
    counters = "".join(f'[[counter]]\nid = "{n}"\nname = "{n}"\nservices = ["*"]\n' for n in range(1, COUNTERS + 1))
    return parse(TEXT + series + services + counters, "bench.toml")
