"""Rows translated by a scripted teacher over real HTTP, and judged in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pydantic
import pytest

from crosstune.corpus import Proof
from crosstune.errors import DataError, Incomplete, ServiceError
from crosstune.execution import Judge
from crosstune.records import Example
from crosstune.sources import SOURCES
from crosstune.sources.translate import STAGES, TranslateSettings
from tests.languages.skipping import skip_without_tools
from tests.scripted_server import Action, RequestBody, ScriptedServer, http_error, reply_with, scripted

ROWS: Sequence[Mapping[str, Any]] = (
    {
        "task_id": 1,
        "text": "Write a Python function to add two numbers.",
        "code": "def add_two(a, b):\n    return a + b\n",
        "test_list": ["assert add_two(1, 2) == 3", "assert add_two(b=-1, a=0) == -1"],
        "licence": "cc-by-4.0",
    },
    {
        "task_id": 2,
        "text": "Write a function that squares the numbers of a list.",
        "code": "def squares(xs):\n    return [x * x for x in xs]\n",
        "test_list": ["assert squares([]) == []"],
    },
    {
        "task_id": 3,
        "text": "Write a function that says whether all numbers are below a limit.",
        "code": "def all_below(xs, limit):\n    return all(x < limit for x in xs)\n",
        "test_list": ["assert all_below([1, 2], 2) == False", "assert all_below([1, 2], 3)"],
    },
    {
        "task_id": 4,
        "text": "Write a function that doubles.",
        "code": "def twice(x):\n    return x + 2\n",
        "test_list": ["assert twice(3) == 6"],
    },
    {"task_id": 5, "text": "Greet.", "code": "def greet():\n    return 'hi'\n", "test_list": []},
    {
        "task_id": 6,
        "text": "Write a function that returns a set.",
        "code": "def alone(x):\n    return {x}\n",
        "test_list": ["assert alone(1) == {1}"],
    },
)
RIGHT: Mapping[str, Mapping[str, str]] = {
    "javascript": {
        "add_two": "function addTwo(a, b) {\n  return a + b;\n}",
        "squares": "function squares(xs) {\n  return xs.map(x => x * x);\n}",
        "all_below": "function allBelow(xs, limit) {\n  return xs.every(x => x < limit);\n}",
    },
    "rust": {
        "add_two": "fn add_two(a: i32, b: i32) -> i32 {\n    a + b\n}",
        "squares": "fn squares(xs: Vec<i32>) -> Vec<i32> {\n    xs.iter().map(|x| x * x).collect()\n}",
        "all_below": "fn all_below(xs: Vec<i32>, limit: i32) -> bool {\n    xs.iter().all(|x| *x < limit)\n}",
    },
}
WRONG = {
    "javascript": "function allBelow(xs, limit) {\n  return xs.every(x => x <= limit);\n}",
    "rust": "fn all_below(xs: Vec<i32>, limit: i32) -> bool {\n    xs.iter().all(|x| *x <= limit)\n}",
}


class Teacher:
    """Answers with the right code; with ``first`` instead to a function, as often as it has answers."""

    def __init__(self, language: str, **first: Sequence[Action]) -> None:
        self.language, self.first = language, {name: list(each) for name, each in first.items()}

    def __call__(self, body: RequestBody, _: int = 0) -> Action:
        prompt = body["messages"][-1]["content"]
        name = next(name for name in RIGHT[self.language] if f"def {name}(" in prompt)
        if self.first.get(name):
            return self.first[name].pop(0)
        return code(RIGHT[self.language][name])


def code(text: str) -> Action:
    return reply_with(f"Here it is:\n```\n{text}\n```\nIt does the same.", usage=(100, 20))


def settings(tmp_path: Path, where: ScriptedServer | str, language: str, **more: Any) -> TranslateSettings:
    rows = more.pop("rows", None) or tmp_path / "rows.jsonl"
    if rows == tmp_path / "rows.jsonl":
        rows.write_text("".join(f"{json.dumps(each)}\n" for each in ROWS))
    url = where if isinstance(where, str) else where.url
    server = {"url": url, "attempts": 2, "first_wait_seconds": 0.01} | more.pop("server", {})
    return TranslateSettings.model_validate(
        {"rows": str(rows), "language": language, "model": "m", "server": server, "workers": 2, **more}
    )


def translated(tmp_path: Path, wanted: TranslateSettings) -> list[Example]:
    return list(SOURCES.load("translate").examples(wanted, tmp_path / "work", lambda _done, _total: None))


def report(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / "work" / "report.json").read_text())
    return found


def dropped(tmp_path: Path) -> dict[str, str]:
    lines = (tmp_path / "work" / "dropped.jsonl").read_text().splitlines()
    return {row["id"]: row["reason"] for row in map(json.loads, lines)}


@pytest.mark.parametrize("language", sorted(RIGHT))
def test_rows_are_kept_whose_tests_pass_and_kill_mutants(language: str, tmp_path: Path) -> None:
    skip_without_tools(language)
    with scripted(Teacher(language)) as server:
        examples = translated(tmp_path, settings(tmp_path, server, language))
        assert len(server.bodies) == 3  # rows without tests that can be used are not asked for
    assert [each.provenance["from"] for each in examples] == ["1", "3"]
    assert dropped(tmp_path) == {
        "2": "its tests kill too few mutants",
        "4": "its Python code fails its tests: wrong_answer",
        "5": "no tests",
        "6": "tests not translated: a set",
    }
    found = report(tmp_path)
    assert list(found["yield"]) == list(STAGES)
    assert list(found["yield"].values()) == [6, 5, 4, 3, 3, 3, 3, 3, 2]
    assert found["used"] == "300 prompt and 60 completion tokens"
    first = examples[0]
    assert first.completion == RIGHT[language]["add_two"] + "\n"
    assert first.prompt.startswith(
        f"Write a {language.title().replace('Javas', 'JavaS')} function to add two numbers.\n\n"
    )
    assert (first.language, first.source, first.provenance["licence"]) == (language, "translate", "cc-by-4.0")
    with Judge(2) as judge:
        proof = Proof(judge)
        assert [proof(each) for each in examples] == examples  # `crosstune corpus prove` agrees


@pytest.mark.parametrize("language", sorted(RIGHT))
def test_a_wrong_translation_is_dropped_unless_another_answer_passes(language: str, tmp_path: Path) -> None:
    skip_without_tools(language)
    wrong = (code(WRONG[language]), code("broken ("))
    for answers, kept in ((2, ["1"]), (3, ["1", "3"])):
        with scripted(Teacher(language, all_below=wrong)) as server:
            examples = translated(
                tmp_path / str(answers), settings(tmp_path, server, language, answers=answers)
            )
            assert len(server.bodies) == 2 + answers  # one answer is enough where it passes
        assert [each.provenance["from"] for each in examples] == kept
        reason = dropped(tmp_path / str(answers)).get("3")
        assert reason == (None if "3" in kept else "its translation fails the tests: wrong_answer")
    assert examples[1].provenance["answer"] == "3"
    assert len(examples[1].provenance["requests"].split()) == 3
    assert examples[1].provenance["prompt_tokens"] == "300"
    assert report(tmp_path / "3")["answers"]["its translation fails the tests: wrong_answer"] == 1


def test_weak_tests_are_kept_without_mutants(tmp_path: Path) -> None:
    with scripted(Teacher("javascript")) as server:
        examples = translated(tmp_path, settings(tmp_path, server, "javascript", mutants=0))
    assert [each.provenance["from"] for each in examples] == ["1", "2", "3"]


def test_a_run_continues_where_it_was_interrupted(tmp_path: Path) -> None:
    server_settings = {"concurrency": 1}

    def act(body: RequestBody, _: int) -> Action:
        return http_error(500) if broken and "def all_below" in str(body) else Teacher("javascript")(body)

    broken = True
    with scripted(act) as server:
        wanted = settings(tmp_path, server, "javascript", server=server_settings)
        with pytest.raises(Incomplete, match="1 requests failed: HTTP 500"):
            translated(tmp_path, wanted)
        asked = len(server.bodies)
        broken = False
        examples = translated(tmp_path, wanted)
        assert [body["messages"] for body in server.bodies[asked:]] == [server.bodies[-1]["messages"]]
        assert "def all_below" in str(server.bodies[-1])
        again = len(server.bodies)
        assert translated(tmp_path, wanted) == examples
        assert len(server.bodies) == again
    with scripted(Teacher("javascript")) as server:
        straight = translated(
            tmp_path / "straight", settings(tmp_path, server, "javascript", server=server_settings)
        )
    assert straight == examples


def test_no_program_runs_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(Teacher("javascript")) as server:
        wanted = settings(tmp_path, server, "javascript")
        examples = translated(tmp_path, wanted)
        monkeypatch.setattr(Judge, "_judged", lambda *_: pytest.fail("a program runs again"))
        assert translated(tmp_path, wanted) == examples


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply_with("I'm sorry, but I cannot do that."), r"answer: apology \(3\)"),
        (reply_with("function addTwo(a", "length"), r"answer cut off \(3\).*max_answer_tokens"),
        (reply_with("It adds numbers as anyone would."), r"answer without the code that was asked for \(3\)"),
        (reply_with("", "content_filter"), "no answer: finish_reason content_filter"),
        (http_error(401, "who?"), "401"),
    ],
)
def test_a_teacher_that_gives_no_code_is_an_error(answer: Action, message: str, tmp_path: Path) -> None:
    with scripted(lambda *_: answer) as server, pytest.raises(ServiceError, match=message):
        translated(tmp_path, settings(tmp_path, server, "javascript"))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{**ROWS[0], "test_list": []}], "no row has tests; expected Python assertions in a column"),
        ([{**ROWS[4], "tests": "assert 1"}, ROWS[5]], r"no row has tests that can be used: .*a set \(1\)"),
        ([{"code": "x"}], r"no row is usable; .*no column prompt, instruction, .*columns\.prompt"),
        ([{"text": "x", "code": 5}], "column 'code': expected text, found a number"),
        ([], "has no rows"),
    ],
)
def test_rows_that_cannot_be_used_are_an_error(rows: list[Any], message: str, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    with pytest.raises(DataError, match=message):
        translated(tmp_path, settings(tmp_path, "http://127.0.0.1:9/v1", "javascript", rows=file))


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("rusty", "unknown language .rusty.*did you mean .rust."),
        ("python", "in Python already"),
        ("html", "html: calls of its functions cannot be judged.*javascript"),
    ],
)
def test_languages_that_cannot_be_translated_into(language: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(pydantic.ValidationError, match=message):
        settings(tmp_path, "http://127.0.0.1:9/v1", language)


def test_requirements_name_what_is_missing(tmp_path: Path) -> None:
    wanted = settings(tmp_path, "http://127.0.0.1:9/v1", "javascript", rows=tmp_path / "none.jsonl")
    missing = [each.what for each in SOURCES.load("translate").requirements(wanted) if not each.met]
    assert any("none.jsonl" in each for each in missing)
    assert any("127.0.0.1:9" in each for each in missing)
