"""Requests, their results, and the tokens they use."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crosstune.llm._content import unicode
from crosstune.llm._settings import Endpoint
from crosstune.settings import digest


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt with its decoding settings.

    ``sample`` distinguishes otherwise equal requests; ``seed`` is sent to the server if given. Chat only:
    ``system`` is the system message; ``opening`` is the start of the answer, for servers that continue
    the assistant's last message.
    """

    prompt: str
    max_tokens: int
    system: str = ""
    opening: str = ""
    temperature: float = 0.0
    top_p: float = 1.0
    stops: tuple[str, ...] = ()
    sample: int = 0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts. ``estimated``: the server did not count some tokens, and these are upper bounds."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Response:
    """The server's answer to a request; it may be empty.

    ``key`` is the request's key. ``finish_reason`` is ``stop``, ``length`` (cut at ``max_tokens``),
    ``content_filter`` (withheld by the service), ``tool_calls``, or another word of the server. ``wasted``
    counts the tokens of earlier, failed attempts. ``reasoning`` is what the server sent apart from the text.
    """

    key: str
    text: str
    finish_reason: str
    attempts: int
    usage: Usage = field(default_factory=Usage)
    wasted: Usage = field(default_factory=Usage)
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A request without a usable answer after all attempts. ``kind`` is a short category, for counting.

    ``final``: another attempt would fail in the same way, because the server refused this request. Later runs
    repeat failed requests unless they are final.
    """

    key: str
    kind: str
    detail: str
    final: bool
    attempts: int
    wasted: Usage = field(default_factory=Usage)


Result = Response | FailedRequest


def request_key(model: str, endpoint: Endpoint, options: Mapping[str, Any], request: Request) -> str:
    """SHA-256 of everything that determines the answer; the server's URL does not.

    The names in it must not change: stored responses, which may have cost money, are looked up by this key.
    """
    fields = dataclasses.asdict(request)
    sent = {name: unicode(value) if isinstance(value, str) else value for name, value in fields.items()}
    return digest({"model": model, "style": endpoint, "options": dict(options), "request": sent})
