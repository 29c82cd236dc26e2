"""What a back end is to the generation core, and what the two exchange."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pydantic

from crosstune.records import Requirement
from crosstune.settings import Settings


class Decoding(Settings):
    """How answers are drawn, whatever draws them."""

    temperature: float = pydantic.Field(default=0.0, ge=0.0)
    """0 is greedy: always the likeliest token."""
    top_p: float = pydantic.Field(default=1.0, gt=0.0, le=1.0)
    """Sampling keeps the likeliest tokens that together reach this probability."""
    samples: int = pydantic.Field(default=1, ge=1)
    """Answers per problem."""
    max_new_tokens: int = pydantic.Field(default=512, ge=1)
    """An answer is cut here (its `finish_reason` is then `length`)."""
    batch_size: int = pydantic.Field(default=64, ge=1)
    """Prompts answered together: a tensor's rows, or requests in flight."""
    seed: int = 0
    """Where sampling starts; without effect on greedy answers."""


@dataclass(frozen=True, slots=True)
class Request:
    """One answer that is wanted.

    ``prompt`` is the whole text that the answer continues. With ``chat`` it is the user's message
    instead, the model's own template goes around it, and ``opening`` is what the answer begins with
    where the back end can prefill (empty: nothing). ``stops`` end an answer; the back end may leave
    the stop string at the end of the text or not. ``seed`` differs for every request and follows from
    the decoding's seed, the problem and the sample alone.
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
class Answer:
    """What came back. ``finish_reason`` as in `records.Completion`; ``error`` says why when it is ``error``.

    ``cut_tokens`` were taken off the prompt's left because the model's context could not hold them.
    """

    text: str
    finish_reason: Literal["stop", "length", "error"]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cut_tokens: int = 0
    error: str = ""


class Session(Protocol):
    """A model that is ready to answer."""

    def answers(self, requests: Sequence[Request], done: Container[int]) -> Iterator[tuple[int, Answer]]:
        """Each request's position with its answer, in any order, as soon as it is known.

        ``done`` are positions answered by an earlier, interrupted call with the same requests: they
        are not wanted again. All requests are given all the same, so that a back end whose answers
        depend on what else is in the batch can form the batches it formed then.

        A fault of one request (an answer that never comes, malformed JSON) is an `Answer` with
        ``finish_reason="error"`` once the back end's retries are used up.

        Raises:
            PrerequisiteError: the back end as a whole does not work.
        """
        ...


def _no_gpus(_options: Any) -> tuple[int, float]:
    return 0, 0.0


@dataclass(frozen=True, kw_only=True)
class BackEnd:
    """A way to get answers, as a value.

    ``settings`` is the model of its own options in a study file. ``open(model, decoding, options)``
    gives a session; ``model`` is a folder, a hub id or the name a server knows. ``needs(model,
    options)`` says what is missing here, quickly and without loading anything. ``version`` goes into
    the key of every generation step: raise it when the same request would be answered otherwise.
    ``cost(options, prompt_tokens, completion_tokens)`` is what these cost, None where no price is known.
    ``gpus(options)`` is how many GPUs of this machine it occupies, and their memory in GiB.
    """

    name: str
    version: int
    settings: type[Settings]
    open: Callable[[str, Decoding, Any], AbstractContextManager[Session]]
    requirements: Callable[[str, Any], Sequence[Requirement]]
    cost: Callable[[Any, int, int], float | None] | None = None
    gpus: Callable[[Any], tuple[int, float]] = _no_gpus
