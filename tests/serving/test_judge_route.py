"""Our own route, and what describes the server."""

from __future__ import annotations

import re
from typing import Any

import pytest

import crosstune
from crosstune.execution import requirements
from tests.serving.served import Server

ADD = {
    "language": "python",
    "candidate": "def add(a, b):\n    return a + b\n",
    "tests": "assert add(1, 2) == 3\n",
    "declaration": "def add(a, b):\n",
    "entry_points": ["add"],
}
DOUBLE = {
    "id": "double",
    "language": "python",
    "candidate": "print(int(input()) * 2)\n",
    "cases": [{"stdin": "1", "stdout": "2"}, {"stdin": "2", "stdout": "5"}, {"stdin": "x", "stdout": ""}],
    "temperature": 0.2,
}


def judged(server: Server, *programs: dict[str, Any]) -> list[dict[str, Any]]:
    reply = server.post("/judge", {"programs": programs})
    assert reply.status == 200, reply.body
    verdicts: list[dict[str, Any]] = reply.body["verdicts"]
    return verdicts


def test_a_batch(server: Server) -> None:
    wrong = {**ADD, "id": "wrong", "candidate": "def add(a, b):\n    return a - b\n"}
    first, second, third, fourth = judged(server, {**ADD, "id": "a"}, wrong, DOUBLE, {**ADD, "id": "b"})
    assert [each["id"] for each in (first, second, third, fourth)] == ["a", "wrong", "double", "b"]
    assert [each["verdict"] for each in (first, second, fourth)] == ["passed", "wrong_answer", "passed"]
    assert first["isolation"] == "separate"
    assert [case["verdict"] for case in third["cases"]] == ["passed", "wrong_answer", "runtime_error"]
    assert all(case["cpu_seconds"] > 0 for case in third["cases"])
    assert third["extra"] == {"temperature": 0.2}


@pytest.mark.skipif(not all(each.met for each in requirements("go")), reason="Go cannot be run here")
def test_an_error_of_the_judge_is_apart(server: Server) -> None:
    (verdict,) = judged(server, {"language": "go", "candidate": "package main\n", "tests": "package main\n"})
    assert verdict["verdict"] == "harness_error"
    assert verdict["stderr"]


def test_a_deadline(server: Server) -> None:
    programs = [{**DOUBLE, "candidate": "while True: pass\n"}, ADD]
    reply = server.post("/judge", {"programs": programs, "deadline_seconds": 2})
    late, _ = reply.body["verdicts"]
    assert (late["verdict"], late["stderr"]) == ("harness_error", "not run: the deadline of 2 s has passed")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b'{"programs":', 422, "JSON decode error"),
        (b"[" * 100_000, 400, "error parsing the body"),
        (b'"\xff"', 400, "error parsing the body"),
        (b"", 422, "body: Field required"),
        ({"programs": []}, 422, "body.programs: List should have at least 1 item"),
        ({"programs": [{"language": "python"}]}, 422, "body.programs.0.candidate: Field required"),
        ({"programs": [ADD], "deadline": 3}, 422, "body.deadline: Extra inputs are not permitted"),
        ({"programs": [ADD, {**ADD, "language": "klingon"}]}, 422, "program 2 of 2: unknown language"),
        ({"programs": [{**ADD, "cases": DOUBLE["cases"]}]}, 422, "both tests and cases"),
        (
            {"programs": [{**ADD, "limits": {"cpu_seconds": -1}}]},
            422,
            "limits: cpu_seconds: expected a number",
        ),
        ({"programs": [{**ADD, "test": "x"}]}, 200, ""),
        ({"programs": [DOUBLE] * 2000}, 413, "a request may have 1024 programs, this one has 2000"),
    ],
)
def test_a_bad_request(server: Server, body: Any, status: int, message: str) -> None:
    reply = server.post("/judge", body)
    assert reply.status == status
    assert message in reply.body.get("detail", "")


def test_half_a_surrogate_pair_is_returned_as_it_came(server: Server) -> None:
    (verdict,) = judged(server, {**ADD, "note": "\ud800"})
    assert (verdict["verdict"], verdict["extra"]) == ("passed", {"note": "\ud800"})


def test_a_body_of_another_type(server: Server) -> None:
    """A web page may send plain text to any address; JSON it may not."""
    reply = server.post("/judge", {"programs": [ADD]}, **{"Content-Type": "text/plain"})
    assert reply.status == 422


def test_the_server_describes_itself(server: Server) -> None:
    state = server.state()
    assert state == {
        "status": "ok",
        "version": crosstune.__version__,
        "workers": 2,
        "running": state["running"],
        "waiting": 0,
    }
    paths = server.get("/openapi.json").body["paths"]
    assert {"/judge", "/run_code", "/verify", "/api/v2/execute", "/execute_batch", "/languages"} <= set(paths)


def test_metrics(server: Server) -> None:
    judged(server, ADD)
    text = server.get("/metrics").body
    counted = re.search(
        r'^crosstune_programs_total\{language="python",status="passed"\} ([\d.]+)', text, re.MULTILINE
    )
    assert counted
    assert float(counted[1]) >= 1
    assert re.search(r'^crosstune_requests_total\{route="/judge",status="200"\}', text, re.MULTILINE)
    server.get("/no/such/path")
    assert "/no/such/path" not in server.get("/metrics").body


@pytest.mark.slow
def test_languages(server: Server) -> None:
    known = {each["name"]: each for each in server.get("/languages").body}
    python = known["python"]
    assert python["available"]
    assert python["tools"].startswith("cpython 3.")
    assert "py" in python["aliases"]
    assert (python["cases"], python["calls"]) == (True, True)
    assert all(each["tools"] or each["missing"] for each in known.values())
