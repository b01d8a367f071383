"""The browser tests have a browser that runs, found in the order that the operator is told."""

from pathlib import Path

import pytest

from tests.browser.chromium import find_chromium


def program(path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_browser_shows_a_page_and_runs_its_script(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.set_content("<p lang=zh-Hans>取号</p>")
    assert page.inner_text("p") == "取号"
    assert page.evaluate("[innerWidth, navigator.language]") == [390, "zh-CN"]


def test_a_chosen_browser_comes_before_those_that_are_installed(tmp_path, monkeypatch) -> None:
    installed = program(tmp_path / "bin/chromium")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CHROMIUM", "")
    assert find_chromium() == installed
    shell = program(tmp_path / "bin/chromium-headless-shell")
    assert find_chromium() == shell
    chosen = program(tmp_path / "own-chromium")
    monkeypatch.setenv("CHROMIUM", chosen)
    assert find_chromium() == chosen


def test_a_chosen_browser_that_is_not_there_stops_the_run(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match="is not a program"):
        find_chromium()


def test_without_a_browser_none_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert find_chromium() is None
