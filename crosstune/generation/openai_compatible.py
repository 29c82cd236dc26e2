"""Answers from any OpenAI-compatible server, local or paid."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Sequence
from typing import Any, Self

import pydantic

from crosstune import llm
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.records import Requirement
from crosstune.settings import Settings


class Options(Settings):
    server: llm.Server = pydantic.Field(exclude=True)
    """The server, how to send requests, and the budget. These do not determine the answers, so they are not
    part of their identity. Without `concurrency`, the decoding's `batch_size` is the number of requests in
    flight."""
    model: str = ""
    """The model's name on the server; default: the model's path in the study."""
    options: dict[str, Any] = {}
    """Further fields of each request's body, for features of a particular server. A field that is null is
    left out of the body: `temperature: null`."""
    most_stops: int = pydantic.Field(4, ge=0)
    """How many stop strings the server accepts (OpenAI: 4). Further ones are not sent: the answer is longer,
    and then cut."""

    @pydantic.model_validator(mode="after")
    def _budget_needs_journal(self) -> Self:
        if self.server.budget is not None and self.server.keep is None:
            raise ValueError("a budget needs `keep`, a folder that records what earlier runs spent")
        return self


class _Session:
    """Sends chat prompts to the chat endpoint and all others to plain completions."""

    def __init__(self, model: str, decoding: Decoding, options: Options) -> None:
        self._model, self._decoding, self._options = options.model or model, decoding, options
        self._server = options.server
        if "concurrency" not in options.server.model_fields_set:
            self._server = options.server.model_copy(update={"concurrency": decoding.batch_size})

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        """Also raises `errors.Incomplete` when the budget is spent."""
        for endpoint in ("chat", "completions"):
            wanted = [
                position
                for position, request in enumerate(requests)
                if position not in done and request.chat == (endpoint == "chat")
            ]
            if wanted:
                yield from self._answers(requests, wanted, endpoint)

    def _answers(
        self, requests: Sequence[Request], wanted: Sequence[int], endpoint: llm.Endpoint
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        with (
            llm.Client(
                self._server,
                self._model,
                endpoint=endpoint,
                options=self._body_options(endpoint),
                folder=self._server.keep,
            ) as client,
            contextlib.closing(client.stream([self._question(requests[at]) for at in wanted])) as stream,
        ):
            for index, outcome in stream:
                yield wanted[index], _answer(outcome, requests[wanted[index]].stops)

    def _body_options(self, endpoint: llm.Endpoint) -> dict[str, Any]:
        template = self._decoding.chat_template_kwargs if endpoint == "chat" else {}
        own = {"chat_template_kwargs": template} if template else {}
        return {**own, **self._options.options}

    def _question(self, request: Request) -> llm.Request:
        # Without a temperature of ours, the server samples with its own.
        left_out = "temperature" in self._options.options
        drawn = self._decoding.temperature > 0 or left_out
        return llm.Request(
            request.prompt,
            self._decoding.max_tokens,
            system=request.system,
            temperature=self._decoding.temperature,
            top_p=self._decoding.top_p,
            stops=request.stops[: self._options.most_stops],
            sample=request.sample,
            seed=request.seed if drawn else None,
        )


def _answer(outcome: llm.Response | llm.FailedRequest, stops: Sequence[str]) -> GeneratedAnswer:
    if isinstance(outcome, llm.FailedRequest):
        error = f"{outcome.kind}: {outcome.detail}"
        if outcome.kind == llm.CONTEXT_OVERFLOW:
            error += ". Lower max_new_tokens, or give the server a longer context"
        return GeneratedAnswer("", "error", error=error, temporary=not outcome.final)
    counted = llm.Usage() if outcome.usage.estimated else outcome.usage
    end = min((at for stop in stops if (at := outcome.text.find(stop)) >= 0), default=None)
    return GeneratedAnswer(
        outcome.text[:end],
        outcome.finish_reason if end is None else "stop",
        counted.prompt_tokens,
        counted.completion_tokens,
        reasoning=outcome.reasoning,
    )


@contextlib.contextmanager
def _open(model: str, decoding: Decoding, options: Options) -> Iterator[_Session]:
    yield _Session(model, decoding, options)


def _requirements(model: str, options: Options) -> Sequence[Requirement]:
    return llm.server_requirements(options.server, options.model or model)


def _cost(options: Options, prompt_tokens: int, completion_tokens: int) -> float | None:
    prices = options.server.prices
    return prices.cost(prompt_tokens, completion_tokens) if prices else None


BACK_END = BackEnd(
    name="openai-compatible", version=2, settings=Options, open=_open, requirements=_requirements, cost=_cost
)
