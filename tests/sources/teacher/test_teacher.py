"""A corpus from a teacher over real HTTP."""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune import corpus
from crosstune.errors import Incomplete, ServiceError
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Example
from crosstune.settings import Document, digest
from crosstune.sources import SOURCES
from crosstune.sources.teacher import TeacherSettings
from crosstune.sources.teacher._settings import in_breadth
from tests.scripted_server import (
    Action,
    Reply,
    RequestBody,
    ScriptedServer,
    http_error,
    reply_message,
    reply_with,
    scripted,
)

SEEDS = [
    {
        "instruction": f"On a line of its own, print the number {number}.",
        "input": "",
        "output": f"x = {number}",
    }
    for number in range(12)
]


def teacher(body: RequestBody, _: int = 0) -> Action:
    """A teacher that follows every prompt, always in the same way."""
    prompt = body["messages"][-1]["content"]
    old = re.search(r"===== OLD EXERCISE =====\n(.*)\n===== END", prompt, re.DOTALL)
    if old:
        change = prompt.splitlines()[1].lower().rstrip(".")
        return reply_with(f"In JavaScript: {old[1]} Moreover, {change}.", usage=(100, 20))
    if "Answer with one word" in prompt:
        return reply_with("YES", usage=(200, 1))
    assert "Write the solution in JavaScript" in prompt
    return reply_with(f"```javascript\nconsole.log({len(prompt)});\n```\nIt prints a number.", usage=(50, 40))


def settings(tmp_path: Path, where: ScriptedServer | str, **more: Any) -> TeacherSettings:
    tmp_path.mkdir(exist_ok=True)
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text("\n".join(map(json.dumps, SEEDS)))
    at = {"url": where if isinstance(where, str) else where.url, "first_wait_seconds": 0.01, "attempts": 2}
    at |= more.pop("server", {})
    base = {"seeds": str(seeds), "language": "javascript", "model": "m", "count": 8}
    return TeacherSettings.model_validate({**base, "server": at, **more})


def make(given: TeacherSettings, work: Path) -> list[Example]:
    work.mkdir(exist_ok=True)
    return list(SOURCES.load("teacher").examples(given, work, lambda _done, _total: None))


def made(
    tmp_path: Path, act: Callable[[RequestBody, int], Action], **more: Any
) -> tuple[list[Example], ScriptedServer]:
    with scripted(act) as server:
        return make(settings(tmp_path, server, **more), tmp_path / "work"), server


def report(tmp_path: Path) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads((tmp_path / "work" / "report.json").read_text())
    return counts


def is_evolution(body: RequestBody) -> bool:
    return "===== OLD EXERCISE" in body["messages"][-1]["content"]


