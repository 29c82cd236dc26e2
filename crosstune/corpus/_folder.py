"""A corpus as a folder: Parquet by language, README.md, and funnel.json, which says how it was made.

It is written aside and renamed: what stands under its name is whole, whatever was killed and when.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.corpus._alone import alone
from crosstune.corpus._store import INDEX, ShardWriter, files, guarded
from crosstune.errors import DataError, UsageError
from crosstune.records import Example
from crosstune.settings import digest

VERSION = 1
"""Of what these folders hold: raise it when files, columns or the card change."""
CARD, DROPPED = "README.md", "dropped.jsonl"
SHARD_CHARACTERS = 1_000_000_000
"""Text in one file: packed, that stays under the 500 MB that the Hub asks for."""


def index(folder: Path) -> dict[str, Any]:
    """What funnel.json says; empty for a file, or a folder without one.

    Raises:
        DataError: it is not JSON.
    """
    path = folder / INDEX
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: not the index of a corpus: {error}") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: not the index of a corpus: expected an object")
    return found


def identity(path: Path) -> str:
    """A digest of the data in a corpus folder or file: equal data, equal digest.

    Raises:
        DataError: nothing there.
    """
    import hashlib

    digests = []
    for file in files(path):
        with file.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return digest(digests)


def build(
    out: Path, key: str, fill: Callable[[Path], Mapping[str, Any]], *, replace: bool = False
) -> tuple[dict[str, Any], bool]:
    """Make the folder ``out`` with ``fill(aside)``, which writes into an empty folder and returns what
    funnel.json says beside the key; that, and whether it stood there already (same key, files whole).

    Raises:
        UsageError: ``out`` holds something else, and ``replace`` is not set.
        Incomplete: the disk is full, or another process writes ``out``. What stood there before still does.
    """
    guarded(out, lambda: _put_back(out))
    if (before := _whole(out)).get("key") == key:
        return before, True
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        if not replace:
            raise UsageError(f"{out}: not empty, and not this corpus; give another folder, or --replace")
        if not out.is_dir() or (not before and not (out / INDEX).exists()):
            raise UsageError(f"{out}: --replace replaces a corpus, and this is none; give another folder")

    def alone_there() -> dict[str, Any]:
        with alone(out, out.with_name(f".{out.name}.lock")):
            return _build(out, key, fill)

    return guarded(out, alone_there), False


def _build(out: Path, key: str, fill: Callable[[Path], Mapping[str, Any]]) -> dict[str, Any]:
    out.parent.mkdir(parents=True, exist_ok=True)
    for left in _left(out):
        shutil.rmtree(left)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        aside.mkdir()
        told = {"key": key, **fill(aside)}
        (aside / INDEX).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
        if out.exists():
            out.rename(_old(out))
        aside.rename(out)
    finally:
        if not out.exists() and _old(out).exists():
            _old(out).rename(out)
        for left in _left(out):
            shutil.rmtree(left, ignore_errors=True)
    return told


def _old(out: Path) -> Path:
    """Where what stood at ``out`` is for the moment in which the new takes its place."""
    return out.with_name(f".{out.name}.old.part")


def _put_back(out: Path) -> None:
    """Undo what a process that was killed in that moment did."""
    if not out.exists() and _old(out).exists():
        with alone(out, out.with_name(f".{out.name}.lock")):
            if not out.exists() and _old(out).exists():
                _old(out).rename(out)


def _left(out: Path) -> list[Path]:
    """What was being made or replaced there; not what belongs to a corpus whose name begins alike."""
    name = re.compile(rf"\.{re.escape(out.name)}\.(\d+|old)\.part")
    return [path for path in out.parent.iterdir() if name.fullmatch(path.name)]


def _whole(out: Path) -> dict[str, Any]:
    """What funnel.json says, if all files that it names are whole; else nothing."""
    try:
        found = index(out)
        whole = all((out / name).stat().st_size == size for name, size in found["files"].items())
    except (DataError, OSError, KeyError, AttributeError, TypeError):
        return {}
    return found if whole else {}


def write_shards(folder: Path, examples: Iterable[Example], below: str = "data") -> dict[str, int]:
    """Write ``data/LANGUAGE-00000.parquet`` … in ``folder`` (or ``below`` another there); their names and
    sizes in bytes.

    One pass: of each language a group of rows stands in memory, no more. Without any example there is one
    empty file.
    """
    shards: dict[str, ShardWriter] = {}
    try:
        for example in examples:
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


def file_name(language: str) -> str:
    """A language's name as that of a file; prose has none."""
    return re.sub(r"[^\w+#.-]+", "-", language) or "text"


def by_language(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(language, its files) of the names that `write_shards` gave."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(re.sub(r"(-\d{5})?\.parquet$", "", Path(name).name), []).append(name)
    yield from sorted(found.items())
