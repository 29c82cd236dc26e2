"""What judging a language takes, and whether it is here."""

from __future__ import annotations

import shutil

from crosstune.errors import SandboxUnavailable
from crosstune.languages import LANGUAGES
from crosstune.records import Need
from crosstune.sandbox import Kind, probe


def needs(language: str, sandbox: Kind = "bubblewrap") -> list[Need]:
    """The sandbox, then the language's tools.

    Raises:
        UnknownName: nobody provides that language.
    """
    found = LANGUAGES.load(language)
    if found.judging is None:
        return [Need(f"a way to run {found.title}", False, f"none: {found.title} is learned from, never run")]
    tools = [Need(tool.name, shutil.which(tool.name) is not None, tool.install) for tool in found.tools]
    return [_sandbox_need(sandbox), *tools, *found.judging.needs()]


def _sandbox_need(sandbox: Kind) -> Need:
    try:
        probe(sandbox)
    except SandboxUnavailable as fault:
        return Need("the sandbox (bubblewrap)", False, str(fault))
    return Need("the sandbox (bubblewrap)", True)
