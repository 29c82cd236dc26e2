"""Steps run in worker processes, in order, within the machine's resources."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.hardware import GIB, Gpu
from crosstune.records import Requirement
from crosstune.study import Machine, Plan, Resources, RunState, Step, StepState, Store, survey
from crosstune.study._run import run

from . import step_kinds as kinds
from .step_kinds import Write

MACHINE = Machine(cores=2, memory_bytes=8 * GIB)


class Notes:
    """A listener that keeps all events."""

    def __init__(self) -> None:
        self.states: list[tuple[str, StepState]] = []
        self.progress: list[tuple[str, int, int]] = []

    def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
        assert message or state not in (StepState.FAILED, StepState.MISSING, StepState.BLOCKED)
        self.states.append((step.name, state))

    def advanced(self, step: Step, done: int, total: int) -> None:
        self.progress.append((step.name, done, total))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _run(plan: Plan, store: Store, notes: Notes | None = None) -> RunState:
    return run(plan, store, MACHINE, notes or Notes(), store.root.parent / "errors")


def test_step_runs_once_and_after_its_inputs(store: Store, log: Path) -> None:
    one = kinds.step("one", kinds.WRITE, Write("1", str(log)))
    two = kinds.step("two", kinds.WRITE, Write("2", str(log)))
    both = kinds.step("both", kinds.WRITE, Write("both", str(log)), one, two)
    state = _run(kinds.plan(one, two, both), store)
    assert state.complete
    assert (state.artifacts["both"].folder / "text").read_text() == "both\n1\n2"
    assert state.artifacts["both"].metrics == {"length": 4}

    again = _run(kinds.plan(one, two, both), store)
    assert set(again.states.values()) == {StepState.CACHED}
    assert sorted(log.read_text().split()) == ["1", "2", "both"]


def test_same_work_under_another_name_is_cached(store: Store, log: Path) -> None:
    _run(kinds.plan(kinds.step("one", kinds.WRITE, Write("1", str(log)))), store)
    state = _run(kinds.plan(kinds.step("uno", kinds.WRITE, Write("1", str(log)))), store)
    assert state.states == {"uno": StepState.CACHED}


def test_failure_blocks_only_dependent_steps(store: Store, log: Path) -> None:
    bad = kinds.step("bad", kinds.REFUSE, Write("x", str(log)))
    after = kinds.step("after", kinds.WRITE, Write("after", str(log)), bad)
    last = kinds.step("last", kinds.WRITE, Write("last", str(log)), after)
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)))
    state = _run(kinds.plan(bad, after, last, good), store)
    assert state.states == {
        "bad": StepState.FAILED,
        "after": StepState.BLOCKED,
        "last": StepState.BLOCKED,
        "good": StepState.DONE,
    }
    assert state.messages["bad"] == "data.jsonl:3: not JSON"
    assert state.messages["last"] == "waits for after"


def test_unexpected_exception_leaves_its_traceback(store: Store, log: Path) -> None:
    state = _run(kinds.plan(kinds.step("a/b", kinds.CRASH, Write("x", str(log)))), store)
    assert "ZeroDivisionError: an unexpected error" in state.messages["a/b"]
    assert "in crash" in (store.root.parent / "errors" / "a-b.txt").read_text()


def test_a_full_disk_is_no_error_of_crosstune(store: Store, log: Path) -> None:
    bad = kinds.step("bad", kinds.FILL, Write("x", str(log)))
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)))
    state = _run(kinds.plan(bad, good), store)
    assert state.states == {"bad": StepState.FAILED, "good": StepState.DONE}
    assert state.messages["bad"] == f"{store.root}: the disk is full; free some space and run it again"


def test_a_traceback_that_cannot_be_written_stops_nothing(store: Store, log: Path) -> None:
    bad = kinds.step("bad", kinds.CRASH, Write("x", str(log)))
    alone = kinds.step("alone", kinds.WRITE, Write("alone", str(log)))
    plan = kinds.plan(bad, alone)
    state = run(plan, store, MACHINE, Notes(), Path("/dev/full/errors"))
    assert (state.states["bad"], state.states["alone"]) == (StepState.FAILED, StepState.DONE)
    assert "ZeroDivisionError" in state.messages["bad"]
    assert "cannot be written to /dev/full/errors/bad.txt (Not a directory)" in state.messages["bad"]


def test_step_whose_worker_is_killed_runs_again(store: Store, log: Path) -> None:
    once = kinds.step("once", kinds.DIE, Write("once", str(log)))
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)), once)
    assert _run(kinds.plan(once, good), store).complete


def test_step_that_is_killed_twice_fails(store: Store, log: Path) -> None:
    always = kinds.step("always", kinds.DIE, Write("always", str(log)))
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)))
    state = _run(kinds.plan(always, good), store)
    assert state.states == {"always": StepState.FAILED, "good": StepState.DONE}
    assert "killed twice" in state.messages["always"]


def test_missing_requirement_is_reported_and_other_steps_run(store: Store, log: Path) -> None:
    requirement = Requirement("a compiler for cobol", met=False, how="apt-get install gnucobol")
    lacking = kinds.step("lacking", kinds.WRITE, Write("x", str(log), (requirement,)))
    after = kinds.step("after", kinds.WRITE, Write("y", str(log)), lacking)
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)))
    notes = Notes()
    state = _run(kinds.plan(lacking, after, good), store, notes)
    assert state.states == {"lacking": StepState.MISSING, "after": StepState.BLOCKED, "good": StepState.DONE}
    assert state.messages["lacking"] == "a compiler for cobol (apt-get install gnucobol)"
    assert ("after", StepState.BLOCKED) in notes.states


def test_finished_step_has_no_requirements(store: Store, log: Path) -> None:
    _run(kinds.plan(kinds.step("x", kinds.WRITE, Write("x", str(log)))), store)
    lacking = kinds.step("x", kinds.WRITE, Write("x", str(log), (Requirement("a GPU", met=False),)))
    assert survey(kinds.plan(lacking), store).states == {"x": StepState.CACHED}


def test_corrupt_input_is_reported_and_not_used(store: Store, log: Path) -> None:
    one = kinds.step("one", kinds.WRITE, Write("1", str(log)))
    state = _run(kinds.plan(one), store)
    path = state.artifacts["one"].folder / "text"
    path.write_text("other")
    two = kinds.step("two", kinds.WRITE, Write("2", str(log)), one)
    state = _run(kinds.plan(one, two), store)
    assert state.states["two"] is StepState.FAILED
    assert f"{path}: corrupt" in state.messages["two"]
    assert "Remove the folder" in state.messages["two"]


def test_interrupt_ends_the_workers(store: Store, log: Path) -> None:
    sleeper = kinds.step("sleeper", kinds.SLEEP, Write("x", str(log)))

    class Impatient(Notes):
        def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
            if state is StepState.RUNNING:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(kinds.plan(sleeper), store, Impatient())
    until = time.monotonic() + 30  # the step itself would sleep for a minute
    for child in multiprocessing.active_children():
        while child.is_alive() and time.monotonic() < until:
            time.sleep(0.01)  # not `join`: the pool's own thread may be collecting the exit status
        assert not child.is_alive()


def test_progress_is_reported(store: Store, log: Path) -> None:
    notes = Notes()
    _run(kinds.plan(kinds.step("one", kinds.WRITE, Write("1", str(log)))), store, notes)
    assert notes.states == [("one", StepState.RUNNING), ("one", StepState.DONE)]
    assert notes.progress == [("one", 1, 1)]


def test_equal_steps_do_not_run_at_the_same_time(store: Store, log: Path) -> None:
    twins = [kinds.step(name, kinds.WRITE, Write("same", str(log))) for name in ("one", "two")]
    assert _run(kinds.plan(*twins), store).complete
    assert log.read_text() == "same\n"


def test_scaling_step_gets_all_free_cores(store: Store, log: Path) -> None:
    scaling = Write("x", str(log), resources=Resources(scales=True))
    fixed = kinds.step("fixed", kinds.OBSERVE, Write("y", str(log)))
    alone = kinds.step("alone", kinds.OBSERVE, scaling, fixed)
    state = _run(kinds.plan(fixed, alone), store)
    assert state.artifacts["fixed"].metrics["cores"] == 1
    assert state.artifacts["alone"].metrics["cores"] == 2


def test_elastic_step_is_lent_the_core_of_a_step_that_ends(store: Store, tmp_path: Path) -> None:
    elastic = Write("0 1", str(tmp_path), resources=Resources(scales=True, elastic=True))
    plan = kinds.plan(
        kinds.step("elastic", kinds.BORROW, elastic),
        kinds.step("other", kinds.AWAIT_FILE, Write("1", str(tmp_path))),
    )
    state = _run(plan, store)
    assert state.artifacts["elastic"].metrics == {"cores": 1, "lent": [0, 1]}


def test_gpu_step_sees_only_its_gpus_in_a_process_of_its_own(store: Store, log: Path) -> None:
    machine = Machine(2, 8 * GIB, (Gpu("GPU-a", 24.0), Gpu("GPU-b", 80.0)))
    large = Write("x", str(log), resources=Resources(gpus=1, gpu_gib=40.0))
    on_gpu = [kinds.step(name, kinds.OBSERVE, replace(large, text=name)) for name in ("one", "two")]
    plan = kinds.plan(*on_gpu, kinds.step("cpu", kinds.OBSERVE, Write("z", str(log))))
    found = {
        name: made.metrics for name, made in run(plan, store, machine, Notes(), store.root).artifacts.items()
    }
    assert {name: each["gpus"] for name, each in found.items()} == {"one": "GPU-b", "two": "GPU-b", "cpu": ""}
    assert len({each["process"] for each in found.values()}) == 3


def test_killed_gpu_step_runs_again(store: Store, log: Path) -> None:
    machine = Machine(2, 8 * GIB, (Gpu("GPU-a", 24.0),))
    once = kinds.step("once", kinds.DIE, Write("once", str(log), resources=Resources(gpus=1)))
    good = kinds.step("good", kinds.WRITE, Write("good", str(log)))
    assert run(kinds.plan(once, good), store, machine, Notes(), store.root).complete
