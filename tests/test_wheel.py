"""What `pip install .` puts on a machine: everything the system needs to run from any directory, and nothing else.

The wheel is built once, without the network, from the tree as it is; nothing is installed.
"""

import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("hall", "kiosk", "display", "printer")
MOVED = {"static": "hall/static", "examples": "hall/examples"}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*", "node_modules", "build", "*.db", "*.db-*", "*.pyc")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of what is built, so that no build folder appears in the tree."""
    copy = tmp_path_factory.mktemp("source")
    for name in (*CODE, *MOVED):
        shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def unpacked(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built wheel, as it would lie among a machine's packages."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([*build, "--no-build-isolation", "--wheel-dir", target, source], check=True)
    (wheel,) = target.glob("hall-*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(target / "site")
    return target / "site"


def files_below(folder: Path) -> set[PurePosixPath]:
    return {PurePosixPath(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}


def installed_as(path: PurePosixPath) -> PurePosixPath:
    top = path.parts[0]
    return PurePosixPath(MOVED.get(top, top), *path.parts[1:])


def is_for_types(path: PurePosixPath) -> bool:
    return path.suffix in {".ts", ".mts"} or path.name == "tsconfig.json"


def test_every_file_of_the_system_is_in_the_wheel(source: Path, unpacked: Path) -> None:
    folders = (*CODE, *MOVED)
    wanted = {installed_as(path) for path in files_below(source) if path.parts[0] in folders and not is_for_types(path)}
    assert len(wanted) > 30
    assert sorted(map(str, wanted - files_below(unpacked))) == []


def test_nothing_else_is_in_the_wheel(unpacked: Path) -> None:
    tops = {path.parts[0] for path in files_below(unpacked)}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(CODE)


def test_an_installed_hall_finds_its_files(unpacked: Path, tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(unpacked)!r})\nfrom hall import files, i18n\n"
    program += "print(files.static_folder(), files.examples_folder(), i18n.languages_available())"
    run = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split(maxsplit=2)[:2] == [str(unpacked / "hall/static"), str(unpacked / "hall/examples")]
    assert "zh-Hans" in run.stdout
