"""The text of an answer and its reasoning, in all formats in which servers send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking", "reasoning_text", "reasoning_details")
"""Servers that use several of them repeat the same text."""
_TEXT_KEYS = ("text", "content", "thinking", "reasoning", "refusal", "summary", "value")
_DEPTH = 8


def text_and_reasoning(content: Any) -> tuple[str, str]:
    """Of a message's ``content``: text, a part, or a list of parts."""
    if isinstance(content, str):
        return content, ""
    pairs = [_part(part) for part in (content if isinstance(content, list) else [content])]
    return "".join(text for text, _ in pairs), "".join(reasoning for _, reasoning in pairs)


def reasoning_of(message: Mapping[str, Any]) -> str:
    """The reasoning in a message's own fields."""
    return next(filter(None, (_flat(message.get(name)) for name in REASONING_FIELDS)), "")


def refusal_of(message: Mapping[str, Any]) -> str:
    """The text with which the model refuses to answer, which OpenAI's servers send instead of the content."""
    return _flat(message.get("refusal"))


def unicode(text: str) -> str:
    """``text`` with halves of surrogate pairs joined, and a lone half replaced.

    A token may end inside of a character, so an answer may end with half a pair.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _part(part: Any) -> tuple[str, str]:
    if isinstance(part, Mapping):
        kind = str(part.get("type", "")).casefold()
        if "think" in kind or "reason" in kind or part.get("thought") is True:
            return "", _flat(part)
        if kind not in {"", "text", "output_text", "input_text", "refusal"}:
            return "", ""  # an image, a tool's call
    return _flat(part), ""


def _flat(value: Any, depth: int = 0) -> str:
    """All text in a value, which may be nested: ``[{"type": "text", "text": {"value": "…"}}]``."""
    if isinstance(value, str):
        return value
    if depth < _DEPTH and isinstance(value, list):
        return "".join(_flat(each, depth + 1) for each in value)
    if depth < _DEPTH and isinstance(value, Mapping):
        return next(filter(None, (_flat(value.get(key), depth + 1) for key in _TEXT_KEYS)), "")
    return ""
