"""One question and what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crosstune.llm._settings import Endpoint
from crosstune.settings import digest


@dataclass(frozen=True, slots=True)
class Request:
    """One question. ``sample`` tells equal questions apart; ``seed`` goes to the server when given.

    Chat only: ``system`` stands before the prompt; ``opening`` is what the answer begins with, on
    servers that go on with the assistant's last message.
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
    """Tokens. ``estimated`` where the server did not count: then each is the most it can have been."""

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
    """What the server said. ``finish_reason`` is ``stop`` or ``length`` (cut at ``max_tokens``).

    ``key`` is the request's; ``wasted`` are the tokens of earlier attempts that came to nothing.
    """

    key: str
    text: str
    finish_reason: str
    attempts: int
    usage: Usage = field(default_factory=Usage)
    wasted: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A question without a usable answer, after all attempts. ``kind`` is short and countable.

    ``final``: asking again would bring the same (refused as such, or always empty), so it is not
    asked again by a later run; any other fault is.
    """

    key: str
    kind: str
    detail: str
    final: bool
    attempts: int
    wasted: Usage = field(default_factory=Usage)


def request_key(model: str, endpoint: Endpoint, options: Mapping[str, Any], request: Request) -> str:
    """SHA-256 of everything that decides the answer; not where the server stands."""
    asked = {"model": model, "style": endpoint, "options": dict(options)}
    return digest(asked | {"request": dataclasses.asdict(request)})


def bound(request: Request) -> Usage:
    """The most tokens that one attempt can cost: no token is shorter than a byte."""
    room_for_template = 64
    prompt = len((request.prompt + request.system + request.opening).encode()) + room_for_template
    return Usage(prompt, request.max_tokens, estimated=True)
