"""The generate step ends with every answer, or says which are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.errors import Incomplete
from crosstune.generation import BACK_ENDS, Decoding
from crosstune.study._kind import StepContext
from crosstune.study._selection import ProblemSelection
from crosstune.study.steps import generate
from tests.scripted_server import Action, RequestBody, ScriptedServer, http_error, reply_with, scripted


def run(server: ScriptedServer, folder: Path) -> Any:
    benchmark, back_end = BENCHMARKS.load("exercises"), BACK_ENDS.load("openai-compatible")
    at = {"url": server.url, "first_wait_seconds": 0.0, "attempts": 2}
    settings = generate.Generate(
        "m",
        "chat",
        back_end.name,
        back_end.version,
        back_end.settings.model_validate({"server": at}),
        ProblemSelection(
            benchmark.name, benchmark.version, benchmark.settings(), ("python",), ("synthesize",)
        ),
        Decoding(),
    )
    out, work = folder / "out", folder / "work"
    out.mkdir(parents=True, exist_ok=True)
    return generate.run(settings, StepContext({}, out, work, folder / "verdicts", lambda _done, _total: None))


def test_an_answer_without_text_is_an_answer(tmp_path: Path) -> None:
    with scripted(lambda *_: reply_with(None, "length")) as server:
        counts = run(server, tmp_path)["generation"]
        assert len(server.bodies) == counts["answers"]
    assert (counts["errors"], counts["at_length_limit"]) == (0, counts["answers"])
    completions = list(generate.read_completions(tmp_path / "out"))
    assert {(each.text, each.finish_reason, each.error) for each in completions} == {("", "length", "")}


def test_missing_answers_leave_the_step_incomplete_and_only_they_are_asked_again(tmp_path: Path) -> None:
    def act(body: RequestBody, _: int) -> Action:
        return http_error(500, "boom") if body["messages"][-1]["content"] == broken else reply_with("x")

    exercises = BENCHMARKS.load("exercises")
    problems = exercises.problems(exercises.settings(), "python", "synthesize")
    broken = ""
    with scripted(act) as server:
        run(server, tmp_path / "first")
        broken, before = server.prompts()[7], len(server.bodies)
        with pytest.raises(Incomplete, match=rf"1 of {len(problems)} answers are missing: HTTP 500"):
            run(server, tmp_path / "second")
        assert len(server.bodies) == before + len(problems) + 1
        broken = ""
        run(server, tmp_path / "second")
        assert len(server.bodies) == before + len(problems) + 2


def test_a_local_model_uses_the_cores_that_it_is_lent(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    lent = [1]
    reports: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        reports.append((done, total))

    before = torch.get_num_threads()
    context = StepContext({}, tmp_path, tmp_path, tmp_path / "verdicts", note, cores=1, lent=lambda: lent[0])
    with generate._threads(context) as progress:
        used = [torch.get_num_threads()]
        for lent[0] in (1, 2, 0):
            progress(len(used), 9)
            used.append(torch.get_num_threads())
    assert used == [2, 2, 3, 1]
    assert reports == [(1, 9), (2, 9), (3, 9)]
    assert torch.get_num_threads() == before
