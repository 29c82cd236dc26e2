"""What a language is to the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A program that judging needs, and the command that installs it on Debian."""

    name: str
    install: str


@dataclass(frozen=True, kw_only=True)
class Language:
    """A programming language as a value.

    ``fences`` are the info strings that open its code blocks in Markdown, the usual one first;
    ``comment`` opens a line comment; ``block`` is how a definition ends (a base model's text is cut
    there); ``stops`` end a base model's continuation. ``tools`` is empty where code is never run.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    fences: tuple[str, ...]
    comment: str
    block: Literal["indent", "braces", "tags"]
    stops: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    idioms: Mapping[str, str] = field(default_factory=dict)
    """How the exercises' operations are written; a language without any takes no exercises."""
    literal: Callable[[object], str] | None = None
    """A value (None, bool, int, float, str, list, dict) as source text."""
