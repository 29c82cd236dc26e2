"""The interface between `generate` and the back ends."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pydantic

from crosstune.records import Requirement
from crosstune.settings import Settings


class Decoding(Settings):
    """How answers are generated, independent of the back end."""

    temperature: float = pydantic.Field(default=0.0, ge=0.0)
    """Sampling temperature; 0 is greedy decoding, which always takes the most likely token."""
    top_p: float = pydantic.Field(default=1.0, gt=0.0, le=1.0)
    """Sampling draws from the most likely tokens that together reach this probability."""
    samples: int = pydantic.Field(default=1, ge=1)
    """Answers per problem."""
    max_new_tokens: int = pydantic.Field(default=512, ge=1)
    """The length limit of an answer; the `finish_reason` of an answer that reaches it is `length`."""
    batch_size: int = pydantic.Field(default=64, ge=1)
    """Prompts answered together: rows of a tensor, or requests in flight."""
    seed: int = 0
    """The seed of sampling; greedy answers do not depend on it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to generate.

    ``prompt`` is the whole text that the answer continues. With ``chat`` it is the user's message, to which
    the model's own template is added, and ``opening`` is the prefilled start of the answer (may be empty) for
    back ends that can prefill. ``stops`` are strings that end an answer; the back end may keep or remove the
    stop string at the end of the text. ``seed`` differs between requests and depends only on the decoding's
    seed, the problem, the sample and the turn.
    """

    problem: str
    benchmark: str
    language: str
    task: str
    sample: int
    prompt: str
    stops: tuple[str, ...]
    seed: int
    chat: bool = False
    opening: str = ""


@dataclass(frozen=True, slots=True)
class GeneratedAnswer:
    """``finish_reason`` is as in `records.Completion`; if it is ``error``, ``error`` has the message.

    ``cut_tokens`` is the number of tokens removed from the start of a prompt that did not fit into the
    model's context.
    """

    text: str
    finish_reason: Literal["stop", "length", "error"]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cut_tokens: int = 0
    error: str = ""


class Session(Protocol):
    """A loaded model, or a connection to one."""

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        """Yield each request's position with its answer, in any order, as soon as it is known.

        Positions in ``done`` were answered by an earlier, interrupted call with the same requests and need no
        answer. Their requests are still passed, so that a back end whose answers depend on the batch can form
        the same batches.

        A request that fails (no answer, malformed JSON) gives a `GeneratedAnswer` with
        ``finish_reason="error"`` after the back end's retries.

        Raises:
            PrerequisiteError: the back end as a whole does not work.
        """
        ...


def _no_gpus(_options: Any) -> tuple[int, float]:
    return 0, 0.0


@dataclass(frozen=True, kw_only=True)
class BackEnd:
    """A way to get answers, defined in its own module.

    ``settings`` is the model of its options in a study file. ``open(model, decoding, options)`` returns a
    session; ``model`` is a folder, a Hub id or a model's name on a server. ``requirements(model, options)``
    lists what the back end needs on this machine, quickly and without loading anything. ``version`` is part
    of the key of every generation step: increase it when the same request would be answered differently.
    ``cost(options, prompt_tokens, completion_tokens)`` is the tokens' price, None if unknown.
    ``gpus(options)`` is the number of GPUs that the back end occupies on this machine, and their memory in
    GiB.
    """

    name: str
    version: int
    settings: type[Settings]
    open: Callable[[str, Decoding, Any], AbstractContextManager[Session]]
    requirements: Callable[[str, Any], Sequence[Requirement]]
    cost: Callable[[Any, int, int], float | None] | None = None
    gpus: Callable[[Any], tuple[int, float]] = _no_gpus
