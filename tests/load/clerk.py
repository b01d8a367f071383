"""A clerk in a process of its own, who presses at the very instant at which another one does.

`python -m tests.load.clerk PORT`: lines of JSON on stdin, [instant, path, body, key]; each is pressed at its instant by
this machine's steady clock, and once more; [status, answer, status again, answer again] comes back on stdout.
"""

from __future__ import annotations

import json
import sys
import time
from http.client import HTTPConnection
from typing import Any


def main() -> None:
    connection = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
    token = sys.argv[2]
    for line in sys.stdin:
        at_s, path, body, key = json.loads(line)
        while time.monotonic() < at_s:
            pass  # a sleep would wake up too late to be in time
        first, again = press(connection, token, path, body, key), press(connection, token, path, body, key)
        print(json.dumps([*first, *again]), flush=True)


def press(connection: HTTPConnection, token: str, path: str, body: Any, key: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if text else None


if __name__ == "__main__":
    main()
