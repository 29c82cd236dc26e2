"""Every answer of a server is accounted for, in whatever format it comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import Incomplete, ServiceError
from crosstune.llm import Client, FailedRequest, Request, Response, Result, Server
from tests.scripted_server import (
    Action,
    Reply,
    RequestBody,
    ScriptedServer,
    http_error,
    reply_message,
    reply_with,
    scripted,
    stream,
)


def ask(
    act: Any, *, options: dict[str, Any] | None = None, folder: Path | None = None, **more: Any
) -> tuple[Result, ScriptedServer]:
    request = Request(more.pop("prompt", "q"), more.pop("max_tokens", 20))
    endpoint = more.pop("endpoint", "chat")
    with scripted(act if callable(act) else lambda *_: act) as server:
        at = Server.model_validate({"url": server.url, "first_wait_seconds": 0.0, "attempts": 6, **more})
        with Client(at, "m", endpoint=endpoint, options=options, folder=folder) as client:
            (result,) = client.ask([request], lambda _done, _total: None)
    return result, server


def answer(act: Any, **more: Any) -> tuple[str, str, str, int]:
    """Text, reasoning, finish reason and the number of attempts."""
    result, _ = ask(act, **more)
    assert isinstance(result, Response), result
    return result.text, result.reasoning, result.finish_reason, result.attempts


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (reply_with(None, "length"), ("", "", "length", 1)),
        (reply_with("", "length"), ("", "", "length", 1)),
        (reply_message("length", reasoning_content="hm"), ("", "hm", "length", 1)),
        (reply_message(content=None, reasoning="hm"), ("", "hm", "stop", 1)),
        (reply_with("", "MAX_TOKENS"), ("", "", "length", 1)),
        (reply_with(None, "content_filter"), ("", "", "content_filter", 1)),
        (reply_with("half", "SAFETY"), ("half", "", "content_filter", 1)),
        (reply_message("tool_calls", content=None, tool_calls=[{"id": "1"}]), ("", "", "tool_calls", 1)),
        (reply_message(content=None, refusal="No."), ("No.", "", "content_filter", 1)),
        (reply_with(None), ("", "", "stop", 3)),
        (reply_with(" \n"), (" \n", "", "stop", 3)),
        (reply_with("", "strange"), ("", "", "strange", 3)),
        (reply_with("half \ud83d", "length"), ("half \ufffd", "", "length", 1)),
        (reply_with("\ud800"), ("\ufffd", "", "stop", 1)),
        (reply_with("\ud83d\ude00"), ("\U0001f600", "", "stop", 1)),
        (reply_with("whole", None, usage=(10, 20)), ("whole", "", "length", 1)),
        (reply_with("whole", None, usage=(10, 19)), ("whole", "", "stop", 1)),
        (reply_with("x", "repetition"), ("x", "", "repetition", 1)),
        (http_error(400, "blocked", code="content_filter"), ("", "", "content_filter", 1)),
        (http_error(403, "requires moderation and your input was flagged"), ("", "", "content_filter", 1)),
        (
            Reply(b'{"error": {"message": "x", "code": "data_inspection_failed"}}'),
            ("", "", "content_filter", 1),
        ),
    ],
)
def test_final_answers(action: Action, expected: tuple[str, str, str, int]) -> None:
    assert answer(action) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *((word, "stop") for word in ("stop", "STOP", "eos_token", "end_turn", "stop_sequence", "eosFound")),
        *((word, "stop") for word in ("COMPLETE", "FINISH_REASON_STOP", "FinishReason.STOP", "null", "")),
        *((word, "length") for word in ("length", "max_tokens", "MAX_TOKENS", "model_length", "token_limit")),
        *((word, "length") for word in ("model_context_window_exceeded", "maxPredictedTokensReached")),
        *((word, "content_filter") for word in ("content-filter", "PROHIBITED_CONTENT", "RECITATION")),
        ({"type": "length", "length": 16}, "length"),
        ({"type": "stop", "matched": 2}, "stop"),
    ],
)
def test_finish_reasons_of_all_servers(word: Any, expected: str) -> None:
    assert answer(reply_message(word, content="x")) == ("x", "", expected, 1)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"content": "a", "reasoning_content": "r"}, ("a", "r")),
        ({"content": "a", "reasoning": "r", "reasoning_details": [{"text": "r"}]}, ("a", "r")),
        ({"content": "a", "reasoning_details": [{"type": "reasoning.summary", "summary": "r"}]}, ("a", "r")),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, ("ab", "")),
        ({"content": ["a", {"text": {"value": "b"}}]}, ("ab", "")),
        ({"content": {"type": "text", "text": "a"}}, ("a", "")),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "r"}]},
                    {"type": "image_url", "image_url": {"url": "x"}},
                    {"type": "text", "text": "a"},
                ]
            },
            ("a", "r"),
        ),
        ({"content": [{"text": "r", "thought": True}, {"text": "a"}]}, ("a", "r")),
    ],
)
def test_reasoning_and_parts(message: dict[str, Any], expected: tuple[str, str]) -> None:
    assert answer(reply_message(**message)) == (*expected, "stop", 1)


def test_streams_are_joined() -> None:
    events = stream(
        {"role": "assistant"}, {"reasoning_content": "r"}, {"content": "\ud83d"}, {"content": "\ude00a"}
    )
    result, _ = ask(events)
    assert isinstance(result, Response)
    assert (result.text, result.reasoning) == ("\U0001f600a", "r")
    assert (result.usage.prompt_tokens, result.usage.completion_tokens) == (10, 5)
    plain = b'data: {"choices": [{"text": "a"}]}\r\n\r\n'
    plain += b'data: {"choices": [{"text": "b", "finish_reason": "length"}]}\r\n\r\n'
    assert answer(Reply(plain), endpoint="completions")[:3] == ("ab", "", "length")


def test_a_server_that_only_streams_is_asked_for_streams() -> None:
    def act(body: RequestBody, _: int) -> Action:
        if not body.get("stream"):
            return http_error(400, "This model only supports streaming: set stream to true.")
        if "stream_options" in body:
            return http_error(400, "unknown field stream_options")
        return stream({"content": "good"})

    result, server = ask(act)
    assert isinstance(result, Response)
    assert (result.text, result.attempts) == ("good", 1)
    assert [body.get("stream") for body in server.bodies] == [None, True, True]


def test_fields_are_left_out_and_replaced_on_request() -> None:
    options = {"temperature": None, "top_p": None, "max_tokens": 7, "reasoning_effort": "low"}
    _, server = ask(reply_with("x"), options=options)
    assert server.bodies[0].keys() == {"path", "model", "messages", "max_tokens", "reasoning_effort"}
    assert server.bodies[0]["max_tokens"] == 7


@pytest.mark.parametrize(
    ("message", "parameter", "advice"),
    [
        (
            "Unsupported value: 'temperature' does not support 0.0.",
            None,
            "{temperature: null}",
        ),
        ("`temperature` and `top_p` cannot both be specified for this model.", None, "{top_p: null}"),
        (
            "Unsupported: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "limit_field",
        ),
        (
            '[{"type": "extra_forbidden", "loc": ["body", "top_p"]}]',
            None,
            "{top_p: null}",
        ),
        ("max_tokens is too large: this model supports at most 8 tokens", None, "Lower the limit"),
        ("Unknown parameter: 'wrong'.", "wrong", "Correct or remove 'wrong'"),
    ],
)
def test_a_refused_field_stops_the_run_and_is_explained(
    message: str, parameter: str | None, advice: str, tmp_path: Path
) -> None:
    body = json.dumps({"error": {"message": message, "param": parameter}}).encode()
    with pytest.raises(ServiceError) as stopped:
        ask(Reply(body, 400), options={"wrong": 1}, folder=tmp_path)
    assert advice in str(stopped.value)
    # Nothing of it is stored, so that the corrected settings work.
    assert isinstance(ask(reply_with("good"), options={"wrong": 1}, folder=tmp_path)[0], Response)


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        "'max_tokens' is too large: 5000. This model's maximum context length is 4096 tokens",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The input token count (33000) exceeds the maximum number of tokens allowed (32768).",
        "the request exceeds the available context size. try increasing the context size",
        "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens",
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
        "Range of input length should be [1, 30720]",
        # vLLM, SGLang, llama.cpp, Ollama, LM Studio, xAI, Mistral, Bedrock, Cohere, TensorRT-LLM, TabbyAPI
        "You passed 4097 input tokens. However, the model's context length is only 4096 tokens",
        "Requested token count exceeds the model's maximum context length of 4096 tokens.",
        "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
        "request (5016 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "input length exceeds maximum context length",
        "Trying to keep the first 4567 tokens, but the model is loaded with context length of only 4096",
        "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
        "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
        "Input is too long for requested model.",
        "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.",
        "Prompt length (5000) exceeds maximum input length (4096).",
        "The sum of prompt length (4000.0), query length (0) should not exceed max_num_tokens (8192)",
        "Prompt length 5000 is greater than max_seq_len 4096",
        "Please reduce the length of the messages or completion.",
        "The prompt (total length 25938) is too long to fit into the model (limit 4096).",
    ],
)
def test_context_overflow_is_named(message: str) -> None:
    for action in (http_error(400, message), Reply(json.dumps({"error": {"message": message}}).encode())):
        result, server = ask(action)
        assert isinstance(result, FailedRequest)
        assert (result.kind, result.final, len(server.bodies)) == ("context overflow", True, 1)
        assert message[:40] in result.detail


BUDGETS: list[tuple[dict[str, Any], int]] = [
    # options, and the most completion tokens that one answer can then have
    ({}, 100),
    ({"max_tokens": 400}, 400),
    ({"max_completion_tokens": 400}, 400),
    ({"max_tokens": None, "max_completion_tokens": 300}, 300),
    ({"n": 4}, 400),
    ({"n": 2, "max_tokens": "200"}, 400),
    ({"best_of": 5}, 500),
    ({"reasoning": {"max_tokens": 300}}, 400),
    ({"thinking": {"type": "enabled", "budget_tokens": 300}}, 400),
]


@pytest.mark.parametrize(("options", "most"), BUDGETS)
def test_the_budget_holds_with_any_option(options: dict[str, Any], most: int, tmp_path: Path) -> None:
    with scripted(lambda *_: reply_with("x", usage=(1, most))) as server:
        prices = {"input": 0, "output": 1_000_000}
        at = Server.model_validate({"url": server.url, "prices": prices, "budget": 1000, "concurrency": 3})
        with Client(at, "m", options=options, folder=tmp_path) as client:
            with pytest.raises(Incomplete, match="budget"):
                client.ask([Request(f"q{i}", 100) for i in range(40)], lambda _done, _total: None)
            spent = client.used.completion_tokens
    assert 1000 - most < spent <= 1000


@pytest.mark.parametrize("options", [{"max_tokens": None}, {"max_tokens": -1}, {"n_predict": -1}])
def test_a_budget_needs_a_limit(options: dict[str, Any], tmp_path: Path) -> None:
    prices = {"input": 0, "output": 1}
    with pytest.raises(ServiceError, match="needs a limit"):
        ask(reply_with("x"), options=options, prices=prices, budget=1, folder=tmp_path)
    assert isinstance(ask(reply_with("x"), options=options)[0], Response)


def test_reasoning_that_only_the_total_counts_is_paid() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}
    result, _ = ask(reply_message(content="x", usage=usage))
    assert isinstance(result, Response)
    assert result.usage.completion_tokens == 105


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 10, "completion_tokens": 1e300},
        {"prompt_tokens": -5},
        {},
    ],
)
def test_counts_that_cannot_be_true_are_not_used(usage: dict[str, Any]) -> None:
    result, _ = ask(reply_message(content="x", usage=usage))
    assert isinstance(result, Response)
    assert (result.usage.estimated, result.usage.completion_tokens) == (True, 20)


def test_a_prompt_with_half_a_pair_is_sent() -> None:
    result, server = ask(reply_with("x"), prompt="a\ud83d")
    assert isinstance(result, Response)
    assert server.prompts() == ["a\ufffd"]


def test_prompts_that_are_too_long_do_not_stop_the_others() -> None:
    def act(body: RequestBody, _: int) -> Action:
        long = body["messages"][-1]["content"].startswith("long")
        return http_error(400, "maximum context length is 5 tokens") if long else reply_with("x")

    requests = [Request(f"long {number}", 5) for number in range(20)] + [Request("short", 5)]
    with scripted(act) as server, Client(Server(url=server.url, concurrency=1), "m") as client:
        results = client.ask(requests, lambda _done, _total: None)
    assert [isinstance(result, Response) for result in results] == [False] * 20 + [True]


def test_empty_answers_are_not_asked_for_again(tmp_path: Path) -> None:
    first, _ = ask(reply_with(None, "length"), folder=tmp_path)
    again, server = ask(reply_with("x"), folder=tmp_path)
    assert again == first
    assert server.bodies == []


def test_failures_of_version_0_1_that_are_answers_now_are_asked_for_again(tmp_path: Path) -> None:
    with scripted(lambda *_: reply_with(None, "length")) as server:
        at = Server(url=server.url)
        with Client(at, "m", folder=tmp_path) as client:
            key = client.key(Request("q", 20))
    row = {
        "is": "failed_request",
        "key": key,
        "kind": "empty content",
        "detail": "",
        "final": True,
        "attempts": 6,
    }
    (tmp_path / "answers-1.jsonl").write_text(json.dumps(row) + "\n")
    result, server = ask(reply_with(None, "length"), folder=tmp_path)
    assert isinstance(result, Response)
    assert len(server.bodies) == 1
