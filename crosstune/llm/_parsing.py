"""Parse the body of a response: an answer, which may be empty, or an error that never becomes data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crosstune.llm._content import reasoning_of, refusal_of, text_and_reasoning, unicode
from crosstune.llm._finish import CONTENT_FILTER, ERROR, LENGTH, STOP, TOOL_CALLS, finish_reason
from crosstune.llm._records import Usage
from crosstune.llm._refusals import is_context_overflow, is_filtered
from crosstune.llm._settings import Endpoint
from crosstune.llm._stream import StreamCut, is_stream, joined

CONTEXT_OVERFLOW = "context overflow"
EMPTY = "empty content"
EXPLAINED = {LENGTH, CONTENT_FILTER, TOOL_CALLS}
"""Finish reasons of answers that may have no text."""
MOST_TOKENS = 1 << 40
"""A count above this is an error of the server."""


class AttemptFailed(Exception):
    """An attempt without a usable answer.

    ``temporary``: a further attempt may succeed; ``wait`` is the number of seconds that the server asks to
    wait before it; ``throttled``: the server has a limit of requests, and does not say how long to wait.
    ``cost`` is the attempt's usage, or an upper bound if it is unknown. ``empty`` is an empty answer that the
    server gave without any reason: if it gives no other, that is the answer.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        cost: Usage | None = None,
        *,
        temporary: bool,
        wait: float = 0,
        throttled: bool = False,
        empty: ParsedResponse | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.temporary, self.wait = kind, detail, temporary, wait
        self.throttled = throttled
        self.cost, self.empty = cost or Usage(), empty


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """The answer of one attempt; see `Response`."""

    text: str
    finish_reason: str
    usage: Usage
    reasoning: str = ""


def parse_response(
    raw: str, endpoint: Endpoint, maximum: Usage, redact: Callable[[str], str]
) -> ParsedResponse:
    """Parse the body of a response, or its stream.

    An answer without text is the model's answer if a limit or a filter explains it, or if the model has
    written something else (reasoning, the call of a tool).

    Args:
        maximum: the usage to assume if the server did not count tokens.
        redact: shortens text for an error message and removes the API key from it.

    Raises:
        AttemptFailed: malformed JSON, no choices, an error instead of an answer, or no text without a reason.
    """
    body = _body(raw, maximum, redact)
    choice = _first_choice(body)
    usage = _usage(body, maximum)
    own = body if body.get("object") == "error" else None  # vLLM, before 0.10
    if error := (choice or {}).get("error") or body.get("error") or own:
        return _withheld(error, usage, redact)
    if choice is None:
        raise AttemptFailed("no choices", redact(raw), usage, temporary=True)
    answer = _answer(choice, endpoint, usage, maximum)
    if answer.finish_reason == ERROR:
        kind = redact(f"finish_reason {choice.get('finish_reason')}")
        raise AttemptFailed(kind, redact(raw), usage, temporary=True)
    explained = answer.reasoning or answer.finish_reason in EXPLAINED
    if not answer.text.strip() and not explained:
        detail = f"finish_reason {answer.finish_reason}"
        raise AttemptFailed(EMPTY, detail, usage, temporary=True, empty=answer)
    return answer


def _body(raw: str, maximum: Usage, redact: Callable[[str], str]) -> dict[str, Any]:
    try:
        body = joined(raw) if is_stream(raw) else json.loads(raw.lstrip("\ufeff"))
    except StreamCut as error:
        raise AttemptFailed("stream cut off", redact(f"{error}: {raw}"), maximum, temporary=True) from None
    except (ValueError, RecursionError) as error:
        raise AttemptFailed("malformed JSON", redact(f"{error}: {raw}"), maximum, temporary=True) from None
    return body if isinstance(body, dict) else {}


def _withheld(error: Any, usage: Usage, redact: Callable[[str], str]) -> ParsedResponse:
    """The empty answer for an error, sent with status 200, that says that a filter withholds the answer.

    Raises:
        AttemptFailed: it is another error.
    """
    known = error if isinstance(error, dict) else {"message": str(error)}
    message, code = str(known.get("message") or known), str(known.get("code") or "")
    if is_context_overflow(message, code):
        raise AttemptFailed(CONTEXT_OVERFLOW, redact(message), usage, temporary=False)
    if is_filtered(message, code):
        return ParsedResponse("", CONTENT_FILTER, usage)
    raise AttemptFailed("error in the response", redact(message), usage, temporary=True)


def _answer(choice: dict[str, Any], endpoint: Endpoint, usage: Usage, maximum: Usage) -> ParsedResponse:
    message = choice.get("message") or choice.get("delta")
    if not isinstance(message, dict):
        message = {"content": message}
    own = message.get("content")
    content = own if endpoint == "chat" and own is not None else choice.get("text")
    text, reasoning = text_and_reasoning(own if content is None else content)
    reasoning = reasoning_of(message) or reasoning
    reason = finish_reason(choice.get("finish_reason"))
    if not text and (refusal := refusal_of(message)):
        text, reason = refusal, CONTENT_FILTER
    if not reason:  # some small servers omit it
        cut = not usage.estimated and usage.completion_tokens >= maximum.completion_tokens
        reason = LENGTH if cut else STOP
    return ParsedResponse(unicode(text), unicode(reason), usage, unicode(reasoning))


def _first_choice(body: dict[str, Any]) -> dict[str, Any] | None:
    choices = body.get("choices")
    given = [each for each in choices if isinstance(each, dict)] if isinstance(choices, list) else []
    return min(given, key=lambda each: each.get("index") != 0, default=None)


def _usage(body: dict[str, Any], maximum: Usage) -> Usage:
    """The tokens that the server counted, or the maximum where it did not.

    Some servers count the reasoning only in the total.
    """
    counts = body.get("usage")
    if not isinstance(counts, dict):
        return maximum
    prompt, completion = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    total = _count(counts.get("total_tokens")) or 0
    if not prompt or completion is None or (not completion and _has_text(body)):
        return maximum
    return Usage(prompt, max(completion, total - prompt))


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_TOKENS:
        return None
    return int(value)


def _has_text(body: dict[str, Any]) -> bool:
    choice = _first_choice(body) or {}
    return bool(text_and_reasoning((choice.get("message") or choice).get("content") or choice.get("text"))[0])
