"""The languages of a server: their names elsewhere, and the versions of their tools here."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from crosstune.errors import CrosstuneError, UnknownName
from crosstune.execution import judged_languages, requirements, toolchain_of
from crosstune.languages import LANGUAGES, Language

_ELSEWHERE = {"nodejs": "javascript", "bash": "shell", "sh": "shell", "node": "javascript", "d_ut": "d"}
"""Names of SandboxFusion and Piston that are neither a language's name nor its mark in Markdown."""

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
        "standards": list(language.judging.standards),
        "cases": language.whole_programs is not None,
        "calls": separate is not None and separate.calls is not None,
    }


def descriptions() -> list[dict[str, Any]]:
    """All languages that define how to judge programs."""
    return [described(name) for name in judged_languages()]