def test_examples_record_their_provenance(tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    with scripted(teacher) as server:
        given = settings(tmp_path, server)
        (tmp_path / "work").mkdir()
        source = SOURCES.load("teacher")
        examples = list(
            source.examples(given, tmp_path / "work", lambda done, total: progress.append((done, total)))
        )
    assert len(examples) == 8
    assert len(server.bodies) == 3 * 8
    assert (progress[0], progress[-1]) == ((0, 8), (8, 8))
    assert len({example.id for example in examples}) == 8
    for example in examples:
        assert (example.language, example.task, example.source) == ("javascript", "synthesize", "teacher")
        assert example.prompt.startswith("In JavaScript: On a line of its own, print the number")
        assert example.completion.startswith("```javascript\n")
        assert example.provenance["model"] == "m"
        assert example.provenance["turn"] == "0"
        assert (example.provenance["prompt_tokens"], example.provenance["completion_tokens"]) == ("350", "61")
    journal = (tmp_path / "work" / "answers-1.jsonl").read_text()
    keys = " ".join(example.provenance["requests"] for example in examples).split()
    assert len(set(keys)) == 24
    assert all(key in journal for key in keys)
    summary = report(tmp_path)
    assert (summary["seeds"], summary["draws"], summary["pairs"], summary["failed"]) == (12, 8, 8, {})
    assert sum(summary["operations"].values()) == 8
    assert len(summary["operations"]) > 2


def test_more_examples_than_seeds_use_other_operations_on_the_same_seeds(tmp_path: Path) -> None:
    examples, _ = made(tmp_path, teacher, count=30, judge=False)
    assert len(examples) == 30
    by_seed: dict[str, list[str]] = {}
    for example in examples:
        by_seed.setdefault(example.provenance["seed"], []).append(example.provenance["operation"])
    assert sorted(map(len, by_seed.values())) == [2] * 6 + [3] * 6
    assert all(len(set(names)) == len(names) for names in by_seed.values())


def test_there_are_fewer_examples_when_all_turns_are_used(tmp_path: Path) -> None:
    examples, _ = made(tmp_path, teacher, count=100, turns=2)
    assert len(examples) == 24


@pytest.mark.parametrize("concurrency", [1, 7])
def test_neither_concurrency_nor_a_rerun_changes_the_corpus(tmp_path: Path, concurrency: int) -> None:
    def act(body: RequestBody, _: int) -> Action:
        bad = is_evolution(body) and "number 7" in str(body)
        return reply_with("Sorry, I cannot.") if bad else teacher(body)

    first, _ = made(tmp_path, act, count=20, server={"concurrency": concurrency})
    again, server = made(tmp_path, act, count=20, server={"concurrency": concurrency})
    assert first == again
    assert server.bodies == []
    with scripted(act) as server:
        plain = make(settings(tmp_path, server, count=20, server={"concurrency": 3}), tmp_path / "other")
    assert plain == first


FAILURES: dict[str, Action] = {
    "apology": reply_with("I'm sorry, but I can't do that."),
    "no words of its own": reply_with("..."),
    "too short": reply_with("Print one more number."),
    "repeats the request": reply_with("The new exercise is: print two numbers instead of one of them."),
    "unchanged": reply_with("On a line of its own -- print the number 3!"),
    "exercise cut off": reply_with("Print the number 3 and then also the numb", "length"),
    "HTTP 400": http_error(400),
    "finish_reason content_filter": reply_with("x", "content_filter"),
    "empty content": reply_with(""),
    "finish_reason tool_calls": reply_with(None, "tool_calls"),
}


@pytest.mark.parametrize("reason", FAILURES)
def test_a_failed_evolution_is_counted_and_its_seed_tried_again(tmp_path: Path, reason: str) -> None:
    failed: list[str] = []

    def act(body: RequestBody, _: int) -> Action:
        prompt = body["messages"][-1]["content"]
        if is_evolution(body) and "number 3." in prompt and (not failed or failed[0] == prompt):
            failed.append(prompt)
            return FAILURES[reason]
        return teacher(body)

    examples, _ = made(tmp_path, act, count=12, server={"concurrency": 1})
    assert len(examples) == 12
    assert report(tmp_path)["failed"] == {reason: 1}
    again = [example for example in examples if "number 3." in example.prompt]
    assert [example.provenance["turn"] for example in again] == ["1"]
    assert examples[-1] == again[0]


def test_an_exercise_that_adds_nothing_is_dropped(tmp_path: Path) -> None:
    def act(body: RequestBody, _: int) -> Action:
        prompt = body["messages"][-1]["content"]
        if "Answer with one word" not in prompt:
            return teacher(body)
        assert body["temperature"] == 0
        return (
            reply_with("NO")
            if "number 3." in prompt
            else reply_with("Hm.")
            if "number 5." in prompt
            else reply_with("YES")
        )

    examples, server = made(tmp_path, act, count=12)
    assert not any("number 3." in example.prompt or "number 5." in example.prompt for example in examples)
    assert report(tmp_path)["failed"] == {"nothing added": 2, "judge not understood": 2}
    assert sum("Write the solution" in prompt for prompt in server.prompts()) == len(examples) == 12


def test_useless_answers_are_dropped(tmp_path: Path) -> None:
    def act(body: RequestBody, _: int) -> Action:
        prompt = body["messages"][-1]["content"]
        if "Write the solution" in prompt and "number 3." in prompt:
            return reply_with("```javascript\nconst a = [", "length")
        return teacher(body)

    examples, _ = made(tmp_path, act, count=12)
    assert not any("number 3." in example.prompt for example in examples)
    assert report(tmp_path)["failed"] == {"answer cut off": 2}


def test_equal_exercises_are_used_once(tmp_path: Path) -> None:
    def act(body: RequestBody, _: int) -> Action:
        if is_evolution(body):
            return reply_with("Write a JavaScript program that does the very same for every seed.")
        return teacher(body)

    examples, _ = made(tmp_path, act, count=12)
    assert len(examples) == 1
    assert report(tmp_path)["failed"] == {"made before": 35}


def test_further_steps_evolve_the_last_result(tmp_path: Path) -> None:
    examples, server = made(tmp_path, teacher, count=30, steps=3)
    steps = [int(example.provenance["step"]) for example in examples]
    assert [steps.count(step) for step in (1, 2, 3)] == [12, 12, 6]
    for example in examples:
        assert example.prompt.count("Moreover") == int(example.provenance["step"])
    evolved = [prompt for prompt in server.prompts() if "OLD EXERCISE" in prompt]
    assert sum("What only JavaScript has" in prompt for prompt in evolved) == 18


def test_breadth_asks_for_a_different_exercise(tmp_path: Path) -> None:
    _, server = made(tmp_path, teacher, count=2, evolution="breadth")
    evolved = [prompt for prompt in server.prompts() if "OLD EXERCISE" in prompt]
    assert len(evolved) == 2
    assert all("entirely different exercise" in prompt for prompt in evolved)


def test_languages_that_are_never_executed_are_evolved_in_breadth() -> None:
    run = LANGUAGES.load("python")
    never_run = dataclasses.replace(run, tools=())
    assert [in_breadth(None, run), in_breadth(None, never_run)] == [False, True]
    assert [in_breadth("breadth", run), in_breadth("depth", never_run)] == [True, False]


def test_failed_requests_leave_the_corpus_incomplete_until_a_later_run(tmp_path: Path) -> None:
    undisturbed, _ = made(tmp_path / "a", teacher, count=12)

    def act(body: RequestBody, _: int) -> Action:
        return http_error(500) if "number 3." in str(body) else teacher(body)

    with scripted(act) as server, pytest.raises(Incomplete, match=r"1 requests failed: HTTP 500 \(1\)"):
        make(settings(tmp_path, server, count=12), tmp_path / "work")
    assert report(tmp_path)["unanswered"] == {"HTTP 500": 1}
    examples, server = made(tmp_path, teacher, count=12)
    assert examples == undisturbed
    assert len(server.bodies) == 3


def test_a_spent_budget_stops_the_run_and_a_higher_one_gives_the_same_corpus(tmp_path: Path) -> None:
    undisturbed, _ = made(tmp_path / "a", teacher)
    prices = {"input": 100.0, "output": 100.0}
    with scripted(teacher) as server:
        small = settings(tmp_path, server, server={"prices": prices, "budget": 0.4})
        with pytest.raises(Incomplete, match=r"spent of a budget of 0\.4.*raise the budget"):
            make(small, tmp_path / "work")
        sent = len(server.bodies)
        large = settings(tmp_path, server, server={"prices": prices, "budget": 10})
        assert make(large, tmp_path / "work") == undisturbed
        assert 0 < sent < 24 == len(server.bodies)


def test_kept_responses_serve_another_corpus(tmp_path: Path) -> None:
    keep = {"keep": str(tmp_path / "kept")}
    _, first = made(tmp_path, teacher, count=4, server=keep)
    (tmp_path / "work" / "report.json").unlink()
    examples, second = made(tmp_path, teacher, count=6, server=keep)
    assert (len(first.bodies), len(second.bodies), len(examples)) == (12, 6, 6)


def test_a_useless_teacher_is_an_error_rather_than_an_empty_corpus(tmp_path: Path) -> None:
    nothing = r"no usable example: no words of its own \(36\)"
    with scripted(lambda *_: reply_with("No.")) as server, pytest.raises(ServiceError, match=nothing):
        make(settings(tmp_path, server), tmp_path / "work")


def test_the_server_is_not_part_of_the_corpus_s_identity(tmp_path: Path) -> None:
    one = settings(tmp_path, "http://a/v1", server={"concurrency": 2})
    other = settings(tmp_path, "http://b/v1", server={"timeout_seconds": 5})
    assert digest(one) == digest(other)
    assert digest(one) != digest(settings(tmp_path, "http://a/v1", count=9))


def test_an_unknown_language_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(pydantic.ValidationError, match="did you mean 'javascript'"):
        settings(tmp_path, "http://a/v1", language="javascrip")


def test_requirements_name_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosstune.llm._reachability.TIMEOUT_SECONDS", 60)
    source = SOURCES.load("teacher")
    with scripted(teacher) as server:
        requirements = source.requirements(settings(tmp_path, server))
        assert [each.met for each in requirements] == [True] * len(requirements)
    unmet = settings(tmp_path, server, server={"key_variable": "NO_SUCH_KEY", "url": "http://127.0.0.1:9/v1"})
    unmet.seeds.unlink()
    missing = [each for each in source.requirements(unmet) if not each.met]
    assert [each.what.split()[1] for each in missing] == ["seed", "model", "key"]


def test_settings_are_read_from_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEACHER_URL", raising=False)
    path = tmp_path / "teacher.yaml"
    path.write_text(
        "seeds: ${CODEALPACA:-seeds.json}\nlanguage: python\nmodel: gpt-3.5-turbo\n"
        "server:\n  url: ${TEACHER_URL:-http://localhost:8000/v1}\n  key_variable: TEACHER_KEY\n"
        "  prices: {input: 0.5, output: 1.5}\n  budget: 25\n  keep: answers\n"
    )
    parsed = Document(path).parse(TeacherSettings)
    assert (parsed.seeds, parsed.count, parsed.steps) == (tmp_path / "seeds.json", 9000, 1)
    assert (parsed.server.url, parsed.server.keep) == ("http://localhost:8000/v1", tmp_path / "answers")


def thinking(needed: int, field: str = "") -> Callable[[RequestBody, int], Action]:
    """A teacher that thinks for so many tokens before it answers, in a field of its own or in its text."""

    def act(body: RequestBody, number: int) -> Action:
        thought = "Let me think about that."
        if body["max_tokens"] < needed:
            return reply_message("length", content=None, **{field or "reasoning_content": thought})
        answer = teacher(body, number)
        assert isinstance(answer, Reply)
        text = json.loads(answer.body)["choices"][0]["message"]["content"]
        if field:
            return reply_message(content=text, **{field: thought})
        return reply_message("end_turn", content=f"<think>\n{thought}\n</think>\n\n{text}")

    return act


@pytest.mark.parametrize("field", ["", "reasoning_content", "reasoning"])
def test_reasoning_never_becomes_data(tmp_path: Path, field: str) -> None:
    undisturbed, _ = made(tmp_path / "a", teacher)
    examples, server = made(tmp_path, thinking(3000, field), reasoning_tokens=4000)
    assert [(each.prompt, each.completion) for each in examples] == [
        (each.prompt, each.completion) for each in undisturbed
    ]
    assert {body["max_tokens"] for body in server.bodies} == {4000 + 1024, 4000 + 16, 4000 + 2048}


def test_the_judge_s_limit_can_be_set(tmp_path: Path) -> None:
    _, server = made(tmp_path, teacher, count=1, max_judge_tokens=99)
    assert [body["max_tokens"] for body in server.bodies] == [1024, 99, 2048]


def test_a_cut_judgement_is_named(tmp_path: Path) -> None:
    def act(body: RequestBody, _: int) -> Action:
        return reply_with(None, "length") if body["max_tokens"] == 16 else teacher(body)

    with scripted(act) as server, pytest.raises(ServiceError, match="judgement cut off.*reasoning_tokens"):
        make(settings(tmp_path, server), tmp_path / "work")


def test_a_teacher_that_is_always_cut_off_is_stopped_early(tmp_path: Path) -> None:
    """All 36 draws of the first turn are cut; two more turns would cost as much again."""
    seeds = tmp_path / "many.jsonl"
    rows = [{"instruction": f"Print the number {number}.", "output": f"x = {number}"} for number in range(36)]
    seeds.write_text("\n".join(map(json.dumps, rows)))
    with scripted(thinking(9000)) as server:
        given = settings(tmp_path, server, seeds=str(seeds), count=36)
        with pytest.raises(ServiceError, match=r"no example after 36 draws: exercise cut off \(36\)"):
            make(given, tmp_path / "work")
        assert len(server.bodies) == 36


def test_fields_can_be_left_out(tmp_path: Path) -> None:
    _, server = made(tmp_path, teacher, count=1, options={"temperature": None, "top_p": None})
    assert not any({"temperature", "top_p"} & body.keys() for body in server.bodies)


def writes_tests() -> Callable[[RequestBody, int], Action]:
    """A teacher whose second answer to each exercise is wrong, and whose third has no tests."""
    asked: collections.Counter[str] = collections.Counter()

    def act(body: RequestBody, count: int) -> Action:
        prompt = body["messages"][-1]["content"]
        if "Write the solution" not in prompt:
            return teacher(body, count)
        assert "Tests of another function look like this:\n```javascript\n" in prompt
        (number,) = re.findall(r"number (\d+)", prompt)
        asked[number] += 1
        value = int(number) + (asked[number] == 2)
        code = f"```javascript\nconst f = () => {value};\n```\nIt is a constant."
        tests = f'const assert = require("node:assert");\nassert.equal(f(), {number});'
        with_tests = f"{code}\n\n===== TESTS =====\n```javascript\n{tests}\n```"
        return reply_with(code if asked[number] == 3 else with_tests)

    return act


def test_several_answers_with_tests_of_which_one_is_proven(tmp_path: Path) -> None:
    more = {"answers": 3, "tests": True, "count": 2, "server": {"concurrency": 1}}
    examples, server = made(tmp_path, writes_tests(), **more)
    assert len(server.bodies) == 2 * (1 + 1 + 3)
    assert len(examples) == 4  # of six answers, two have no tests
    assert report(tmp_path)["failed"] == {"answer without tests": 2}
    assert [example.id.count(":") for example in examples] == [3, 4, 3, 4]
    for example in examples:
        assert "TESTS" not in example.completion
        assert example.provenance["tests"].startswith("const assert = ")
    with Judge(2) as judge:
        proof = corpus.Proof(judge, one_answer=True)
        kept = [proof(example) for example in proof.ahead(examples)]
    assert [getattr(each, "reason", "kept") for each in kept] == [
        "kept",
        "fails its tests: wrong_answer",
        "kept",
        "fails its tests: wrong_answer",
    ]


def test_later_settings_do_not_change_the_identity_of_corpora(tmp_path: Path) -> None:
    plain = settings(tmp_path, "http://localhost:1")
    assert {"answers", "tests"}.isdisjoint(plain.model_dump())
    assert settings(tmp_path, "http://localhost:1", answers=2).model_dump()["answers"] == 2
