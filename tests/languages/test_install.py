"""Languages list what they need; installing it calls apt-get as root, and prints the command otherwise."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.errors import PrerequisiteError, UsageError
from crosstune.languages import LANGUAGES, Language, Preparation, Tool, install

PYTHON = LANGUAGES.load("python")
COMPILER = Tool(name="no-such-compiler", package="no-such-compiler libnothing", purpose="a test")
LINKER = Tool(name="no-such-linker", package="no-such-linker", purpose="a test", required=False)


def language(*tools: Tool, preparations: tuple[Preparation, ...] = ()) -> Language:
    return replace(PYTHON, tools=tools, preparations=preparations)


def installed(chosen: Language) -> tuple[list[str], list[str]]:
    lines: list[str] = []
    return install([chosen], lines.append), lines


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log of a fake apt-get, which cannot find libnothing and installs tools into PATH."""
    log, script = tmp_path / "log", tmp_path / "apt-get"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> {log}\ncase "$*" in *libnothing*) exit 100;; esac\ncd {tmp_path}\n'
        "for package; do :; done\n[ $1 = update ] || { : > $package; chmod +x $package; }\n",
        "utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return log


@pytest.mark.parametrize("name", [name for name, each in LANGUAGES.all().items() if each.judging])
def test_language_lists_its_tools(name: str) -> None:
    found = LANGUAGES.load(name)
    inert = found.judging is not None and found.judging.inert
    assert inert or any(tool.required for tool in found.tools)
    assert all(tool.name and tool.package and tool.purpose for tool in found.tools)


def test_packages_are_installed_one_by_one_where_a_release_lacks_one(apt: Path) -> None:
    missing, lines = installed(language(COMPILER, LINKER))
    assert missing == []
    assert "missing: no-such-compiler, for a test (Debian package no-such-compiler libnothing)" in lines
    assert "apt-get could not install libnothing" in lines
    commands = apt.read_text("utf-8").splitlines()
    assert commands[0] == "update --quiet --quiet"
    assert commands[1:] == [
        f"install --yes --no-install-recommends {packages}"
        for packages in (
            "no-such-compiler libnothing no-such-linker",
            "no-such-compiler",
            "libnothing",
            "no-such-linker",
        )
    ]


def test_command_is_printed_to_other_users_than_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    missing, lines = installed(language(LINKER))
    assert missing == []  # the language can be judged without it
    assert lines[-1] == "to install them: sudo apt-get install --yes --no-install-recommends no-such-linker"
    assert installed(language(COMPILER))[0] == ["no-such-compiler"]


def test_nothing_is_called_where_everything_is_installed(apt: Path) -> None:
    path = Tool(name="a folder", path="/us[r]", package="nothing", purpose="a test")
    assert installed(language(path)) == ([], [])
    assert not apt.exists()


def test_preparation_is_made_once_and_its_failure_is_reported() -> None:
    made: list[str] = []

    def fail() -> None:
        raise PrerequisiteError("no network")

    good = Preparation(what="packages", ready=lambda: bool(made), make=lambda: made.append("x"))
    bad = Preparation(what="crates", ready=lambda: False, make=fail)
    lines: list[str] = []
    chosen = [language(preparations=(good,)), language(preparations=(good, bad))]
    assert install(chosen, lines.append) == ["crates"]
    assert made == ["x"]
    assert lines == ["preparing packages", "preparing crates", "could not prepare crates: no network"]
    assert installed(chosen[0]) == ([], [])


def test_language_that_is_never_run_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="HTML is used for training only"):
        installed(replace(LANGUAGES.load("html"), judging=None))


def test_a_set_of_packages_is_made_only_when_asked_for() -> None:
    made: list[str] = []
    more = Preparation(
        what="more", ready=lambda: False, make=lambda: made.append("more"), package_set="extended"
    )
    chosen = language(preparations=(more,))
    assert installed(chosen) == ([], [])
    assert made == []
    lines: list[str] = []
    assert install([chosen], lines.append, ["extended"]) == []
    assert made == ["more"]
    assert lines == ["preparing more"]
    with pytest.raises(UsageError, match="no set of packages is called 'all'; expected extended"):
        install([chosen], lines.append, ["all"])
