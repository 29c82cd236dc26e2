"""Every error of a server, produced by a real server over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crosstune.errors import ServiceError
from crosstune.llm import Client, FailedRequest, Request, Response, Result, Server
from tests.scripted_server import (
    Action,
    Cut,
    Never,
    Reply,
    RequestBody,
    Reset,
    ScriptedServer,
    Trickle,
    http_error,
    reply_with,
    scripted,
    stream,
)

SHORT = {"timeout_seconds": 1.0}
"""For servers that do not answer in time."""


def server_settings(at: ScriptedServer | str, **more: object) -> Server:
    url = at if isinstance(at, str) else at.url
    return Server.model_validate({"url": url, "first_wait_seconds": 0.01, "attempts": 3, **more})


def ask(server: Server, *prompts: str, folder: Path | None = None) -> list[Result]:
    requests = [Request(prompt, max_tokens=20) for prompt in prompts]
    with Client(server, "m", folder=folder) as client:
        return client.ask(requests, lambda _done, _total: None)


def result_of(act: Callable[[RequestBody, int], Action], **more: object) -> tuple[Result, ScriptedServer]:
    with scripted(act) as server:
        (result,) = ask(server_settings(server, **more), "q")
    return result, server


TEMPORARY: dict[str, tuple[Action, bool]] = {
    # what the server does, and whether the attempt may have been charged for
    "429": (http_error(429), False),
    "429 Retry-After": (http_error(429, headers={"Retry-After": "0.02"}), False),
    "429 retry-after-ms": (http_error(429, headers={"retry-after-ms": "20"}), False),
    "500": (http_error(500), False),
    "502 page": (Reply(b"<html>bad gateway</html>", 502, {"Content-Type": "text/html"}), False),
    "503 empty": (Reply(b"", 503), False),
    "408": (http_error(408), False),
    "reset": (Reset(), True),
    "cut": (Cut(), True),
    "malformed JSON": (Reply(b'{"choices": [{"text"'), True),
    "not an object": (Reply(b"[]"), True),
    "HTML with 200": (Reply(b"<html>please log in</html>", headers={"Content-Type": "text/html"}), True),
    "no choices": (Reply(b'{"choices": []}'), True),
    "error with 200": (Reply(b'{"error": {"message": "overloaded"}}'), True),
    "null content": (reply_with(None), True),
    "empty content": (reply_with(""), True),
    "blank content": (reply_with(" \n"), True),
    "finish_reason error": (reply_with("half", "error"), True),
    "finish_reason abort": (reply_with("half", "abort"), True),
    "error in a choice": (
        Reply(b'{"choices": [{"message": {"content": ""}, "error": {"code": 502}}]}'),
        True,
    ),
    "stream cut off": (stream({"content": "half"}, end="", usage=None), True),
    "error object": (Reply(b'{"object": "error", "message": "overloaded", "code": 500}'), True),
    "error in a stream": (Reply(b'data: {"error": {"message": "overloaded"}}\n\n'), True),
}


@pytest.mark.parametrize("name", TEMPORARY)
def test_a_temporary_error_is_retried(name: str) -> None:
    action, charged = TEMPORARY[name]
    result, server = result_of(lambda _, number: action if number == 0 else reply_with("good"))
    assert isinstance(result, Response)
    assert (result.text, result.finish_reason, result.attempts) == ("good", "stop", 2)
    assert (result.wasted.completion_tokens > 0) == charged
    assert len(server.bodies) == 2


@pytest.mark.parametrize("action", [Never(), Trickle()], ids=["no answer", "trickle"])
def test_an_attempt_that_takes_too_long_is_retried(action: Action) -> None:
    # On a slow machine good answers may come too late as well, so the number of attempts is left open.
    result, _ = result_of(
        lambda _, number: action if number == 0 else reply_with("good"), attempts=50, **SHORT
    )
    assert isinstance(result, Response)
    assert result.attempts >= 2
    assert result.wasted.completion_tokens > 0


@pytest.mark.parametrize(
    ("action", "kind", "more"),
    [
        (http_error(503), "HTTP 503", {}),
        (http_error(500, "boom"), "HTTP 500", {}),
        (Never(), "time-out", SHORT),
        (Reset(), "connection lost", {}),
        (Reply(b"{"), "malformed JSON", {}),
        (Reply(b'{"choices": []}'), "no choices", {}),
    ],
)
def test_a_request_that_keeps_failing_is_sent_again_by_the_next_run(
    action: Action, kind: str, more: dict[str, float], tmp_path: Path
) -> None:
    recovered = False
    with scripted(lambda *_: reply_with("good") if recovered else action) as server:
        (failed,) = ask(server_settings(server, **more), "q", folder=tmp_path)
        assert isinstance(failed, FailedRequest)
        assert (failed.kind, failed.final, failed.attempts) == (kind, False, 3)
        recovered, before = True, len(server.bodies)
        (response,) = ask(server_settings(server), "q", folder=tmp_path)
        assert isinstance(response, Response)
        assert len(server.bodies) == before + 1


@pytest.mark.parametrize(
    ("action", "kind", "attempts"),
    [
        (http_error(400, "too long"), "HTTP 400", 1),
        (http_error(422), "HTTP 422", 1),
        (http_error(400, "This model's maximum context length is 10 tokens"), "context overflow", 1),
        (http_error(500, "the request exceeds the available context size"), "context overflow", 1),
    ],
)
def test_a_refused_request_is_not_sent_again(
    action: Action, kind: str, attempts: int, tmp_path: Path
) -> None:
    with scripted(lambda body, _: reply_with("good") if "easy" in str(body) else action) as server:
        ask(server_settings(server), "easy", folder=tmp_path)
        first = ask(server_settings(server), "q", folder=tmp_path)
        again = ask(server_settings(server), "q", folder=tmp_path)
        assert len(server.bodies) == 1 + attempts
    assert first == again
    assert isinstance(first[0], FailedRequest)
    assert (first[0].kind, first[0].final, first[0].attempts) == (kind, True, attempts)


def test_refusals_of_a_server_that_has_never_answered_are_sent_again(tmp_path: Path) -> None:
    """Its own settings may have been wrong."""
    broken = True
    with scripted(lambda *_: http_error(400, "bad template") if broken else reply_with("good")) as server:
        with pytest.raises(ServiceError, match="bad template"):
            ask(server_settings(server), *map(str, range(40)), folder=tmp_path)
        broken = False
        results = ask(server_settings(server), *map(str, range(40)), folder=tmp_path)
    assert all(isinstance(each, Response) for each in results)


def test_an_answer_cut_at_its_limit_says_so() -> None:
    result, _ = result_of(lambda *_: reply_with("half", "length"))
    assert isinstance(result, Response)
    assert result.finish_reason == "length"


@pytest.mark.parametrize(
    ("action", "advice"),
    [
        (http_error(401, "bad key"), "key_variable"),
        (http_error(404, "no such model"), "model's name ('m')"),
        (http_error(429, "pay first", code="insufficient_quota"), "credit"),
        (http_error(400, "API key not valid. Please pass a valid API key."), "key_variable"),
        (http_error(400, "Your credit balance is too low to access the API."), "credit"),
        (http_error(400, "m is not a valid model ID"), "model's name ('m')"),
        (http_error(400, "The model `m` does not exist"), "model's name ('m')"),
    ],
)
def test_a_fatal_error_stops_the_run_at_once(action: Action, advice: str, tmp_path: Path) -> None:
    with scripted(lambda *_: action) as server:
        with pytest.raises(ServiceError) as stopped:
            ask(server_settings(server, concurrency=1), *"abcdefghij", folder=tmp_path)
        assert len(server.bodies) == 1
    assert advice in str(stopped.value)
    assert "0 of 10 requests are answered" in str(stopped.value)


def test_a_server_that_fails_every_request_counts_as_down() -> None:
    questions = [str(number) for number in range(40)]
    with scripted(lambda *_: http_error(500, "boom")) as server:
        with pytest.raises(ServiceError, match="8 requests in a row .*HTTP 500.*boom"):
            ask(server_settings(server, concurrency=1), *questions)
        assert len(server.bodies) == 8 * 3


def test_a_server_that_refuses_every_request_stops_the_run() -> None:
    questions = [str(number) for number in range(40)]
    with scripted(lambda *_: http_error(400, "unknown option")) as server:
        with pytest.raises(ServiceError, match="unknown option"):
            ask(server_settings(server, concurrency=1), *questions)
        assert len(server.bodies) == 8


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"error": {"message": "too long"}}', "too long"),
        (b'{"detail": "no such option"}', '{"detail": "no such option"}'),
        (b"plain words", "plain words"),
        (b"", "Error code: 400"),
    ],
)
def test_the_server_s_error_message_is_reported(body: bytes, detail: str) -> None:
    result, _ = result_of(lambda *_: Reply(body, 400))
    assert isinstance(result, FailedRequest)
    assert result.detail == detail


def test_refusals_between_answers_do_not_stop_the_run() -> None:
    def act(body: RequestBody, _: int) -> Action:
        bad = body["messages"][0]["content"].startswith("bad")
        return http_error(400) if bad else reply_with("good")

    questions = ["good", *(f"bad {number}" for number in range(20))]
    with scripted(act) as server:
        results = ask(server_settings(server, concurrency=1), *questions)
    assert [isinstance(result, Response) for result in results] == [True] + [False] * 20


def test_a_failed_connection_costs_nothing() -> None:
    with scripted(lambda *_: reply_with("x")) as server:
        url = server.url
    (failed,) = ask(server_settings(url), "q")
    assert isinstance(failed, FailedRequest)
    assert (failed.kind, failed.wasted.completion_tokens) == ("no connection", 0)


def test_a_wait_longer_than_allowed_fails_the_request() -> None:
    with scripted(lambda *_: http_error(429, headers={"Retry-After": "3600"})) as server:
        (failed,) = ask(server_settings(server), "q")
        assert len(server.bodies) == 1
    assert isinstance(failed, FailedRequest)
    assert not failed.final
    assert "3600 s" in failed.detail


def test_retry_after_may_be_a_date() -> None:
    past = http_error(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    result, _ = result_of(lambda _, number: past if number == 0 else reply_with("good"))
    assert isinstance(result, Response)


def test_the_api_key_reaches_only_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("TEACHER_KEY", "sk-secret")
    echo = http_error(400, "your key sk-secret may not do that")
    with scripted(lambda _, number: echo if number == 0 else reply_with("good")) as server:
        settings = server_settings(server, key_variable="TEACHER_KEY", concurrency=1)
        failed, response = ask(settings, "a", "b", folder=tmp_path)
        assert server.headers[0]["authorization"] == "Bearer sk-secret"
    assert isinstance(failed, FailedRequest)
    assert "(the key)" in failed.detail
    assert isinstance(response, Response)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sk-secret" not in stored
    assert "sk-secret" not in caplog.text
    assert "sk-secret" not in settings.model_dump_json()


def test_a_key_in_the_environment_is_not_sent_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with scripted(lambda *_: reply_with("good")) as server:
        ask(server_settings(server), "q")
        assert "sk-secret" not in json.dumps(server.headers)


def test_a_missing_key_is_reported_before_any_request() -> None:
    with scripted(lambda *_: reply_with("x")) as server:
        with pytest.raises(ServiceError, match="NO_SUCH_KEY.*export NO_SUCH_KEY"):
            ask(server_settings(server, key_variable="NO_SUCH_KEY"), "q")
        assert server.bodies == []
