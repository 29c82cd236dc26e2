"""`crosstune doctor`: which languages this machine can judge, what is missing, and how to install it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.execution import Health
    from crosstune.sandbox import Enforcement


def doctor(
    languages: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LANGUAGE]...", help="Default: all; with --install: those of `make setup`."),
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Install what these languages need, and judge nothing.")
    ] = False,
    language_set: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="SET",
            help="Instead of naming languages: usual (those of make setup), tests (also those that "
            "crosstune's own tests need), or all.",
        ),
    ] = None,
    packages: Annotated[
        str | None,
        typer.Option(
            "--packages",
            metavar="SET",
            help="With --install: also a larger set of packages that programs may import (Python: extended).",
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the results to this file, too.")
    ] = None,
) -> None:
    """Check compilers and the sandbox, and judge a small program in every language.

    Prints what is missing and the command that installs it; --install runs these commands (Debian packages
    only as root). Exit status 3 when a language cannot be judged that was requested, or is one of make setup.
    """
    from rich.console import Console

    from crosstune.errors import UsageError
    from crosstune.execution import examine

    console = Console(highlight=False, soft_wrap=True)
    names, needed = _chosen(languages or [], language_set, install=install)
    if packages and not install:
        raise UsageError("--packages belongs to --install")
    if install:
        _install(console, names, [packages] if packages else [])
        return
    enforcement, error = _probe()
    with console.status("checking …") if console.is_terminal else contextlib.nullcontext():
        healths = [examine(name) for name in names]
    _print_sandbox(console, enforcement, error)
    _print_languages(console, healths, needed)
    if to:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(json.dumps(_json(enforcement, error, healths), indent=1) + "\n", "utf-8")
    _check([health for health in healths if health.language in needed], error)


def _chosen(named: list[str], language_set: str | None, *, install: bool) -> tuple[list[str], list[str]]:
    """The languages, and those of them that must work."""
    from typing import get_args

    from crosstune.errors import UsageError
    from crosstune.execution import judged_languages
    from crosstune.languages import LanguageSet

    sets: dict[str, LanguageSet] = {each: each for each in get_args(LanguageSet)}
    if language_set and (named or language_set not in sets):
        raise UsageError(f"--set: expected {', '.join(sets)}, and no names of languages")
    if named or language_set:
        names = named or judged_languages(sets[language_set or ""])
        return list(dict.fromkeys(names)), names
    usual = judged_languages("usual")
    return usual if install else judged_languages(), usual


def _install(console: Console, names: list[str], package_sets: list[str]) -> None:
    from crosstune.errors import PrerequisiteError
    from crosstune.execution import judged_languages
    from crosstune.languages import LANGUAGES, install

    chosen = [LANGUAGES.load(name) for name in names]
    if missing := install(chosen, lambda line: console.print(line, markup=False), package_sets):
        raise PrerequisiteError(f"still missing: {', '.join(missing)}; install them and run this again")
    titles = "all languages" if set(judged_languages()) <= set(names) else ", ".join(x.title for x in chosen)
    console.print(f"installed: everything for {titles}", markup=False)


def _probe() -> tuple[Enforcement | None, str]:
    from crosstune.errors import SandboxUnavailable
    from crosstune.sandbox import probe

    try:
        return probe(), ""
    except SandboxUnavailable as error:
        return None, str(error)


def _print_sandbox(console: Console, enforcement: Enforcement | None, error: str) -> None:
    from rich.text import Text

    console.print(Text.assemble(("sandbox", "bold"), "  works" if enforcement else "  does not work"))
    for line in _sandbox_lines(enforcement) if enforcement else [error]:
        console.print(f"  {line}", markup=False)
    console.print()


def _sandbox_lines(enforcement: Enforcement) -> list[str]:
    namespaces = {
        "fresh": "new ones for every program, in a bubblewrap that is kept running",
        "single": "a bubblewrap for each program: nesting does not work here (slower)",
    }
    groups = "control groups: version {}; the kernel limits a program's memory and processes"
    disabled = f"disabled by CROSSTUNE_WITHOUT: {', '.join(enforcement.disabled_features)}"
    return [
        f"bubblewrap {enforcement.version}",
        f"namespaces: {namespaces.get(enforcement.namespaces, enforcement.namespaces)}",
        f"system calls: {'filtered' if enforcement.seccomp_filter else 'not filtered'}",
        groups.format(enforcement.groups[1:])
        if enforcement.groups != "none"
        else "control groups: none; memory and processes are counted every 50 ms instead",
        *([disabled] if enforcement.disabled_features else []),
    ]


def _print_languages(console: Console, healths: list[Health], needed: list[str]) -> None:
    from crosstune.tables import PROSE, TEXT, listed, number, print_table

    columns = [("language", TEXT), ("judged", PROSE), ("seconds", number(2)), ("tools", PROSE)]
    on_demand = [each for each in healths if each.missing and each.language not in needed]
    rows = [
        (
            health.title,
            "no: not installed" if health in on_demand else _state(health),
            health.verdict.wall_seconds if health.verdict else None,
            _first(health.tools),
        )
        for health in healths
    ]
    print_table(listed(columns, rows), console)
    for health in healths:
        if health not in on_demand:
            _print_missing(console, health)
    if on_demand:
        names = " ".join(health.language for health in on_demand)
        console.print(f"\nto install others: crosstune doctor {names} --install", markup=False)


def _print_missing(console: Console, health: Health) -> None:
    for each in (*health.missing, *health.lacking):
        console.print(f"\n{health.title} lacks {each.what}\n  {each.how}", markup=False)
    for each in health.optional:
        console.print(f"\n{health.title} can also use {each.what}\n  {each.how}", markup=False)
    if health.error or (health.verdict and not health.works):
        reason = health.error or (health.verdict and health.verdict.stderr)
        console.print(f"\n{health.title}: a correct program did not pass\n  {reason}", markup=False)


def _first(tools: str) -> str:
    """The compiler or run time; the JSON has everything else that verdicts depend on."""
    return tools.partition("\n")[0].partition(";")[0] or "-"


def _state(health: Health) -> str:
    if health.works:
        return "yes, but not all problems" if health.lacking else "yes"
    if health.missing:
        return "no: something is missing"
    return f"no: {health.verdict.status}" if health.verdict else "no: it could not be prepared"


def _json(enforcement: Enforcement | None, error: str, healths: list[Health]) -> dict[str, Any]:
    from dataclasses import asdict

    sandbox = {
        "works": enforcement is not None,
        "error": error,
        **(asdict(enforcement) if enforcement else {}),
    }
    return {
        "sandbox": sandbox,
        "languages": {health.language: {**asdict(health), "works": health.works} for health in healths},
    }


def _check(healths: list[Health], error: str) -> None:
    from crosstune.errors import PrerequisiteError

    if error:
        raise PrerequisiteError("the sandbox does not work, so programs written by models cannot be judged")
    if broken := [health.title for health in healths if not health.works]:
        raise PrerequisiteError(
            f"cannot be judged here: {', '.join(broken)}; see above for how to install what is missing"
        )
