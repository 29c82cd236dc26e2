"""A cell: runs one command after another, each in a sandbox of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from crosstune.records import Limits
from crosstune.sandbox import _isolation
from crosstune.sandbox._groups import version
from crosstune.sandbox._keeper import START_SECONDS, Keeper, Kind, Lost, Recipe
from crosstune.sandbox._records import Limit, Outcome, Stage
from crosstune.sandbox._withheld import FILTER, GROUPS, NESTING, withheld

_GRACE_SECONDS = 30.0
# A program that reaches its limit of processes is stopped by the watcher; the kernel's own
# limit stands a little higher, so that the watcher sees it.
_TASK_SLACK = 16

_TRIAL = Stage(
    argv=("/bin/sh", "-c", ":"),
    limits=Limits(
        cpu_seconds=10,
        wall_seconds=30,
        memory_bytes=64 << 20,
        processes=16,
        file_bytes=1 << 20,
        output_bytes=1 << 16,
        disk_bytes=1 << 20,
    ),
)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What holds programs here. ``namespaces``: ``fresh`` (prepared, new for every program), ``single`` (a
    bubblewrap for every program, slower) or ``none``; ``groups`` (which control memory): ``v2``, ``v1`` or
    ``none``; ``version`` is bubblewrap's; ``withheld`` are parts that could be had and were not wanted."""

    namespaces: str
    call_filter: bool
    groups: str
    version: str
    withheld: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The parts of bubblewrap's sandbox that are not there, by their names in CROSSTUNE_WITHOUT, whether
        this machine lacks them or they were not wanted: some programs get other verdicts then."""
        walled = self.namespaces != "none"
        there = {
            NESTING: self.namespaces == "fresh" or not walled,
            GROUPS: self.groups != "none",
            FILTER: self.call_filter or not walled,
        }
        return tuple(part for part, is_there in there.items() if not is_there)


@functools.cache
def probe(kind: Kind = "bubblewrap") -> Enforcement:
    """Really start something, and say what holds it.

    Raises:
        SandboxUnavailable: it does not work here; the message says what to do.
        UsageError: a part of it shall be left out that nobody knows.
    """
    if kind == "none":
        return Enforcement(namespaces="none", call_filter=False, groups=version(), version="")
    found = Enforcement(
        namespaces="single",
        call_filter=bool(_isolation.filter_of_calls()),
        groups=version(),
        version=_isolation.bubblewrap_version(),
        withheld=withheld(),
    )
    if error := _try(Recipe(kind=kind, nested=False)):
        raise _isolation.explain_failure(error)
    if NESTING in found.withheld or _try(Recipe(kind=kind, nested=True)):
        return found
    return replace(found, namespaces="fresh")


def _try(recipe: Recipe) -> str:
    """Have a keeper run a harmless command; empty when that works, else why not."""
    keeper = Keeper(recipe, _TRIAL.limits.disk_bytes)
    stages = [_plain(_TRIAL, limit_tasks=True)]
    try:
        request = {"files": {}, "disk_bytes": _TRIAL.limits.disk_bytes, "stages": stages}
        answer = keeper.ask(request, [_TRIAL.brief], START_SECONDS)
    except Lost as error:
        return str(error) or "it ended without a word"
    finally:
        keeper.close()
    if "outcomes" not in answer:
        return str(answer.get("fault"))
    (outcome,) = _outcomes(answer["outcomes"], killed=False, refused=False)
    failed = outcome.exit_status or outcome.limit
    return f"a harmless command failed: {outcome.fault or outcome.stderr or outcome}" if failed else ""


class Cell:
    """Runs commands of one sort of program: ``mounts`` are files and folders that they can read beyond
    the system's own programs. ``preload`` is a Python file whose ``prepare(preload_settings)`` is called
    once (``preload_settings`` is asked
    for them, told `place`) and gives the program, ``main([brief], report)``, of a stage without ``argv``.

    For one thread at a time; the keeper ends with the thread that first used it.
    """

    def __init__(
        self,
        kind: Kind = "bubblewrap",
        mounts: Sequence[Path] = (),
        preload: Path | None = None,
        preload_settings: Callable[[Callable[[Path], str]], str] | None = None,
    ) -> None:
        self._kind = kind
        self._recipe = Recipe(
            kind=kind,
            nested=probe(kind).namespaces == "fresh",
            mounts=tuple(mounts),
            preload=preload,
            preload_settings=preload_settings(self.place) if preload_settings else "",
        )
        self._keeper: Keeper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def place(self, path: Path) -> str:
        """Where programs see ``path``, which lies in one of the mounts."""
        return _isolation.place(path) if self._kind == "bubblewrap" else str(path)

    def run(self, stages: Sequence[Stage], files: Mapping[str, str | bytes] | None = None) -> list[Outcome]:
        """Run ``stages`` one after another in one fresh working folder that holds ``files``, until
        one does not end with status 0. Nothing of them lives on.

        Raises:
            Lost: the keeper ended without an answer.
            SandboxUnavailable: it could not be started.
        """
        disk_bytes = max(stage.limits.disk_bytes for stage in stages)
        if self._keeper is None:
            self._keeper = Keeper(self._recipe, disk_bytes)
        self._keeper.limit(
            max(stage.limits.memory_bytes for stage in stages),
            max(stage.limits.processes for stage in stages) + _TASK_SLACK,
        )
        request = {
            "files": dict(files or {}),
            "disk_bytes": disk_bytes,
            "stages": [_plain(stage, limit_tasks=self._kind != "none") for stage in stages],
        }
        patience = sum(stage.limits.wall_seconds for stage in stages) + _GRACE_SECONDS
        return self._ask(self._keeper, request, [stage.brief for stage in stages], patience)

    def _ask(
        self, keeper: Keeper, request: dict[str, Any], briefs: Sequence[str], patience: float
    ) -> list[Outcome]:
        before = keeper.denials()
        try:
            answer = keeper.ask(request, briefs, patience)
            if "outcomes" not in answer:
                raise Lost(str(answer.get("fault") or f"the keeper answered {answer}"))
        except Lost as error:
            kills = keeper.denials()[0] - before[0]
            self.close()
            raise Lost(str(error), memory=kills > 0) from None
        kills, refusals = (now - then for now, then in zip(keeper.denials(), before, strict=True))
        if not self._recipe.nested:
            self.close()
        return _outcomes(answer["outcomes"], kills > 0, refusals > 0)

    def close(self) -> None:
        if self._keeper:
            self._keeper.close()
            self._keeper = None


def _plain(stage: Stage, limit_tasks: bool) -> dict[str, Any]:
    limits = asdict(stage.limits)
    hard = stage.limits.processes + _TASK_SLACK if limit_tasks else 0
    return {
        "argv": list(stage.argv),
        "environment": dict(stage.environment),
        "reserve_bytes": stage.reserve_bytes,
        "processes_hard": hard,
        **limits,
    }


def _outcomes(rows: Any, killed: bool, refused: bool) -> list[Outcome]:
    """Records out of the keeper's answer; what the kernel's groups saw counts for the last one."""
    found = [Outcome(**{**row, "limit": Limit(row["limit"])}) for row in rows]
    last = found[-1] if found else None
    if last and last.limit is Limit.NONE:
        if killed:
            found[-1] = replace(last, limit=Limit.MEMORY)
        elif refused and (last.exit_status or last.signal):
            found[-1] = replace(last, limit=Limit.PROCESSES)
    return found
