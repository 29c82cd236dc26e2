"""A study's steps on a cluster of several nodes on this machine, one of which is killed while it works."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from crosstune.cluster import connected
from crosstune.files import tree_digest
from crosstune.hardware import GIB
from crosstune.records import Requirement
from crosstune.study import (
    Machine,
    OnCluster,
    Plan,
    Resources,
    RunState,
    Step,
    StepContext,
    StepKind,
    StepState,
    Store,
)
from crosstune.study._plan import path_digest, plain_settings
from crosstune.study._run import run, run_there
from tests.cli.in_process import run as command
from tests.cli.test_generate import EXERCISES
from tests.cluster.marks import DEADLINE_SECONDS, RAY_MARKS, kill_a_node
from tests.study import step_kinds as kinds
from tests.study.step_kinds import Write
from tests.study.test_run import Notes

pytest.importorskip("ray", reason="Ray is not installed; make check-cluster installs it")

pytestmark = RAY_MARKS


def wait_for_file(settings: Write, context: StepContext) -> Mapping[str, Any]:
    """Work until the file beside the log is there."""
    with Path(settings.log).open("a") as log:
        log.write(settings.text + "\n")
    while not Path(settings.log).with_name("go").exists():
        time.sleep(0.05)
    (context.out / "text").write_text(settings.text)
    return {}


def python(_settings: Write) -> tuple[str, ...]:
    return ("python",)


WAIT = dataclasses.replace(kinds.WRITE, name="wait", run=wait_for_file)
PYTHON = dataclasses.replace(kinds.WRITE, name="python", tools=python)


def step(name: str, kind: StepKind, settings: Write, *before: Step) -> Step:
    plain = plain_settings(settings, path_digest)
    return dataclasses.replace(kinds.step(name, kind, settings, *before), plain_settings=plain)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "log"


def on_ray(
    plan: Plan, root: Path, notes: Notes | None = None, prepare: Callable[[Any], None] = lambda _place: None
) -> RunState:
    store = Store(root)
    with connected("ray") as ray:
        place = OnCluster(ray, plan, store)
        prepare(place)
        return run_there(plan, store, place, notes or Notes(), root.parent / "errors")


def digests(root: Path) -> dict[str, str]:
    """Of each step's files, without the manifest, which has times."""
    return {
        folder.name: tree_digest(folder / "text")
        for folder in root.glob("[!.]*/*")
        if folder.is_dir() and folder.parent.parent == root
    }


@pytest.mark.usefixtures("one_node")
def test_results_are_those_of_this_machine(log: Path, tmp_path: Path) -> None:
    one = step("one", kinds.WRITE, Write("1", str(log)))
    two = step("two", kinds.WRITE, Write("2", str(log)))
    both = step("both", kinds.WRITE, Write("both", str(log)), one, two)
    bad = step("bad", kinds.REFUSE, Write("x", str(log)))
    after = step("after", kinds.WRITE, Write("after", str(log)), bad)
    crash = step("crash", kinds.CRASH, Write("y", str(log)))
    plan = kinds.plan(one, two, both, bad, after, crash)
    notes = Notes()
    there = on_ray(plan, tmp_path / "there", notes)
    here = run(plan, Store(tmp_path / "here"), Machine(2, 8 * GIB), Notes(), tmp_path / "errors")
    assert there.states == here.states
    assert there.messages["bad"] == here.messages["bad"] == "data.jsonl:3: not JSON"
    assert "ZeroDivisionError" in (tmp_path / "errors" / "crash.txt").read_text()
    assert digests(tmp_path / "there") == digests(tmp_path / "here")
    manifests = [state.artifacts["both"].manifest for state in (there, here)]
    assert {**manifests[0], "seconds": 0, "finished": ""} == {**manifests[1], "seconds": 0, "finished": ""}
    assert (both.name, StepState.DONE) in notes.states
    again = on_ray(kinds.plan(one, two, both), tmp_path / "there")
    assert set(again.states.values()) == {StepState.CACHED}
    assert sorted(log.read_text().split()) == sorted(["1", "2", "both"] * 2)
    assert not list((tmp_path / "cache").rglob("text"))


