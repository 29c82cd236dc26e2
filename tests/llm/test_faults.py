"""Every fault a server can show, made by a real server over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crosstune.errors import ServiceError
from crosstune.llm import Client, FailedRequest, Request, Response, Server
from tests.scripted_server import (
    Act,
    Body,
    Cut,
    Reply,
    Reset,
    ScriptedServer,
    Trickle,
    refused,
    said,
    scripted,
)


def server_settings(at: ScriptedServer | str, **more: object) -> Server:
    url = at if isinstance(at, str) else at.url
    quick = {"timeout_seconds": 0.5, "first_wait_seconds": 0.01, "attempts": 3}
    return Server.model_validate({"url": url, **quick, **more})


def ask(server: Server, *prompts: str, folder: Path | None = None) -> list[Response | FailedRequest]:
    requests = [Request(prompt, max_tokens=20) for prompt in prompts]
    with Client(server, "m", folder=folder) as client:
        return client.ask(requests, lambda _done, _total: None)


def answer_of(act: Callable[[Body, int], Act]) -> tuple[Response | FailedRequest, ScriptedServer]:
    with scripted(act) as server:
        (outcome,) = ask(server_settings(server), "q")
    return outcome, server


PASSING: dict[str, tuple[Act, bool]] = {
    # what the server does, and whether the question may have been charged for
    "429": (refused(429), False),
    "429 Retry-After": (refused(429, headers={"Retry-After": "0.02"}), False),
    "429 retry-after-ms": (refused(429, headers={"retry-after-ms": "20"}), False),
    "500": (refused(500), False),
    "502 page": (Reply(b"<html>bad gateway</html>", 502, {"Content-Type": "text/html"}), False),
    "503 empty": (Reply(b"", 503), False),
    "408": (refused(408), False),
    "time-out": (said("late", wait=5), True),
    "trickle": (Trickle(), True),
    "reset": (Reset(), True),
    "cut": (Cut(), True),
    "malformed JSON": (Reply(b'{"choices": [{"text"'), True),
    "not an object": (Reply(b"[]"), True),
    "HTML with 200": (Reply(b"<html>please log in</html>", headers={"Content-Type": "text/html"}), True),
    "no choices": (Reply(b'{"choices": []}'), True),
    "error with 200": (Reply(b'{"error": {"message": "overloaded"}}'), True),
    "null content": (said(None), True),
    "empty content": (said(""), True),
    "white content": (said(" \n"), True),
    "half a surrogate pair": (said("\ud800"), True),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_survived(name: str) -> None:
    act, charged = PASSING[name]
    outcome, server = answer_of(lambda _, number: act if number == 0 else said("good"))
    assert isinstance(outcome, Response)
    assert (outcome.text, outcome.finish_reason, outcome.attempts) == ("good", "stop", 2)
    assert (outcome.wasted.completion_tokens > 0) == charged
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (refused(429), "HTTP 429"),
        (refused(500, "boom"), "HTTP 500"),
        (said("late", wait=5), "time-out"),
        (Reset(), "connection lost"),
        (Reply(b"{"), "malformed JSON"),
        (Reply(b'{"choices": []}'), "no choices"),
    ],
)
def test_a_fault_that_stays_is_reported_and_asked_again_by_the_next_run(
    act: Act, kind: str, tmp_path: Path
) -> None:
    acts = [act, act, act]
    with scripted(lambda _, number: acts[number] if number < 3 else said("good")) as server:
        (fault,) = ask(server_settings(server), "q", folder=tmp_path)
        assert isinstance(fault, FailedRequest)
        assert (fault.kind, fault.final, fault.attempts) == (kind, False, 3)
        (answer,) = ask(server_settings(server), "q", folder=tmp_path)
        assert isinstance(answer, Response)
        assert len(server.bodies) == 4


@pytest.mark.parametrize(
    ("act", "kind", "attempts"),
    [
        (refused(400, "too long"), "HTTP 400", 1),
        (refused(422), "HTTP 422", 1),
        (said("half", "content_filter"), "finish_reason content_filter", 1),
        (said(None), "empty content", 3),
    ],
)
def test_a_question_that_is_refused_is_not_asked_again(
    act: Act, kind: str, attempts: int, tmp_path: Path
) -> None:
    with scripted(lambda *_: act) as server:
        first = ask(server_settings(server), "q", folder=tmp_path)
        again = ask(server_settings(server), "q", folder=tmp_path)
        assert len(server.bodies) == attempts
    assert first == again
    assert isinstance(first[0], FailedRequest)
    assert (first[0].kind, first[0].final, first[0].attempts) == (kind, True, attempts)


def test_an_answer_cut_at_its_limit_is_an_answer_that_says_so() -> None:
    outcome, _ = answer_of(lambda *_: said("half", "length"))
    assert isinstance(outcome, Response)
    assert outcome.finish_reason == "length"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (refused(401, "bad key"), "key_variable"),
        (refused(404, "no such model"), "model's name ('m')"),
        (refused(429, "pay first", code="insufficient_quota"), "credit"),
    ],
)
def test_a_hopeless_fault_stops_at_once(act: Act, words: str, tmp_path: Path) -> None:
    with scripted(lambda *_: act) as server:
        with pytest.raises(ServiceError) as stopped:
            ask(server_settings(server, concurrency=1), *"abcdefghij", folder=tmp_path)
        assert len(server.bodies) == 1
    assert words in str(stopped.value)
    assert "0 of 10 questions are answered" in str(stopped.value)


def test_a_server_that_fails_everything_counts_as_down() -> None:
    questions = [str(number) for number in range(40)]
    with scripted(lambda *_: refused(500, "boom")) as server:
        with pytest.raises(ServiceError, match="8 questions in a row .*HTTP 500.*boom"):
            ask(server_settings(server, concurrency=1), *questions)
        assert len(server.bodies) == 8 * 3


def test_a_server_that_refuses_everything_counts_as_misused() -> None:
    questions = [str(number) for number in range(40)]
    with scripted(lambda *_: refused(400, "unknown option")) as server:
        with pytest.raises(ServiceError, match="unknown option"):
            ask(server_settings(server, concurrency=1), *questions)
        assert len(server.bodies) == 8


def test_what_any_server_says_about_a_fault_is_told() -> None:
    for body, told in [
        (b'{"error": {"message": "too long"}}', "too long"),
        (b'{"detail": "no such option"}', '{"detail": "no such option"}'),
        (b"plain words", "plain words"),
        (b"", "Error code: 400"),
    ]:
        outcome, _ = answer_of(lambda *_, body=body: Reply(body, 400))
        assert isinstance(outcome, FailedRequest)
        assert outcome.detail == told


def test_refusals_beside_answers_do_not_stop_the_rest() -> None:
    def act(body: Body, _: int) -> Act:
        return refused(400) if body["messages"][0]["content"].startswith("bad") else said("good")

    questions = ["good", *(f"bad {number}" for number in range(20))]
    with scripted(act) as server:
        outcomes = ask(server_settings(server, concurrency=1), *questions)
    assert [isinstance(outcome, Response) for outcome in outcomes] == [True] + [False] * 20


def test_nobody_at_the_address_costs_nothing() -> None:
    with scripted(lambda *_: said("x")) as server:
        url = server.url
    (fault,) = ask(server_settings(url), "q")
    assert isinstance(fault, FailedRequest)
    assert (fault.kind, fault.wasted.completion_tokens) == ("no connection", 0)


def test_what_the_server_asks_to_wait_is_waited_by_all_and_is_no_failed_attempt() -> None:
    def act(_: Body, number: int) -> Act:
        return refused(429, headers={"Retry-After": "0.3"}) if number < 5 else said("good")

    with scripted(act) as server:
        outcomes = ask(server_settings(server, concurrency=1, attempts=1), "a", "b")
        assert [isinstance(outcome, Response) for outcome in outcomes] == [True, True]
        gaps = [after - before for before, after in zip(server.times, server.times[1:], strict=False)]
    assert all(gap >= 0.29 for gap in gaps[:5])  # a lower bound that the machine's load can only raise


def test_a_wait_longer_than_allowed_is_not_waited() -> None:
    with scripted(lambda *_: refused(429, headers={"Retry-After": "3600"})) as server:
        (fault,) = ask(server_settings(server), "q")
        assert len(server.bodies) == 1
    assert isinstance(fault, FailedRequest)
    assert not fault.final
    assert "3600 s" in fault.detail


def test_a_date_in_retry_after_is_understood() -> None:
    past = refused(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    outcome, _ = answer_of(lambda _, number: past if number == 0 else said("good"))
    assert isinstance(outcome, Response)


def test_the_key_goes_to_the_server_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("TEACHER_KEY", "sk-secret")
    echo = refused(400, "your key sk-secret may not do that")
    with scripted(lambda _, number: echo if number == 0 else said("good")) as server:
        settings = server_settings(server, key_variable="TEACHER_KEY", concurrency=1)
        fault, answer = ask(settings, "a", "b", folder=tmp_path)
        assert server.headers[0]["authorization"] == "Bearer sk-secret"
    assert isinstance(fault, FailedRequest)
    assert "(the key)" in fault.detail
    assert isinstance(answer, Response)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sk-secret" not in kept
    assert "sk-secret" not in caplog.text
    assert "sk-secret" not in settings.model_dump_json()


def test_a_key_of_the_environment_is_not_sent_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with scripted(lambda *_: said("good")) as server:
        ask(server_settings(server), "q")
        assert "sk-secret" not in json.dumps(server.headers)


def test_a_missing_key_is_said_before_anything_is_asked() -> None:
    with scripted(lambda *_: said("x")) as server:
        with pytest.raises(ServiceError, match="NO_SUCH_KEY.*export NO_SUCH_KEY"):
            ask(server_settings(server, key_variable="NO_SUCH_KEY"), "q")
        assert server.bodies == []
