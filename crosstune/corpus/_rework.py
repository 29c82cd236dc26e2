"""A corpus made from others: read, put through filters, written, with all that went said and kept."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from crosstune.corpus import _folder
from crosstune.corpus._card import write_card
from crosstune.corpus._input import load
from crosstune.corpus.filters._filter import Dropped, Filter, through
from crosstune.errors import UsageError
from crosstune.records import Example, Progress
from crosstune.settings import digest
from crosstune.sources import Quarantine


@dataclass(frozen=True, slots=True)
class Reworked:
    """``rows`` came out of ``read``; ``dropped`` counts by reason, in the order they were first met;
    ``reused``: the same had been made before, and nothing was done."""

    read: int
    rows: int
    dropped: Mapping[str, int]
    quarantined: Mapping[str, int]
    told: Mapping[str, Any]
    reused: bool


@dataclass(slots=True)
class Work:
    """What a step does with examples, and what it has to say afterwards (plain JSON values).

    ``each`` are filters, one example at a time; ``whole``, where given, makes of all that passed them
    what is written.
    """

    name: str
    settings: Mapping[str, Any]
    each: Sequence[Filter] = ()
    whole: Callable[[Iterator[Example]], Iterable[Example]] | None = None
    report: Callable[[], Mapping[str, Any]] = field(default=dict)


def rework(
    paths: Sequence[Path],
    out: Path,
    work: Work,
    *,
    replace: bool = False,
    plot: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Reworked:
    """Make the corpus ``out`` of those at ``paths``, in their order.

    ``out`` then holds Parquet by language, README.md, funnel.json, and, where something went,
    dropped.jsonl (id, reason, detail) and quarantine.jsonl. With ``plot`` also lengths.svg and
    lengths.png, where the extra ``report`` is installed. Run again on the same data it does nothing; killed,
    it leaves what stood there before (in one moment beside ``out``: the next call puts it back).

    Raises:
        UsageError: ``out`` holds something else, or is one of ``paths``.
        DataError: one of ``paths`` is no corpus.
        Incomplete: the disk is full.
    """
    if out.resolve() in [path.resolve() for path in paths]:
        raise UsageError(f"{out}: is also read; give another folder")
    key = digest([_folder.VERSION, work.name, work.settings, [_folder.identity(path) for path in paths]])
    inputs = [_input(path) for path in paths]

    def fill(aside: Path) -> Mapping[str, Any]:
        return _fill(aside, paths, inputs, work, progress, plot=plot)

    told, reused = _folder.build(out, key, fill, replace=replace)
    made = told["made"]
    return Reworked(made["read"], made["rows"], made["dropped"], made["quarantined"], made, reused)


def _fill(
    aside: Path,
    paths: Sequence[Path],
    inputs: list[dict[str, Any]],
    work: Work,
    progress: Progress,
    *,
    plot: bool,
) -> dict[str, Any]:
    quarantine = Quarantine(aside)
    tally = _Tally(aside / _folder.DROPPED, progress)
    every = (example for path in paths for example in load(path, quarantine))
    passed = tally.passed(every, work.each)
    files = _folder.write_shards(aside, tally.counted(work.whole(passed) if work.whole else passed))
    made = {
        "step": work.name,
        "settings": work.settings,
        "inputs": inputs,
        "read": tally.read + quarantine.reasons.total(),
        "quarantined": dict(sorted(quarantine.reasons.items())),
        "dropped": dict(tally.reasons),
        "rows": tally.rows,
        "report": work.report(),
    }
    told = {"files": files, "made": json.loads(json.dumps(made, default=_plain))}
    write_card(aside, told, plot=plot)
    return told


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} is no plain value")


class _Tally:
    """Counts what comes, goes and stays, and writes down what goes."""

    def __init__(self, file: Path, progress: Progress) -> None:
        self._path, self._progress = file, progress
        self.read = self.rows = 0
        self.reasons: Counter[str] = Counter()

    def passed(self, examples: Iterable[Example], filters: Sequence[Filter]) -> Iterator[Example]:
        with contextlib.ExitStack() as stack:
            file: IO[str] | None = None
            for example in examples:
                self.read += 1
                if self.read % 1000 == 0:
                    self._progress(self.read, 0)
                found = through(example, filters)
                if isinstance(found, Dropped):
                    self.reasons[found.reason] += 1
                    file = file or stack.enter_context(self._path.open("w", encoding="utf-8"))
                    file.write(json.dumps(dataclasses.asdict(found), ensure_ascii=False) + "\n")
                else:
                    yield found
        self._progress(self.read, self.read)

    def counted(self, examples: Iterable[Example]) -> Iterator[Example]:
        for example in examples:
            self.rows += 1
            yield example


def _input(path: Path) -> dict[str, Any]:
    """How an input came about, as far as it says."""
    told: dict[str, Any] = _folder.index(path) if path.is_dir() else {}
    kept: dict[str, Any] = {name: told[name] for name in ("key", "made", "funnel", "rules") if name in told}
    return {"name": path.resolve().name} | kept
