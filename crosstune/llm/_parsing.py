"""Parse a response strictly: a response without a usable answer raises an error and never becomes data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crosstune.llm._records import Usage
from crosstune.llm._settings import Endpoint


class AttemptFailed(Exception):
    """An attempt without a usable answer.

    ``temporary``: a further attempt may succeed; ``wait`` is the number of seconds that the server asks to
    wait before it. ``cost`` is the attempt's usage, or an upper bound if it is unknown.
    """

    def __init__(
        self, kind: str, detail: str, cost: Usage | None = None, *, temporary: bool, wait: float = 0
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.temporary, self.wait = kind, detail, temporary, wait
        self.cost = cost or Usage()


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """The usable answer of one attempt."""

    text: str
    finish_reason: str
    usage: Usage


def parse_response(
    raw: str, endpoint: Endpoint, maximum: Usage, redact: Callable[[str], str]
) -> ParsedResponse:
    """Parse the body of a response.

    Args:
        maximum: the usage to assume if the server did not count tokens.
        redact: shortens text for an error message and removes the API key from it.

    Raises:
        AttemptFailed: malformed JSON, no choices, no text, or a finish reason other than ``stop`` and
            ``length``.
    """
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise AttemptFailed("malformed JSON", redact(f"{error}: {raw}"), maximum, temporary=True) from None
    usage = _usage(body, maximum)
    choice = _first_choice(body)
    if choice is None:
        raise AttemptFailed("no choices", redact(raw), usage, temporary=True)
    message = choice.get("message")
    text = message.get("content") if endpoint == "chat" and isinstance(message, dict) else choice.get("text")
    finish_reason = choice.get("finish_reason") or "stop"  # some small servers omit it
    if finish_reason not in {"stop", "length"}:
        raise AttemptFailed(f"finish_reason {finish_reason}", redact(raw), usage, temporary=False)
    if not isinstance(text, str) or not text.strip():
        raise AttemptFailed("empty content", redact(f"finish_reason {finish_reason}"), usage, temporary=True)
    if not _is_unicode(text):
        raise AttemptFailed("not Unicode", "the text contains a lone surrogate", usage, temporary=True)
    return ParsedResponse(text, finish_reason, usage)


def _first_choice(body: Any) -> dict[str, Any] | None:
    choices = body.get("choices") if isinstance(body, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _usage(body: Any, maximum: Usage) -> Usage:
    counts = body.get("usage") if isinstance(body, dict) else None
    if not isinstance(counts, dict):
        return maximum
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return maximum
    return Usage(prompt, completion)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