def test_a_node_is_killed_while_it_runs_a_step(cluster: Any, log: Path, tmp_path: Path) -> None:
    steps = [step(f"s{number}", WAIT, Write(str(number), str(log))) for number in range(3)]
    plan = kinds.plan(*steps)
    states: list[RunState] = []
    places: list[Any] = []
    root = tmp_path / "store"
    work = threading.Thread(target=lambda: states.append(on_ray(plan, root, prepare=places.append)))
    work.start()
    until = time.monotonic() + DEADLINE_SECONDS
    while not (log.exists() and len(log.read_text().split()) == 2):  # one on each node
        assert time.monotonic() < until
        assert work.is_alive()
        time.sleep(0.05)
    kill_a_node(cluster)
    while len(places[0]._nodes) == 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    log.with_name("go").touch()
    work.join(DEADLINE_SECONDS)
    assert states[0].complete, states[0].messages
    began = log.read_text().split()
    assert (set(began), len(began)) == ({"0", "1", "2"}, 4)  # the lost one twice
    assert len(digests(root)) == 3


@pytest.mark.usefixtures("one_node")
def test_steps_that_no_node_can_run_say_why(log: Path, tmp_path: Path) -> None:
    lacks = Requirement("a compiler for cobol", met=False, how="apt-get install gnucobol")
    lacking = step("lacking", kinds.WRITE, Write("x", str(log), (lacks,)))
    gpu = step("gpu", kinds.WRITE, Write("y", str(log), resources=Resources(gpus=1)))
    tools = step("tools", PYTHON, Write("z", str(log)))
    good = step("good", PYTHON, Write("good", str(log)))
    other = dataclasses.replace(good, name="other", plain_settings={"text": "of other files"})
    state = on_ray(kinds.plan(lacking, gpu, good, other), tmp_path / "store")
    assert state.states == {
        "lacking": StepState.FAILED,
        "gpu": StepState.FAILED,
        "good": StepState.DONE,
        "other": StepState.FAILED,
    }
    start = "no node of the cluster can run it: "
    assert state.messages["lacking"] == f"{start}a compiler for cobol is missing: apt-get install gnucobol"
    assert state.messages["gpu"] == f"{start}a node has 0 GPUs; the step needs 1"
    assert "is not the same as on the machine that runs the study" in state.messages["other"]
    refused = on_ray(
        kinds.plan(tools),
        tmp_path / "other",
        prepare=lambda place: place._tools.update(python="another Python"),
    )
    assert "its tools for python are 'cpython" in refused.messages["tools"]


@pytest.mark.usefixtures("log")
def test_a_study_by_a_client(client: str, tmp_path: Path) -> None:
    problems = EXERCISES.problems(EXERCISES.settings(), "python", "synthesize")
    answers = tmp_path / "answers.jsonl"
    rows = [
        {"problem": each.id, "language": each.language, "task": each.task, "answer": each.canonical}
        for each in problems
    ]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "small.yaml").write_text(
        f"""\
name: small
models:
  recorded:
    path: recorded
    back_end: {{replay: {{file: {answers}}}}}
evaluate:
- {{benchmark: exercises, languages: [python], tasks: [synthesize]}}
"""
    )
    runs = tmp_path / "runs"
    refused = command(
        "study", "run", tmp_path / "small.yaml", "--runs", runs, "--on", client, "--workers", "1"
    )
    assert (refused.status, "leave out --workers" in refused.output) == (2, True)
    done = command("study", "run", tmp_path / "small.yaml", "--runs", runs, "--on", client)
    assert done.status == 0, done.output
    assert "100" in done.output
    again = command("study", "run", tmp_path / "small.yaml", "--runs", runs)
    assert again.status == 0, again.output
