"""`hall demo`: the production server on a stage, with a hurried clock and simulated people."""

from __future__ import annotations

import socket
import tempfile

from hall.cli.server import listen, prepare_process, run, serve, url_of
from hall.cli.words import say
from hall.demo.stage import Stage, set_stage
from hall.log.database import hold
from hall.settings import Settings

OUTSIDE = ("192.0.2.1", 9)  # a documentation address: asked for the way there, never sent to


def serve_demo(settings: Settings, *, speed: float, keep: str | None) -> None:
    """Serve the demonstration on a database of its own, which is forgotten unless `keep` names one."""
    prepare_process()
    with tempfile.TemporaryDirectory(prefix="hall-demo-") as folder:
        database = keep or f"sqlite:///{folder}/demo.db"
        with hold(database) as lock:
            listener = listen(settings.host, settings.port)
            url = url_of(settings.host, listener)
            stage = set_stage(database, speed=speed, public_url=public_url(settings.host, listener))
            serving = serve(
                stage.system,
                listener,
                url=url,
                files=[stage.setup],
                replace_changes=True,
                lock=lock,
                announce=lambda: introduce(stage, url),
                beside=stage.play,
            )
            run(serving)


def public_url(host: str, listener: socket.socket) -> str:
    """Where a phone finds this machine: on the local network when we listen there."""
    if host not in ("0.0.0.0", "::", ""):
        return url_of(host, listener)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(OUTSIDE)
        except OSError:  # no network at all
            return url_of(host, listener)
        return url_of(probe.getsockname()[0], listener)


def introduce(stage: Stage, url: str) -> None:
    """Where to look, and how to sign in."""
    say(f"Hall's demonstration runs {stage.speed:g} times as fast as life on {url}")
    for path, what in (
        ("/", "where to go"),
        ("/kiosk", "take a number"),
        ("/display", "the lobby's display"),
        ("/desk", "a counter's desk"),
        ("/manager", "the manager's page"),
        ("/demo/papers", "what the printers print"),
    ):
        say(f"  {url + path:<36} {what}")
    say("Sign in as:")
    for one in stage.sign_ins:
        at = f", counter {one['counter']} is kept for you" if "counter" in one else ""
        say(f"  {one['login']:<10} {one['secret']:<14} {one['role']}{at}")
