"""The same programs, judged with a compile server and without."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pytest

from crosstune.execution import Judge, _judge
from crosstune.records import Program, Verdict


def judge_with_and_without_server(
    programs: Iterable[Program], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Verdict], list[Verdict], dict[str, int]]:
    """Verdicts with servers and without, and the number of servers started for each language."""
    wanted = list(programs)
    with Judge() as judge:
        served = list(judge.run(wanted))
        started = dict(judge._compile_servers.started)
    judging_of = _judge.judging_of
    with monkeypatch.context() as patch, Judge() as judge:
        patch.setattr(
            _judge, "judging_of", lambda name: dataclasses.replace(judging_of(name), compile_server=None)
        )
        plain = list(judge.run(wanted))
        assert not judge._compile_servers.started
    return served, plain, started


def equal_except_cost(served: Verdict, plain: Verdict) -> bool:
    """Whether everything but the cost is equal, the program's own output included."""
    costs = {"cpu_seconds": 0.0, "wall_seconds": 0.0, "peak_bytes": 0}
    return dataclasses.replace(served, **costs) == dataclasses.replace(plain, **costs)  # type: ignore[arg-type]
