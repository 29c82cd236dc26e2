"""Benchmark questions are asked over real HTTP."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune.errors import Incomplete, ServiceError
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.generation.openai_compatible import BACK_END, Options
from crosstune.settings import digest
from tests.scripted_server import (
    Action,
    RequestBody,
    ScriptedServer,
    http_error,
    reply_message,
    reply_with,
    scripted,
)


def echo(body: RequestBody, _: int = 0) -> Action:
    return reply_with("re: " + (body["messages"][-1]["content"] if "messages" in body else body["prompt"]))


def options(server: ScriptedServer | str, **more: Any) -> Options:
    where = server if isinstance(server, str) else server.url
    at = {"url": where, "first_wait_seconds": 0.01, "attempts": 2, **more.pop("at", {})}
    return Options.model_validate({"server": at, **more})


def request(number: int, chat: bool = False, sample: int = 0) -> Request:
    stops = ("\ndef ", "\nclass ", "\n#", "\nif ", "\nprint")
    return Request(f"p{number}", "b", "python", "t", sample, f"q{number}", stops, 100 + number, chat)


def answers(
    given: Options, *requests: Request, decoding: Decoding | None = None, done: frozenset[int] = frozenset()
) -> dict[int, GeneratedAnswer]:
    with BACK_END.open("m", decoding or Decoding(), given) as session:
        return dict(filter(None, session.answers(requests, done)))


def test_chat_and_plain_prompts_go_to_their_endpoints() -> None:
    with scripted(echo) as server:
        found = answers(options(server), request(0), request(1, chat=True))
        assert sorted(body["path"] for body in server.bodies) == ["/v1/chat/completions", "/v1/completions"]
    assert found == {0: GeneratedAnswer("re: q0", "stop", 10, 5), 1: GeneratedAnswer("re: q1", "stop", 10, 5)}


def test_decoding_is_sent_to_the_server() -> None:
    sampled = Decoding(temperature=0.2, top_p=0.95, max_new_tokens=33)
    with scripted(echo) as server:
        answers(options(server, model="theirs", options={"top_k": 3}), request(7), decoding=sampled)
        answers(options(server, most_stops=9), request(7))
        first, greedy = server.bodies
    assert first == {
        "path": "/v1/completions",
        "model": "theirs",
        "prompt": "q7",
        "temperature": 0.2,
        "top_p": 0.95,
        "max_tokens": 33,
        "seed": 107,
        "stop": ["\ndef ", "\nclass ", "\n#", "\nif "],
        "top_k": 3,
    }
    assert (greedy["model"], greedy["temperature"], len(greedy["stop"])) == ("m", 0, 5)
    assert "seed" not in greedy


def test_finished_requests_are_not_sent() -> None:
    with scripted(echo) as server:
        found = answers(options(server), *map(request, range(5)), done=frozenset({1, 3}))
        assert sorted(server.prompts()) == ["q0", "q2", "q4"]
    assert set(found) == {0, 2, 4}


def test_failed_request_is_an_error_and_an_empty_answer_is_one() -> None:
    def act(body: RequestBody, _: int) -> Action:
        kinds = {"q1": http_error(500, "boom"), "q2": reply_with(""), "q3": reply_with("half", "length")}
        return kinds.get(body["prompt"]) or echo(body)

    with scripted(act) as server:
        found = answers(options(server), *map(request, range(4)))
    assert [found[number].finish_reason for number in range(4)] == ["stop", "error", "stop", "length"]
    assert found[1].error.startswith("HTTP 500: ")
    assert "boom" in found[1].error
    assert (found[1].temporary, found[2].text) == (True, "")


def test_tokens_the_server_did_not_count_are_not_estimated() -> None:
    with scripted(lambda *_: reply_with("x", usage=None)) as server:
        assert answers(options(server), request(0)) == {0: GeneratedAnswer("x", "stop", 0, 0)}


@pytest.mark.parametrize(("at", "most"), [({}, 3), ({"concurrency": 2}, 2)])
def test_batch_size_is_the_default_concurrency(at: dict[str, int], most: int) -> None:
    def act(body: RequestBody, _: int) -> Action:
        server.wait_until_open(most)
        return reply_with(body["prompt"])

    with scripted(act) as server:
        answers(options(server, at=at), *map(request, range(9)), decoding=Decoding(batch_size=3))
        assert server.most_open == most


def test_stored_answers_are_reused_and_the_budget_spans_runs(tmp_path: Path) -> None:
    prices = {"prices": {"input": 1000, "output": 1000}, "keep": str(tmp_path)}
    few = Decoding(max_new_tokens=20)
    with scripted(echo) as server:
        poor = options(server, at={**prices, "budget": 0.13})
        for _ in range(2):
            with pytest.raises(Incomplete, match=r"spent of a budget of 0\.13"):
                answers(poor, *map(request, range(6)), decoding=few)
            assert len(server.bodies) == 3
        found = answers(options(server, at=prices), *map(request, range(6)), decoding=few)
        assert (len(found), len(server.bodies)) == (6, 6)


def test_prices_are_per_million_tokens() -> None:
    assert BACK_END.cost
    priced = options("http://a/v1", at={"prices": {"input": 2, "output": 8}})
    assert BACK_END.cost(priced, 500_000, 250_000) == 3.0
    assert BACK_END.cost(options("http://a/v1"), 500_000, 250_000) is None


def test_budget_needs_a_journal_folder() -> None:
    with pytest.raises(pydantic.ValidationError, match="a budget needs `keep`"):
        options("http://a/v1", at={"prices": {"input": 1, "output": 1}, "budget": 1})


def test_failing_server_raises_instead_of_giving_errors() -> None:
    wrong_key = http_error(401, "bad key")
    with scripted(lambda *_: wrong_key) as server, pytest.raises(ServiceError, match="bad key"):
        answers(options(server), request(0))


def test_address_of_the_server_is_not_in_the_digest() -> None:
    assert digest(options("http://a/v1")) == digest(options("http://b/v1", at={"concurrency": 3}))
    assert digest(options("http://a/v1")) != digest(options("http://a/v1", model="other"))


def test_server_and_model_are_required() -> None:
    with scripted(echo) as server:
        here = options(server)
        assert all(each.met for each in BACK_END.requirements("m", here))
    missing = [each for each in BACK_END.requirements("m", options("http://127.0.0.1:9/v1")) if not each.met]
    assert ["m" in each.what for each in missing] == [True]
    assert isinstance(BACK_END, BackEnd)


def test_chat_settings_are_sent() -> None:
    chat = dataclasses.replace(request(0, chat=True), system="Be brief.")
    decoding = Decoding(
        max_new_tokens=30, reasoning_tokens=70, chat_template_kwargs={"enable_thinking": False}
    )
    with scripted(echo) as server:
        answers(options(server), chat, decoding=decoding)
        body = server.bodies[0]
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "q0"},
    ]
    assert (body["chat_template_kwargs"], body["max_tokens"]) == ({"enable_thinking": False}, 100)


def test_an_answer_ends_at_stop_strings_that_were_not_sent() -> None:
    with scripted(lambda *_: reply_with("x = 1\nprint(x)\nif x:", "length")) as server:
        found = answers(options(server, most_stops=1), request(0))
        assert server.bodies[0]["stop"] == ["\ndef "]
    assert found[0] == GeneratedAnswer("x = 1", "stop", 10, 5)


def test_a_server_with_its_own_temperature_gets_the_seed() -> None:
    with scripted(echo) as server:
        answers(options(server, options={"temperature": None}), request(7))
        body = server.bodies[0]
    assert "temperature" not in body
    assert body["seed"] == 107


def test_reasoning_and_context_overflow() -> None:
    def act(body: RequestBody, _: int) -> Action:
        if body["messages"][-1]["content"] == "q1":
            return http_error(400, "maximum context length is 5 tokens")
        return reply_message("length", content=None, reasoning_content="hm")

    with scripted(act) as server:
        found = answers(options(server), request(0, chat=True), request(1, chat=True))
    assert found[0] == GeneratedAnswer("", "length", 10, 5, reasoning="hm")
    assert found[1].error.startswith("context overflow: maximum context length")
    assert "Lower max_new_tokens" in found[1].error
    assert not found[1].temporary
