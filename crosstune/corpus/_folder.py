"""A corpus folder: Parquet files by language, README.md, and funnel.json, the record of how it was made.

The folder is written under a temporary name and renamed, so a killed process never leaves an incomplete one.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

from crosstune.corpus._store import INDEX, ShardWriter, files
from crosstune.errors import DataError, Incomplete, UsageError
from crosstune.files import atomic_write, file_digest, full_disk_is_incomplete, locked, remove, write_json
from crosstune.made_with import Record, differences
from crosstune.records import Example
from crosstune.settings import digest
from crosstune.storage import writing

VERSION = 2
"""The version of these folders: increase it when files, columns or the card's content change."""
MADE_WITH = "made_with"
CARD, DROPPED, QUARANTINE = "README.md", "dropped.jsonl", "quarantine.jsonl"
SHARD_CHARACTERS = 1_000_000_000
"""The most text in one file; compressed, it stays under the 500 MB that the Hub recommends."""

Index = dict[str, Any]
"""The contents of funnel.json."""


def read_index(folder: Path) -> Index:
    """Read the funnel.json in ``folder``; the result is empty if there is none.

    Raises:
        DataError: it is not a JSON object.
    """
    path = folder / INDEX
    if not path.is_file():
        return {}
    try:
        index = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: not the index of a corpus: {error}") from None
    if not isinstance(index, dict):
        raise DataError(f"{path}: not the index of a corpus: expected an object")
    return index


def data_digest(path: Path) -> str:
    """A digest of the data in a corpus folder or file: equal data give equal digests.

    Raises:
        DataError: no such file or folder, or a folder without Parquet files.
    """
    return digest([file_digest(file) for file in files(path)])


def build(
    out: Path,
    key: str,
    fill: Callable[[Path], Mapping[str, Any]],
    *,
    made_with: Record,
    replace: bool = False,
) -> tuple[Index, bool]:
    """Make the folder ``out``, unless it exists with the same ``key`` and complete files.

    ``fill`` writes into an empty folder and returns the contents of funnel.json except the key. `build`
    returns the contents of funnel.json, and whether the folder existed already. ``out`` may be remote.
    ``made_with`` (see `crosstune.made_with`) is what the error about other contents compares with.

    Raises:
        UsageError: ``out`` has other contents, and ``replace`` is not set.
        Incomplete: the disk is full, or another process writes ``out``. ``out`` is then unchanged.
    """
    with writing(out, last=INDEX) as folder:
        return _build_here(folder, key, fill, made_with, replace=replace)


def _build_here(
    out: Path, key: str, fill: Callable[[Path], Mapping[str, Any]], made_with: Record, *, replace: bool
) -> tuple[Index, bool]:
    with full_disk_is_incomplete(out):
        _recover(out)
    before = _complete_index(out)
    if before.get("key") == key:
        return before, True
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        if not replace:
            why = _why(before, made_with)
            raise UsageError(f"{out}: not empty, and not this corpus{why}; give another folder, or --replace")
        if not out.is_dir() or (not before and not (out / INDEX).exists()):
            raise UsageError(f"{out}: --replace replaces only a corpus; give another folder")
    with full_disk_is_incomplete(out), single_writer(out, _lock(out)):
        return _build(out, key, lambda folder: {**fill(folder), MADE_WITH: made_with}), False


def _why(before: Index, made_with: Record) -> str:
    """How the corpus in the folder differs; empty if it has none."""
    if not before:
        return ""
    if not isinstance(earlier := before.get(MADE_WITH), dict):
        return " (it is not known how it was made)"
    return f" ({'; '.join(differences(earlier, made_with)) or 'its data have changed'})"


def _build(out: Path, key: str, fill: Callable[[Path], Mapping[str, Any]]) -> Index:
    for leftover in _leftovers(out):
        remove(leftover)
    try:
        with atomic_write(out) as temporary:
            temporary.mkdir()
            index = {"key": key, **fill(temporary)}
            write_json(temporary / INDEX, index)
            if out.exists():
                out.rename(_previous(out))
    finally:
        if not out.exists() and _previous(out).exists():
            _previous(out).rename(out)
        for leftover in _leftovers(out):
            remove(leftover)
    return index


@contextlib.contextmanager
def single_writer(out: Path, lock: Path) -> Iterator[None]:
    """Hold the lock file ``lock`` while ``out`` is written.

    Raises:
        Incomplete: another process holds it.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(lock))
        except BlockingIOError:
            message = f"{out}: another process is writing it; wait for it, then run it again"
            raise Incomplete(message) from None
        yield


def _lock(out: Path) -> Path:
    return out.with_name(f".{out.name}.lock")


def _previous(out: Path) -> Path:
    """The name of the previous folder between the two renames that replace it."""
    return out.with_name(f".{out.name}.old.part")


def _recover(out: Path) -> None:
    """Restore the previous folder if a process was killed between the two renames."""
    if not out.exists() and _previous(out).exists():
        with single_writer(out, _lock(out)):
            if not out.exists() and _previous(out).exists():
                _previous(out).rename(out)


def _leftovers(out: Path) -> list[Path]:
    """Temporary folders of ``out``; not those of a corpus whose name begins with the same characters."""
    name = re.compile(rf"\.{re.escape(out.name)}\.(\d+|old)\.part")
    return [path for path in out.parent.iterdir() if name.fullmatch(path.name)]


def _complete_index(out: Path) -> Index:
    """The contents of funnel.json; empty unless all files that it lists have their recorded sizes."""
    try:
        index = read_index(out)
        complete = all((out / name).stat().st_size == size for name, size in index["files"].items())
    except (DataError, OSError, KeyError, AttributeError, TypeError):
        return {}
    return index if complete else {}


def write_shards(folder: Path, examples: Iterable[Example], below: str = "data") -> dict[str, int]:
    """Write ``data/LANGUAGE-00000.parquet`` and so on in ``folder``; return their names and sizes in bytes.

    ``below`` replaces ``data``. The examples are read once, and one row group per language is held in memory.
    Without examples one empty file is written. A repeated id gets a number (``…~2``): corpora are joined, and
    who reads the new one needs each row's own id.
    """
    shards: dict[str, ShardWriter] = {}
    try:
        for example in _with_own_ids(examples):
            name = file_name(example.language)
            if name not in shards:
                shards[name] = ShardWriter(folder / below, name, SHARD_CHARACTERS)
            shards[name].put(example)
        if not shards:
            shards["none"] = ShardWriter(folder / below, "none", SHARD_CHARACTERS)
    finally:
        for each in shards.values():
            each.close()
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for _, each in sorted(shards.items())
        for path in each.paths
    }


def _with_own_ids(examples: Iterable[Example]) -> Iterator[Example]:
    ids: set[tuple[str, str]] = set()
    for example in examples:
        name, number = example.id, 1
        while (example.source, name) in ids:
            number += 1
            name = f"{example.id}~{number}"
        ids.add((example.source, name))
        yield example if number == 1 else changed(example, id=name)


def file_name(language: str) -> str:
    """The file name for a language; ``text`` for prose."""
    return re.sub(r"[^\w+#.-]+", "-", language) or "text"


def by_language(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Group the names from `write_shards` by language."""
    grouped: dict[str, list[str]] = {}
    for name in names:
        grouped.setdefault(re.sub(r"(-\d{5})?\.parquet$", "", Path(name).name), []).append(name)
    yield from sorted(grouped.items())
