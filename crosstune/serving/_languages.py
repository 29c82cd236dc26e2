"""The languages of a server: their names elsewhere, and the versions of their tools here."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from crosstune.errors import CrosstuneError, PrerequisiteError, UnknownName
from crosstune.execution import judged_languages, requirements, toolchain_of
from crosstune.languages import LANGUAGES, Language

_ELSEWHERE = {"nodejs": "javascript", "bash": "shell", "sh": "shell", "node": "javascript"}
"""Names of SandboxFusion and Piston that are neither a language's name nor its mark in Markdown."""

_NOT_RUN = {
    "junit": "its test methods need JUnit; send a class with `main` as java, or tests with /judge",
    "jest": "its tests need Jest; send a program as nodejs or typescript, or tests with /judge",
    "kotlin_script": "scripts need Kotlin's script host; send a program with `main` as kotlin",
    "sql": "there is no database in the sandbox; python has the module sqlite3",
    "cuda": "programs have no GPU in the sandbox",
    "python_gpu": "programs have no GPU in the sandbox; send it as python if it needs none",
    "verilog": "there is no simulator for it",
    "lean": "there is no Lean here",
    "swift": "there is no compiler for it",
}
"""SandboxFusion's languages that cannot be run here, and why."""
_VERSION = re.compile(r"\d+(?:\.\d+)+")


@functools.cache
def _names() -> Mapping[str, str]:
    """The name of a language here by any of its names, in lower case."""
    known: dict[str, str] = {}
    for name in judged_languages():
        language = LANGUAGES.load(name)
        for alias in (*language.fences, language.title.lower()):
            known.setdefault(alias.lower(), name)
    own = {name: name for name in judged_languages()}
    return {**known, **_ELSEWHERE, **own}


def language_of(name: str) -> Language:
    """The language that a client names.

    Raises:
        UnknownName: there is none.
    """
    found = _names().get(name.strip().lower())
    if found is None:
        raise UnknownName("language", name, judged_languages())
    return LANGUAGES.load(found)


def runner_of(name: str) -> tuple[Language, str]:
    """The language that a client of SandboxFusion names, and its test runner, if it names one.

    Raises:
        UnknownName: there is none.
        PrerequisiteError: it is known, and cannot be run here.
    """
    wanted = name.strip().lower()
    if why := _NOT_RUN.get(wanted):
        raise PrerequisiteError(f"{name} cannot be run: {why}")
    if language := _test_runners().get(wanted):
        return LANGUAGES.load(language), wanted
    return language_of(name), ""


@functools.cache
def _test_runners() -> Mapping[str, str]:
    """The language of each test runner."""
    return {runner: name for name in judged_languages() for runner in LANGUAGES.load(name).test_runners}


def aliases_of(name: str) -> list[str]:
    """All names that mean a language, but its own."""
    return sorted(alias for alias, language in _names().items() if language == name != alias)


def version_of(language: str) -> str:
    """The version of a language's first tool, with three numbers.

    Raises:
        PrerequisiteError: a tool is missing or does not work.
    """
    found = _VERSION.search(toolchain_of(language))
    numbers = found[0].split(".")[:3] if found else ["0"]
    return ".".join([*numbers, "0", "0"][:3])


@functools.cache
def described(name: str) -> dict[str, Any]:
    """What clients see of a language. Tools are asked for their versions once."""
    language = LANGUAGES.load(name)
    assert language.judging is not None
    missing = [f"{each.what}: {each.how}" for each in requirements(name) if not each.met]
    tools = ""
    if not missing:
        try:
            tools = toolchain_of(name)
        except CrosstuneError as error:
            missing = [str(error)]
    separate = language.judging.separate
    return {
        "name": name,
        "title": language.title,
        "aliases": aliases_of(name),
        "available": not missing,
        "tools": tools,
        "missing": missing,
        "test_runners": sorted(language.test_runners),
        "standards": list(language.judging.standards),
        "cases": language.whole_programs is not None,
        "calls": separate is not None and separate.calls is not None,
    }


def descriptions() -> list[dict[str, Any]]:
    """All languages that define how to judge programs."""
    return [described(name) for name in judged_languages()]
