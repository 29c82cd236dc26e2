"""A study's progress where the output is no terminal, and for whoever asks while another process runs it."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from crosstune.cli import _live, _plan
from crosstune.study import OpenRun, StepState, Store
from crosstune.study._under_way import UnderWay
from tests.study import step_kinds as kinds


@pytest.fixture
def opened(tmp_path: Path) -> OpenRun:
    settings = kinds.Write("1", str(tmp_path / "log"))
    steps = (kinds.step(name, kinds.WRITE, settings) for name in ("tune/a", "judge/a/go"))
    return OpenRun(kinds.plan(*steps), Store(tmp_path / "store"), tmp_path / "small", cast("Any", None))


def lines(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_steps_under_way_are_counted(opened: OpenRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_live, "LINE_SECONDS", 0.0)
    first, second = opened.plan.steps
    with _live.Live(opened, 2, Console(file=io.StringIO())) as live:
        live.changed(first, StepState.RUNNING)
        live.changed(second, StepState.RUNNING)
        live.advanced(first, 3, 12)
        live.advanced(second, 1, 164)
    assert lines(live.console) == [
        "… [0/2] time left unknown tune/a 3/12 · judge/a/go",
        "… [0/2] time left unknown tune/a 3/12 · judge/a/go 1/164",
    ]


def test_no_line_before_the_first_half_minute(opened: OpenRun) -> None:
    step, _ = opened.plan.steps
    with _live.Live(opened, 2, Console(file=io.StringIO())) as live:
        live.changed(step, StepState.RUNNING)
        live.advanced(step, 3, 12)
    assert lines(live.console) == []


def test_status_of_a_study_that_is_running(opened: OpenRun, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.folder.mkdir()
    first, second = opened.plan.steps
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began)
    with opened._alone(), UnderWay(_live.Live(opened, 2), opened.folder / "under-way.json") as run:
        run.changed(first, StepState.RUNNING)
        run.advanced(first, 1, 1200)
        run.changed(second, StepState.RUNNING)
        monkeypatch.setattr(time, "time", lambda: began + 200)
        console = Console(file=io.StringIO())
        _plan.print_status(opened, console)
        assert lines(console)[-3:] == [
            "running now",
            "  tune/a  1 of 1,200 · 3:20 spent",
            "  judge/a/go  3:20 spent",
        ]
        run.changed(first, StepState.DONE)
        assert list(opened.under_way()) == ["judge/a/go"]
    assert not (opened.folder / "under-way.json").exists()
    console = Console(file=io.StringIO())
    _plan.print_status(opened, console)
    assert lines(console)[-1] == "not running"


def test_what_a_killed_run_left_is_not_under_way(opened: OpenRun) -> None:
    (opened.folder).mkdir()
    (opened.folder / "under-way.json").write_text('{"tune/a": {"began": 0.0, "done": 1, "total": 2}}')
    assert opened.under_way() == {}
