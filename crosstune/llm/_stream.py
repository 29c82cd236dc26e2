"""A streamed response (server-sent events) as the one body that the server would have sent otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crosstune.llm._content import reasoning_of, refusal_of, text_and_reasoning

DONE = "[DONE]"


class StreamCut(ValueError):
    """The stream has no end: neither a finish reason nor ``[DONE]``."""


def is_stream(raw: str) -> bool:
    """Whether a body is a stream of events. Some servers send one without having been asked for it."""
    start = raw.lstrip("\ufeff \t\r\n")
    return start.startswith(("data:", ":", "event:", "id:", "retry:"))


def joined(raw: str) -> dict[str, Any]:
    """The body of a response: ``choices`` with one message, and ``usage`` or ``error`` if there were any.

    Raises:
        StreamCut: the stream ends before the answer does.
        ValueError: an event is not JSON.
    """
    answer = _Answer()
    ended = False
    for data in _events(raw):
        if data.strip() == DONE:
            ended = True
            break
        answer.add(json.loads(data))
    if not (ended or answer.finish_reason is not None or answer.error is not None):
        raise StreamCut("the stream was cut off")
    return answer.body()


def _events(raw: str) -> Iterator[str]:
    """The data of each event; comments and other fields are left out."""
    lines: list[str] = []
    # Not `splitlines`, which also splits at characters that JSON may contain.
    for line in [*raw.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), ""]:
        field, _, value = line.partition(":")
        if field == "data":
            lines.append(value.removeprefix(" "))
        elif not line.strip() and lines:
            yield "\n".join(lines)
            lines = []


class _Answer:
    """What the events say so far."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.reasoning: list[str] = []
        self.refusals: list[str] = []
        self.finish_reason: Any = None
        self.usage: Any = None
        self.error: Any = None
        self.choices = 0

    def add(self, event: Any) -> None:
        if not isinstance(event, dict):
            return
        self.error = event.get("error") or (event if event.get("object") == "error" else self.error)
        self.usage = event.get("usage") or self.usage
        for choice in event.get("choices") or []:
            if isinstance(choice, dict) and choice.get("index") in (0, None):
                self._add_choice(choice)

    def _add_choice(self, choice: dict[str, Any]) -> None:
        self.choices += 1
        message = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
        text, reasoning = text_and_reasoning(message.get("content"))
        self.texts.append(text)
        self.reasoning.append(reasoning_of(message) or reasoning)
        self.refusals.append(refusal_of(message))
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        self.error = choice.get("error") or self.error

    def body(self) -> dict[str, Any]:
        text = "".join(self.texts)
        message = {
            "content": text,
            "reasoning_content": "".join(self.reasoning),
            "refusal": "".join(self.refusals),
        }
        choice = {"index": 0, "message": message, "text": text, "finish_reason": self.finish_reason}
        return {
            "choices": [choice] if self.choices else [],
            "usage": self.usage,
            "error": self.error,
        }
