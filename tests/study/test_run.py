from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from crosstune.records import Requirement
from crosstune.study import Board, Plan, State, Step, Store, survey
from crosstune.study._run import run

from . import jobs


class Notes:
    """A listener that keeps what it was told."""

    def __init__(self) -> None:
        self.states: list[tuple[str, State]] = []
        self.told: list[tuple[str, int, int]] = []

    def changed(self, step: Step, state: State, message: str = "", seconds: float = 0.0) -> None:
        assert message or state not in (State.FAILED, State.MISSING, State.BLOCKED)
        self.states.append((step.name, state))

    def advanced(self, step: Step, done: int, total: int) -> None:
        self.told.append((step.name, done, total))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _run(plan: Plan, store: Store, notes: Notes | None = None) -> Board:
    return run(plan, store, 2, notes or Notes(), store.root.parent / "faults")


def test_steps_run_after_their_inputs_and_never_twice(store: Store, log: Path) -> None:
    one = jobs.step("one", jobs.Write("1", str(log)))
    two = jobs.step("two", jobs.Write("2", str(log)))
    both = jobs.step("both", jobs.Write("both", str(log)), one, two)
    board = _run(jobs.plan(one, two, both), store)
    assert board.complete
    assert (board.artifacts["both"].folder / "text").read_text() == "both\n1\n2"
    assert board.artifacts["both"].metrics == {"length": 4}

    again = _run(jobs.plan(one, two, both), store)
    assert set(again.states.values()) == {State.CACHED}
    assert sorted(log.read_text().split()) == ["1", "2", "both"]


def test_the_same_work_under_another_name_is_found(store: Store, log: Path) -> None:
    _run(jobs.plan(jobs.step("one", jobs.Write("1", str(log)))), store)
    board = _run(jobs.plan(jobs.step("uno", jobs.Write("1", str(log)))), store)
    assert board.states == {"uno": State.CACHED}


def test_a_failure_stops_only_what_comes_after_it(store: Store, log: Path) -> None:
    bad = jobs.step("bad", jobs.Refuse("x", str(log)))
    after = jobs.step("after", jobs.Write("after", str(log)), bad)
    last = jobs.step("last", jobs.Write("last", str(log)), after)
    good = jobs.step("good", jobs.Write("good", str(log)))
    board = _run(jobs.plan(bad, after, last, good), store)
    assert board.states == {
        "bad": State.FAILED,
        "after": State.BLOCKED,
        "last": State.BLOCKED,
        "good": State.DONE,
    }
    assert board.messages["bad"] == "data.jsonl:3: not JSON"
    assert board.messages["last"] == "waits for after"


def test_an_unforeseen_fault_leaves_its_traceback(store: Store, log: Path) -> None:
    board = _run(jobs.plan(jobs.step("a/b", jobs.Break("x", str(log)))), store)
    assert "ZeroDivisionError: nobody foresaw this" in board.messages["a/b"]
    assert "in run" in (store.root.parent / "faults" / "a-b.txt").read_text()


def test_a_killed_worker_loses_only_its_step_and_gets_another_try(store: Store, log: Path) -> None:
    once = jobs.step("once", jobs.Die("once", str(log)))
    good = jobs.step("good", jobs.Write("good", str(log)), once)
    assert _run(jobs.plan(once, good), store).complete


def test_a_step_that_is_killed_twice_fails(store: Store, log: Path) -> None:
    always = jobs.step("always", jobs.Die("always", str(log)))
    good = jobs.step("good", jobs.Write("good", str(log)))
    board = _run(jobs.plan(always, good), store)
    assert board.states == {"always": State.FAILED, "good": State.DONE}
    assert "killed twice" in board.messages["always"]


def test_what_is_missing_is_said_and_the_rest_is_done(store: Store, log: Path) -> None:
    requirement = Requirement("a compiler for cobol", met=False, how="apt-get install gnucobol")
    lacking = jobs.step("lacking", jobs.Write("x", str(log)), requirements=(requirement,))
    after = jobs.step("after", jobs.Write("y", str(log)), lacking)
    good = jobs.step("good", jobs.Write("good", str(log)))
    notes = Notes()
    board = _run(jobs.plan(lacking, after, good), store, notes)
    assert board.states == {"lacking": State.MISSING, "after": State.BLOCKED, "good": State.DONE}
    assert board.messages["lacking"] == "a compiler for cobol (apt-get install gnucobol)"
    assert ("after", State.BLOCKED) in notes.states


def test_a_finished_step_needs_nothing(store: Store, log: Path) -> None:
    job = jobs.Write("x", str(log))
    _run(jobs.plan(jobs.step("x", job)), store)
    lacking = jobs.step("x", job, requirements=(Requirement("a GPU", met=False),))
    assert survey(jobs.plan(lacking), store).states == {"x": State.CACHED}


def test_a_corrupt_input_is_named_and_not_used(store: Store, log: Path) -> None:
    one = jobs.step("one", jobs.Write("1", str(log)))
    board = _run(jobs.plan(one), store)
    path = board.artifacts["one"].folder / "text"
    path.write_text("other")
    two = jobs.step("two", jobs.Write("2", str(log)), one)
    board = _run(jobs.plan(one, two), store)
    assert board.states["two"] is State.FAILED
    assert f"{path}: corrupt" in board.messages["two"]
    assert "Remove the folder" in board.messages["two"]


def test_an_interrupt_ends_the_workers(store: Store, log: Path) -> None:
    sleeper = jobs.step("sleeper", jobs.Sleep("x", str(log)))

    class Impatient(Notes):
        def changed(self, step: Step, state: State, message: str = "", seconds: float = 0.0) -> None:
            if state is State.RUNNING:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(jobs.plan(sleeper), store, Impatient())
    for child in multiprocessing.active_children():
        child.join(30)  # the step itself would sleep for a minute
        assert not child.is_alive()


def test_progress_is_told(store: Store, log: Path) -> None:
    notes = Notes()
    _run(jobs.plan(jobs.step("one", jobs.Write("1", str(log)))), store, notes)
    assert notes.states == [("one", State.RUNNING), ("one", State.DONE)]
    assert notes.told == [("one", 1, 1)]
