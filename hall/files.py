"""Where the files that are not code live: `static/` and `examples/`.

In a source tree they stand beside the `hall` package, in an installed wheel inside it; only this module knows that.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def static_folder() -> Path:
    """The folder served under `/static`: styles, scripts, fonts and sounds."""
    return _folder("static")


def examples_folder() -> Path:
    """The folder of example set-ups and scenarios."""
    return _folder("examples")


def _folder(name: str) -> Path:
    inside, beside = _PACKAGE / name, _PACKAGE.parent / name
    return inside if inside.is_dir() else beside
