"""What judging a language requires, and whether it is installed."""

from __future__ import annotations

from crosstune.errors import SandboxUnavailable
from crosstune.languages import LANGUAGES
from crosstune.records import Requirement
from crosstune.sandbox import Kind, probe


def requirements(language: str, sandbox: Kind = "bubblewrap") -> list[Requirement]:
    """The requirements of a language: the sandbox, then its tools.

    Raises:
        UnknownName: no plug-in provides that language.
    """
    definition = LANGUAGES.load(language)
    if definition.judging is None:
        title = definition.title
        return [Requirement(f"a way to run {title}", False, f"none: {title} is used for training only")]
    tools = [tool.requirement() for tool in definition.tools if tool.required]
    return [_sandbox_requirement(sandbox), *tools, *definition.judging.requirements()]


def _sandbox_requirement(sandbox: Kind) -> Requirement:
    try:
        probe(sandbox)
    except SandboxUnavailable as error:
        return Requirement("the sandbox (bubblewrap)", False, str(error))
    return Requirement("the sandbox (bubblewrap)", True)
