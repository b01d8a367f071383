"""Which folders go into the wheel; all else is said in pyproject.toml.

`static/` and `examples/` stand at the top of the source tree, where people look for them, and are installed inside the
`hall` package, so that no folder with so common a name appears among other people's packages. `hall.files` finds them
in both places.
"""

from setuptools import find_namespace_packages, setup

CODE = ["hall", "hall.*", "kiosk", "kiosk.*", "display", "display.*", "printer", "printer.*"]
MOVED = ["static", "examples"]


def moved() -> dict[str, str]:
    """The package name under `hall` of every folder under `static/` and `examples/`."""
    folders = [*MOVED, *(name for top in MOVED for name in find_namespace_packages(include=[f"{top}.*"]))]
    return {f"hall.{name}": name.replace(".", "/") for name in folders}


setup(packages=[*find_namespace_packages(include=CODE), *moved()], package_dir=moved())
