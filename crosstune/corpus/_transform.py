"""Make a corpus from other corpora: apply filters, write the kept rows, and record every dropped row."""

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
from crosstune.corpus._input import distinct_names, load
from crosstune.corpus.filters import Dropped, Filter, filter_one
from crosstune.errors import UsageError
from crosstune.made_with import CONTENTS
from crosstune.records import Example, Progress
from crosstune.settings import digest
from crosstune.sources import Quarantine


@dataclass(frozen=True, slots=True)
class TransformResult:
    """The number of rows read and written; ``dropped`` and ``quarantined`` count by reason.

    ``record`` is this step's entry in funnel.json. ``reused`` says whether the corpus existed already.
    """

    read: int
    rows: int
    dropped: Mapping[str, int]
    quarantined: Mapping[str, int]
    record: Mapping[str, Any]
    reused: bool


@dataclass(slots=True)
class Transformation:
    """A named step: its settings (plain JSON values) and the filters that each example passes.

    ``ahead`` gets all examples before they are filtered, and yields them in order: it may read on while
    earlier ones are filtered. ``report`` is called at the end; its result goes into funnel.json.
    """

    name: str
    settings: Mapping[str, Any]
    filters: Sequence[Filter] = ()
    report: Callable[[], Mapping[str, Any]] = field(default=dict)
    ahead: Callable[[Iterable[Example]], Iterable[Example]] = iter


def transform(
    paths: Sequence[Path],
    out: Path,
    transformation: Transformation,
    *,
    replace: bool = False,
    plot: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> TransformResult:
    """Make the corpus ``out`` from the corpora at ``paths``, in their order.

    ``out`` then has Parquet files by language, README.md, funnel.json and, if rows were removed,
    dropped.jsonl (id, reason, detail) and quarantine.jsonl; with ``plot`` also lengths.svg and
    lengths.png, if the extra ``report`` is installed. A second call with the same data does nothing. If
    the process is killed, the old folder remains, or the next call restores it.

    Raises:
        UsageError: ``out`` has other contents, or is one of ``paths``.
        DataError: one of ``paths`` is not a corpus.
        Incomplete: the disk is full.
    """
    if out.resolve() in [path.resolve() for path in paths]:
        raise UsageError(f"{out}: is also an input; give another folder")
    data = [_folder.data_digest(path) for path in paths]
    key = digest([_folder.VERSION, transformation.name, transformation.settings, data])
    inputs = [_describe_input(path) for path in paths]
    made_with = {
        "step": transformation.name,
        "inputs": [str(path) for path in paths],
        "settings": json.loads(json.dumps(transformation.settings, default=_to_json)),
        CONTENTS: {"inputs": digest(data)},
    }

    def fill(folder: Path) -> Mapping[str, Any]:
        return _fill(folder, paths, inputs, transformation, progress, plot=plot)

    index, reused = _folder.build(out, key, fill, made_with=made_with, replace=replace)
    made = index["made"]
    return TransformResult(made["read"], made["rows"], made["dropped"], made["quarantined"], made, reused)


def _fill(
    folder: Path,
    paths: Sequence[Path],
    inputs: list[dict[str, Any]],
    transformation: Transformation,
    progress: Progress,
    *,
    plot: bool,
) -> dict[str, Any]:
    quarantine = Quarantine(folder)
    tally = _Tally(folder / _folder.DROPPED, progress)
    labels = distinct_names(paths)
    examples = (
        each for path, label in zip(paths, labels, strict=True) for each in load(path, quarantine, label)
    )
    files = _folder.write_shards(folder, tally.apply(transformation.ahead(examples), transformation.filters))
    made = {
        "step": transformation.name,
        "settings": transformation.settings,
        "inputs": inputs,
        "read": tally.read + quarantine.reasons.total(),
        "quarantined": dict(sorted(quarantine.reasons.items())),
        "dropped": dict(tally.reasons),
        "rows": tally.rows,
        "report": transformation.report(),
    }
    index = {"files": files, "made": json.loads(json.dumps(made, default=_to_json))}
    write_card(folder, index, plot=plot)
    return index


def _to_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


class _Tally:
    """Counts the rows read, dropped and kept, and writes the dropped rows to ``file``."""

    def __init__(self, file: Path, progress: Progress) -> None:
        self._path, self._progress = file, progress
        self.read = self.rows = 0
        self.reasons: Counter[str] = Counter()

    def apply(self, examples: Iterable[Example], filters: Sequence[Filter]) -> Iterator[Example]:
        with contextlib.ExitStack() as stack:
            file: IO[str] | None = None
            for example in examples:
                self.read += 1
                if self.read % 1000 == 0:
                    self._progress(self.read, 0)
                result = filter_one(example, filters)
                if isinstance(result, Dropped):
                    self.reasons[result.reason] += 1
                    file = file or stack.enter_context(self._path.open("w", encoding="utf-8"))
                    file.write(json.dumps(dataclasses.asdict(result), ensure_ascii=False) + "\n")
                else:
                    self.rows += 1
                    yield result
        self._progress(self.read, self.read)


def _describe_input(path: Path) -> dict[str, Any]:
    """An input's name, and how it was made if it is a corpus folder."""
    index = _folder.read_index(path) if path.is_dir() else {}
    return {"name": path.resolve().name} | {
        name: index[name] for name in ("key", "made", "funnel", "rules") if name in index
    }
