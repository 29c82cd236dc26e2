"""The interface between `generate` and the back ends."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import pydantic

from crosstune.records import Requirement
from crosstune.settings import Settings


def _is_default(value: Any) -> bool:
    return not value


class Decoding(Settings):
    """How answers are generated, independent of the back end.

    The fields that are excluded by default came later: without them, the keys of stored answers stay the
    same.
    """

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
    stops: tuple[str, ...] = pydantic.Field(default=(), exclude_if=_is_default)
    """Further strings that end an answer."""
    system: str = pydantic.Field(default="", exclude_if=_is_default)
    """The system message, for chat prompt templates."""
    chat_template_kwargs: dict[str, Any] = pydantic.Field(default={}, exclude_if=_is_default)
    """Arguments of the model's own chat template, such as `enable_thinking: false`."""
    reasoning_tokens: int = pydantic.Field(default=0, ge=0, exclude_if=_is_default)
    """Tokens that a reasoning model may use in addition to `max_new_tokens`, before its answer."""

    @property
    def max_tokens(self) -> int:
        """The length limit of reasoning and answer together."""
        return self.max_new_tokens + self.reasoning_tokens


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to generate.

    ``prompt`` is the whole text that the answer continues. With ``chat`` it is the user's message, to which
    the model's own template is added, ``system`` is the system message (empty: none), and ``opening`` is the
    prefilled start of the answer (may be empty) for back ends that can prefill. ``stops`` are strings that
    end an answer; the back end may keep or remove the stop string at the end of the text. ``seed`` differs
    between requests and depends only on the decoding's seed, the problem, the sample and the turn.
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
    system: str = ""


@dataclass(frozen=True, slots=True)
class GeneratedAnswer:
    """``finish_reason`` is as in `records.Completion`; if it is ``error``, ``error`` has the message, and
    ``temporary`` says whether another run may get an answer.

    ``cut_tokens`` is the number of tokens removed from the start of a prompt that did not fit into the
    model's context. ``reasoning`` is what the model wrote before its answer; it may also still be in
    ``text``, within tags.
    """

    text: str
    finish_reason: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cut_tokens: int = 0
    error: str = ""
    reasoning: str = ""
    temporary: bool = False


class Session(Protocol):
    """A loaded model, or a connection to one."""

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer] | None]:
        """Yield each request's position with its answer, in any order, as soon as it is known. None in
        between lets the caller show progress.

        Positions in ``done`` were answered by an earlier, interrupted call with the same requests and need no
        answer. Their requests are still passed, so that a back end whose answers depend on the batch can form
        the same batches.

        A request that fails (no answer, malformed JSON) gives a `GeneratedAnswer` with
        ``finish_reason="error"`` after the back end's retries.

        Raises:
            PrerequisiteError: the back end as a whole does not work.
        """
        ...


@runtime_checkable
class ProtectsText(Protocol):
    """A session that has the model's tokenizer, and therefore knows which characters are a special token.

    The requests that it answers are built from protected text, see `crosstune.prompts.TextEncoder`.
    """

    @property
    def protect(self) -> Callable[[str], str]:
        """Makes of a problem's text one in which the name of a special token stays text.

        It can be pickled without the session, which may be on another machine.
        """
        ...


def _one_core(_options: Any) -> bool:
    return False


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
    GiB. ``scales(options)`` is whether it gets faster with each core, and its answers need not be the same
    with another number of them. ``describe(session)`` says what an open session computes with and why, as
    plain values under short names. ``local``: the model's files are on this machine, and not on a server's.
    """

    name: str
    version: int
    settings: type[Settings]
    open: Callable[[str, Decoding, Any], AbstractContextManager[Session]]
    requirements: Callable[[str, Any], Sequence[Requirement]]
    cost: Callable[[Any, int, int], float | None] | None = None
    gpus: Callable[[Any], tuple[int, float]] = _no_gpus
    scales: Callable[[Any], bool] = _one_core
    describe: Callable[[Any], Mapping[str, Any]] | None = None
    local: bool = False
