"""The client: order, concurrency, stored responses, the budget, and being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pydantic
import pytest

from crosstune.errors import Incomplete
from crosstune.llm import (
    Client,
    Journal,
    Request,
    Response,
    Result,
    Server,
    Usage,
    _reachability,
    request_key,
    server_requirements,
)
from tests.scripted_server import (
    Action,
    Never,
    RequestBody,
    ScriptedServer,
    http_error,
    reply_with,
    scripted,
)


def echo(body: RequestBody, _: int = 0) -> Action:
    return reply_with("re: " + (body["messages"][-1]["content"] if "messages" in body else body["prompt"]))


def server_settings(server: ScriptedServer, **more: object) -> Server:
    return Server.model_validate({"url": server.url, "first_wait_seconds": 0.01, **more})


def questions(count: int) -> list[Request]:
    return [Request(f"q{number}", max_tokens=20) for number in range(count)]


def ignore(_done: int, _total: int) -> None:
    pass


def texts(results: list[Result]) -> list[str]:
    return [result.text if isinstance(result, Response) else result.kind for result in results]


def test_results_keep_the_order_of_the_requests_and_progress_reaches_its_total() -> None:
    seen: list[tuple[int, int]] = []
    with scripted(echo) as server, Client(server_settings(server), "m") as client:
        results = client.ask(questions(25), lambda done, total: seen.append((done, total)))
    assert [f"re: q{number}" for number in range(25)] == texts(results)
    assert [(done, 25) for done in range(1, 26)] == seen
    assert client.used == Usage(250, 125)


def test_concurrency_limits_the_requests_in_flight() -> None:
    def act(body: RequestBody, _: int) -> Action:
        server.wait_until_open(4)
        return echo(body)

    with scripted(act) as server:
        with Client(server_settings(server, concurrency=4), "m") as client:
            client.ask(questions(12), ignore)
        assert server.most_open == 4


def test_the_request_body_contains_all_settings() -> None:
    request = Request(
        "p", 7, system="s", opening="o", temperature=0.5, top_p=0.9, stops=("\n\n",), sample=3, seed=11
    )
    with scripted(echo) as server:
        with Client(server_settings(server), "m", options={"top_k": 5}) as client:
            client.ask([request], ignore)
        settings = server_settings(server, limit_field="max_completion_tokens")
        with Client(settings, "m") as client:
            client.ask([Request("p", 7)], ignore)
        first, second = server.bodies
    roles = [(message["role"], message["content"]) for message in first.pop("messages")]
    assert roles == [("system", "s"), ("user", "p"), ("assistant", "o")]
    assert first == {
        "path": "/v1/chat/completions",
        "model": "m",
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": ["\n\n"],
        "seed": 11,
        "top_k": 5,
    }
    assert second["max_completion_tokens"] == 7
    assert not {"max_tokens", "seed", "stop"} & set(second)


def test_the_completions_endpoint_gets_plain_text() -> None:
    with scripted(echo) as server, Client(server_settings(server), "m", endpoint="completions") as client:
        assert texts(client.ask([Request("def f(", 5)], ignore)) == ["re: def f("]
        assert (server.bodies[0]["path"], server.bodies[0]["prompt"]) == ("/v1/completions", "def f(")


def test_equal_requests_are_sent_once_and_another_sample_is_another_request() -> None:
    requests = [Request("q", 5), Request("q", 5), Request("q", 5, sample=1)]
    with scripted(echo) as server, Client(server_settings(server), "m") as client:
        assert texts(client.ask(requests, ignore)) == ["re: q"] * 3
        assert len(server.bodies) == 2
        client.ask(requests, ignore)
        assert len(server.bodies) == 2


def test_the_request_key_depends_on_everything_that_determines_the_answer() -> None:
    request = Request("q", 5)
    key = request_key("m", "chat", {"a": 1, "b": 2}, request)
    assert key == request_key("m", "chat", {"b": 2, "a": 1}, request)
    others = [
        request_key("other", "chat", {"a": 1, "b": 2}, request),
        request_key("m", "completions", {"a": 1, "b": 2}, request),
        request_key("m", "chat", {}, request),
        request_key("m", "chat", {"a": 1, "b": 2}, Request("q", 6)),
    ]
    assert len({key, *others}) == 5


def test_stored_responses_replace_requests(tmp_path: Path) -> None:
    with scripted(echo) as server:
        for _ in range(2):
            with Client(server_settings(server), "m", folder=tmp_path) as client:
                results = client.ask(questions(5), ignore)
                assert texts(results) == [f"re: q{number}" for number in range(5)]
                assert client.used == Usage(50, 25)
        assert len(server.bodies) == 5


def test_a_torn_last_line_is_cut_off_and_its_request_sent_again(tmp_path: Path) -> None:
    with scripted(echo) as server:
        with Client(server_settings(server, concurrency=1), "m", folder=tmp_path) as client:
            client.ask(questions(5), ignore)
        path = tmp_path / "answers-1.jsonl"
        path.write_bytes(path.read_bytes()[:-20])
        with Client(server_settings(server), "m", folder=tmp_path) as client:
            client.ask(questions(5), ignore)
        assert server.prompts()[5:] == ["q4"]
    with Journal(tmp_path) as journal:
        assert (len(journal.settled), journal.torn) == (5, 0)


def test_a_full_disk_stops_the_run_and_keeps_the_stored_responses(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    with scripted(echo) as server:
        command = [sys.executable, "-c", f"{limit}\n{SCRIPT}", server.url, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Incomplete" in done.stderr.splitlines()[-1]
        assert "are answered and stored in" in done.stderr
        with Journal(tmp_path) as journal:
            assert 0 < len(journal.settled) < 30
            assert journal.torn == 1


PRICES = {"input": 1000.0, "output": 2000.0}
"""An answer of 10 and 5 tokens costs 0.02. A request, at most (2 + 64) and 20 tokens, costs at most 0.106."""


def test_the_budget_is_never_exceeded_and_a_higher_one_continues(tmp_path: Path) -> None:
    with scripted(echo) as server:
        for budget, sent in ((0.5, 20), (0.8, 35)):
            settings = server_settings(server, prices=PRICES, budget=budget, concurrency=8)
            with Client(settings, "m", folder=tmp_path) as client:
                with pytest.raises(Incomplete) as stopped:
                    client.ask(questions(100), ignore)
                spent = client.used.prompt_tokens / 1000 + client.used.completion_tokens / 500
                assert spent <= budget
            assert f"of a budget of {budget:g}" in str(stopped.value)
            assert f"{len(server.bodies)} of 100 requests are answered and stored in" in str(stopped.value)
            assert len(server.bodies) == sent
        settings = server_settings(server, prices=PRICES, budget=2.2)
        with Client(settings, "m", folder=tmp_path) as client:
            assert len(client.ask(questions(100), ignore)) == 100
            assert client.report == "1,000 prompt and 500 completion tokens, 2.0000 spent of a budget of 2.2"
        assert len(server.bodies) == 100


def test_attempts_of_unknown_cost_count_against_the_budget(tmp_path: Path) -> None:
    with scripted(lambda *_: Never()) as server:
        settings = server_settings(server, prices=PRICES, budget=0.25, timeout_seconds=0.3, attempts=99)
        with Client(settings, "m", folder=tmp_path) as client:
            with pytest.raises(Incomplete, match="an upper bound where the server did not count"):
                client.ask(questions(1), ignore)
            assert client.used == Usage(2 * 66, 2 * 20, estimated=True)
        with Journal(tmp_path) as journal:
            assert journal.used == Usage(2 * 66, 2 * 20, estimated=True)


def test_errors_that_are_not_charged_cost_nothing() -> None:
    with scripted(lambda _, number: http_error(500) if number < 4 else reply_with("x")) as server:
        settings = server_settings(server, prices=PRICES, budget=0.11)
        with Client(settings, "m") as client:
            assert texts(client.ask(questions(1), ignore)) == ["x"]
            assert client.used == Usage(10, 5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"budget": 1.0}, "a budget needs prices"),
        ({"url": "localhost:8000"}, "not a server's URL"),
        ({"url": "http://me:secret@host/v1"}, "must not contain a password"),
        ({"url": "${NO_SUCH_VARIABLE}/v1"}, "NO_SUCH_VARIABLE is not set"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(pydantic.ValidationError, match=message):
        Server.model_validate({"url": "http://localhost:1/v1", **settings})


def test_the_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEACHER_URL", "http://box:9/v1/")
    assert Server.model_validate({"url": "${TEACHER_URL:-http://localhost:8000/v1}"}).url == "http://box:9/v1"


def test_requirements_name_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_reachability, "TIMEOUT_SECONDS", 60)
    monkeypatch.setenv("TEACHER_KEY", "k")
    with scripted(echo) as server:
        url = server.url
        present = server_requirements(Server(url=url, key_variable="TEACHER_KEY"), "m")
        assert [each.met for each in present] == [True, True, True]
        assert server.bodies == []
    missing = server_requirements(Server(url=url.replace("/v1", "/v2"), key_variable="NO_SUCH_KEY"), "m")
    assert [each.met for each in missing] == [True, False, False]
    assert "export NO_SUCH_KEY=" in missing[2].how


def test_closing_the_stream_cancels_the_requests_in_flight() -> None:
    with scripted(lambda body, number: echo(body) if number < 3 else Never()) as server:
        with Client(server_settings(server, concurrency=2), "m") as client:
            stream = client.stream(questions(50))
            results = [next(stream) for _ in range(3)]
            stream.close()
        assert len(results) == 3
        assert len(server.bodies) <= 5


SCRIPT = """
import sys
from pathlib import Path
from crosstune.llm import Client, Request, Server
requests = [Request(f"q{number}", max_tokens=20) for number in range(30)]
with Client(Server(url=sys.argv[1], concurrency=2), "m", folder=Path(sys.argv[2])) as client:
    results = client.ask(requests, lambda done, total: None)
    print(*(result.text for result in results), sep="\\n")
"""


def test_after_a_kill_only_the_rest_is_requested(tmp_path: Path) -> None:
    released = False

    def act(body: RequestBody, number: int) -> Action:
        return echo(body) if released or number < 12 else Never()

    journal = tmp_path / "answers-1.jsonl"
    with scripted(act) as server:
        command = [sys.executable, "-c", SCRIPT, server.url, str(tmp_path)]
        with subprocess.Popen(command) as process:
            while len(server.bodies) < 14 or journal.read_bytes().count(b"\n") < 12:
                assert process.poll() is None
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        with journal.open("ab") as file:
            file.write(b'{"is": "response", "key": "torn')  # as if killed in the middle of a write
        released = True
        before = set(server.prompts()[:12])
        sent = len(server.bodies)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.split("\n")[:-1] == [f"re: q{number}" for number in range(30)]
        again = server.prompts()[sent:]
        assert len(again) == 18
        assert before.isdisjoint(again)
