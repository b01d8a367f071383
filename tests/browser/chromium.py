"""Finds the browser that the tests drive, or installs it where that needs no question.

The order: `$CHROMIUM`, `chromium-headless-shell`, `chromium`; else, as root on Debian, the headless shell from apt.
Run as a program (`make test` does) it installs when it must and prints the path; imported, it only looks.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = ("chromium-headless-shell", "chromium")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
INSTALL = (*APT, "install", "-y", "--no-install-recommends", PROGRAMS[0])
MISSING = (
    "The browser tests need Chromium. Run as root: apt-get install -y --no-install-recommends chromium-headless-shell"
    " (or set CHROMIUM=/path/to/chromium)."
)


def find_chromium() -> str | None:
    """The path of the browser, or None when there is none; a `$CHROMIUM` that is not a program stops everything."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            sys.exit(f"CHROMIUM={chosen} is not a program that can be run.")
        return path
    return next((path for program in PROGRAMS if (path := shutil.which(program))), None)


def install_chromium() -> None:
    """Installs the headless shell with apt; reads the package lists when that fails, then tries once more."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(MISSING)
    if not runs(INSTALL) and not (runs((*APT, "update", "-qq")) and runs(INSTALL)):
        sys.exit(MISSING)


def runs(command: tuple[str, ...]) -> bool:
    """Whether the command ended well; what it says goes to stderr, since stdout is for the path."""
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0


def main() -> None:
    """Prints where the browser is, installing it first if need be."""
    if find_chromium() is None:
        install_chromium()
    print(find_chromium() or sys.exit(MISSING))


if __name__ == "__main__":
    main()
