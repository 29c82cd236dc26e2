"""What judging a language requires, and whether it is installed."""

from __future__ import annotations

from crosstune.errors import SandboxUnavailable
from crosstune.languages import LANGUAGES
from crosstune.records import Requirement
from crosstune.sandbox import Kind, probe


def requirements(language: str, sandbox: Kind = "bubblewrap") -> list[Requirement]:
    """The sandbox, then the language's tools.

    Raises:
        UnknownName: no plug-in provides that language.
    """
    found = LANGUAGES.load(language)
    if found.judging is None:
        return [
            Requirement(
                f"a way to run {found.title}", False, f"none: {found.title} is learned from, never run"
            )
        ]
    tools = [tool.requirement() for tool in found.tools if tool.required]
    return [_sandbox_requirement(sandbox), *tools, *found.judging.requirements()]


def _sandbox_requirement(sandbox: Kind) -> Requirement:
    try:
        probe(sandbox)
    except SandboxUnavailable as error:
        return Requirement("the sandbox (bubblewrap)", False, str(error))
    return Requirement("the sandbox (bubblewrap)", True)
