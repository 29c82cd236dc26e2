"""The same programs judged with a kept-alive compiler and without."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pytest

from crosstune.execution import Judge, _judge
from crosstune.records import Program, Verdict


def both_ways(
    programs: Iterable[Program], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Verdict], list[Verdict], dict[str, int]]:
    """Verdicts with servers and without, and how many servers were started."""
    asked = list(programs)
    with Judge() as judge:
        fast = list(judge.run(asked))
        started = dict(judge._compile_servers.started)
    real = _judge.judging_of
    with monkeypatch.context() as patch, Judge() as judge:
        patch.setattr(_judge, "judging_of", lambda name: dataclasses.replace(real(name), compile_server=None))
        plain = list(judge.run(asked))
        assert not judge._compile_servers.started
    return fast, plain, started


def same(fast: Verdict, plain: Verdict) -> bool:
    """Whether all is the same but what it cost; programs' own output included."""
    costs = {"cpu_seconds": 0.0, "wall_seconds": 0.0, "peak_bytes": 0}
    return dataclasses.replace(fast, **costs) == dataclasses.replace(plain, **costs)  # type: ignore[arg-type]
