"""Training in several processes."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

import pytest

from crosstune.errors import DataError, PrerequisiteError
from crosstune.tuning import _launch, load_recipe, recipe_names
from crosstune.tuning._checkpoints import last
from crosstune.tuning._job import Job
from crosstune.tuning._rows import Row
from tests.tuning import small


@pytest.mark.slow
def test_two_processes_learn_the_same_as_one(trained: Path, tmp_path: Path) -> None:
    base = trained / "out" / "model"
    seen: list[tuple[int, int]] = []
    one = small.SIX_MORE.model_copy(update={"batch_size": 4})
    two = small.SIX_MORE.model_copy(update={"batch_size": 2, "devices": 2, "save_steps": 3})

    small.train(tmp_path / "one", one, base=base)
    metrics = small.train(
        tmp_path / "two", two, base=base, progress=lambda done, total: seen.append((done, total))
    )

    assert [(step, 6) for step in range(1, 7)] == seen
    alone, together = ([row["loss"] for row in small.losses(tmp_path / name)] for name in ("one", "two"))
    assert alone == pytest.approx(together, rel=1e-4)
    assert metrics["steps"] == 6
    marks = {path.name for path in (tmp_path / "two" / "work" / "checkpoint-3").glob("whole-*")}
    assert marks == {"whole-0", "whole-1"}
    name = (tmp_path / "two/work/checkpoint-3/whole-1").read_text()
    newest = last(tmp_path / "two" / "work", 2, name)
    assert newest is not None, "the digest of both processes' files is that of the checkpoint"
    with next(newest.rglob("optimizer*")).open("r+b") as file:
        file.write(b"damaged")
    assert last(tmp_path / "two" / "work", 2, name) != newest


def test_error_of_another_process_is_raised_here(tmp_path: Path) -> None:
    error = _launch._error(tmp_path / "none", 1, deque(["one\n", "two\n"]))
    assert isinstance(error, PrerequisiteError)
    assert "ended with status 1; their last lines:\none\ntwo\n" in str(error)
    (tmp_path / "error.json").write_text(json.dumps({"kind": "DataError", "message": "no rows"}))
    error = _launch._error(tmp_path / "error.json", 1, deque())
    assert isinstance(error, DataError)
    assert str(error) == "no rows"


def test_silent_fallback_of_the_launcher_is_an_error(trained: Path, tmp_path: Path) -> None:
    from crosstune.tuning import _train

    job = Job(
        base=None,
        tokenizer=trained / "out" / "model",
        rows=[Row([1, 2, 3], 0)],
        recipe=small.RECIPE.model_copy(update={"devices": 2}),
        seed=0,
        out=tmp_path,
        work=tmp_path,
        resume=None,
        name="",
    )
    with pytest.raises(PrerequisiteError, match="asks for device cpu, 2 processes, .* found device cpu, 1"):
        _train.run(job, lambda _done, _total: None)


def test_job_is_read_as_it_was_written(tmp_path: Path) -> None:
    for name in recipe_names():
        job = Job(
            base="some/model",
            tokenizer=tmp_path / "tokenizer",
            rows=[Row([1, 2], 1)],
            recipe=load_recipe(name, tmp_path),
            seed=3,
            out=tmp_path / "out",
            work=tmp_path / "work",
            resume=None,
            name="n",
        )
        job.write(tmp_path / "job.json")
        assert job == Job.read(tmp_path / "job.json")
