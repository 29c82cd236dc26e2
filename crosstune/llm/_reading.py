"""A response's text, read strictly: what is no usable answer is a named fault, never data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crosstune.llm._exchange import Usage
from crosstune.llm._settings import Endpoint


class Failed(Exception):
    """An attempt that gave nothing. ``cost`` is what it used, or may have used where nobody knows."""

    def __init__(
        self, kind: str, detail: str, cost: Usage | None = None, *, passing: bool, wait: float = 0
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.passing, self.wait = kind, detail, passing, wait
        self.cost = cost or Usage()


@dataclass(frozen=True, slots=True)
class Said:
    """A usable answer to one attempt."""

    text: str
    finish_reason: str
    usage: Usage


def read_answer(raw: str, endpoint: Endpoint, most: Usage, clean: Callable[[str], str]) -> Said:
    """
    Raises:
        Failed: malformed JSON, no choices, no text, or an end that is neither ``stop`` nor ``length``.
    """
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Failed("malformed JSON", clean(f"{error}: {raw}"), most, passing=True) from None
    usage = _usage(body, most)
    choice = _choice(body)
    if choice is None:
        raise Failed("no choices", clean(raw), usage, passing=True)
    message = choice.get("message")
    text = message.get("content") if endpoint == "chat" and isinstance(message, dict) else choice.get("text")
    finish_reason = choice.get("finish_reason") or "stop"  # small servers leave it out
    if finish_reason not in {"stop", "length"}:
        raise Failed(f"finish_reason {finish_reason}", clean(raw), usage, passing=False)
    if not isinstance(text, str) or not text.strip():
        raise Failed("empty content", clean(f"finish_reason {finish_reason}"), usage, passing=True)
    if not _is_unicode(text):
        raise Failed("not Unicode", "half of a surrogate pair in the text", usage, passing=True)
    return Said(text, finish_reason, usage)


def _choice(body: Any) -> dict[str, Any] | None:
    choices = body.get("choices") if isinstance(body, dict) else None
    found = choices[0] if isinstance(choices, list) and choices else None
    return found if isinstance(found, dict) else None


def _usage(body: Any, most: Usage) -> Usage:
    counts = body.get("usage") if isinstance(body, dict) else None
    if not isinstance(counts, dict):
        return most
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return most
    return Usage(prompt, completion)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
