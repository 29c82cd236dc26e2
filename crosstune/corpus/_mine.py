"""Mine repositories into a folder: a corpus that `datasets.load_dataset` loads."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._card import draw_counted
from crosstune.corpus._card_text import PLOT, mined_card
from crosstune.corpus._plot import Lengths
from crosstune.corpus._statistics import Counting, Statistics, statistics
from crosstune.corpus._store import INDEX, read
from crosstune.errors import DataError, MissingExtra, UsageError
from crosstune.files import atomic_write, full_disk_is_incomplete, remove, write_json, write_text
from crosstune.mining import (
    Fetched,
    Funnel,
    Mined,
    Profile,
    failed_repositories,
    has_missing_objects,
    mine_fetched,
    record_name,
    repository_state,
    rules_name,
)
from crosstune.records import Example, Progress, to_json
from crosstune.settings import digest

VERSION = 5
"""The version of the folder: increase it when files, columns or the card's content change."""
WORK, LOCK = ".crosstune", "lock"
INDEX_KEYS = ("key", "rules", "profile", "repositories", "funnel", "licences", "quarantined", "files")


@dataclass(frozen=True, slots=True)
class Mining:
    """``reused`` is true if the folder already had the result of these rules on these commits. If not,
    ``summaries`` are (repository, phrase that says how much of it was read)."""

    funnel: Funnel
    statistics: Statistics
    licences: Mapping[str, int]
    reused: bool
    quarantined: int = 0
    summaries: Sequence[tuple[str, str]] = ()


def mine(
    repositories: Sequence[Path],
    out: Path,
    *,
    profile: Profile,
    workers: int,
    progress: Progress,
    failed: Mapping[str, str] | None = None,
    stale: Mapping[str, str] | None = None,
    plot: bool = False,
) -> Mining:
    """Mine local repositories into ``out``.

    Writes Parquet files by language, README.md (the data card), funnel.json, and quarantine.jsonl with the
    commits whose contents do not belong in any corpus. With ``plot`` it also writes lengths.svg and
    lengths.png, shown in README.md, if the extra ``report`` is installed. ``failed`` maps repositories that
    could not be fetched to the reason, ``stale`` those that could not be updated; the data card lists them.

    New data are written next to the old. Then README.md is updated, and funnel.json, replaced last, completes
    the corpus. A process killed at any moment leaves a corpus that loads, and the next run continues. The
    decisions on each repository are kept in ``out/.crosstune``. ``progress`` counts repositories.

    Raises:
        UsageError: ``out`` has other contents, or no repository is given.
        DataError: none of the repositories can be read.
        Incomplete: the disk is full, a process was killed, or another process writes ``out``; run it again.
        MissingTool, ServiceError: git, or the profile's tokenizer, is not available.
    """
    if not repositories and not failed:
        raise UsageError("no repository was given")
    paths = list(dict.fromkeys(path.resolve() for path in repositories))
    fetched = Fetched(paths, failed=dict(failed or {}), stale=dict(stale or {}))
    _check(out)
    before = _stored(out)
    is_current = before.get("key") == _current_key(fetched, profile)
    if is_current and not has_missing_objects(before["funnel"]["dropped"]):
        return _reused(out, before)
    with _sole_writer(out):
        mined = mine_fetched(fetched, profile, work=out / WORK, workers=workers, progress=progress)
        return _write(mined, out, {record_name(path) for path in paths}, plot=plot)


def write_mined(mined: Mined, out: Path, *, plot: bool, records: Collection[str] = ()) -> Mining:
    """Write what was mined elsewhere into ``out``, as `mine` does; ``records`` are files that stay in its
    work folder.

    Raises: see `mine`.
    """
    _check(out)
    with _sole_writer(out):
        return _write(mined, out, set(records), plot=plot)


@contextlib.contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    with full_disk_is_incomplete(out), _folder.single_writer(out, out / WORK / LOCK):
        yield


def _write(mined: Mined, out: Path, records: set[str], *, plot: bool) -> Mining:
    # The key of the commits that were read: they may be newer than those that were compared before.
    key = _key([*(each.state for each in mined.repositories), *mined.funnel.stale])
    mining = _write_corpus(mined, out, key, plot=plot)
    _remove_old(out, key, {LOCK, *records})
    return mining


def _current_key(fetched: Fetched, profile: Profile) -> str:
    states = [repository_state(path, profile) for path in fetched.paths]
    states += [each.state for each in failed_repositories(fetched.failed, profile)]
    return _key([*states, *fetched.stale])


def _key(states: Sequence[str]) -> str:
    return digest([VERSION, list(states)])[:12]


def _check(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; give a folder for the corpus")
    if out.is_dir() and any(out.iterdir()) and not (out / INDEX).exists() and not (out / WORK).exists():
        raise UsageError(f"{out}: not empty, and not a mined corpus; give another folder, or empty this one")


def _stored(out: Path) -> dict[str, Any]:
    """The contents of funnel.json if all files that it lists are complete; otherwise empty."""
    try:
        index = json.loads((out / INDEX).read_text("utf-8"))
        complete = all((out / name).stat().st_size == size for name, size in index["files"].items())
        return index if complete and set(index) == {*INDEX_KEYS} else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _reused(out: Path, index: Mapping[str, Any]) -> Mining:
    return Mining(
        Funnel(**index["funnel"]),
        statistics(read(out)),
        index["licences"],
        reused=True,
        quarantined=index["quarantined"],
    )


def _write_corpus(mined: Mined, out: Path, key: str, *, plot: bool) -> Mining:
    funnel = mined.funnel
    if len(funnel.unreadable) == len(mined.repositories):
        reasons = "; ".join(f"{path}: {reason}" for path, reason in funnel.unreadable.items())
        raise DataError(f"nothing to mine: {reasons}")
    rules, counted = rules_name(mined.profile), _Counted()
    files = _write_data(out / f"data-{key}", counted.passing(mined.examples()))
    numbers, licences = counted.statistics.statistics(), counted.by_licence()
    names = [each.repository for each in mined.repositories if not each.funnel.unreadable]
    card = mined_card(
        files=dict(_folder.by_language(files)),
        funnel=funnel,
        statistics=numbers,
        licences=licences,
        repositories=names,
        rules=rules,
        has_plot=_replace_plot(out, counted.lengths if plot and numbers.rows else None),
    )
    write_text(out / _folder.CARD, card)
    quarantined = [each for repository in mined.repositories for each in repository.quarantined]
    write_text(out / _folder.QUARANTINE, "".join(f"{to_json(each)}\n" for each in quarantined))
    index = {
        "key": key,
        "rules": rules,
        "profile": mined.profile.model_dump(mode="json"),
        "repositories": names,
        "funnel": dataclasses.asdict(funnel),
        "licences": licences,
        "quarantined": len(quarantined),
        "files": files,
    }
    write_json(out / INDEX, index)
    summaries = [(each.repository, each.summary) for each in mined.repositories if each.summary]
    return Mining(funnel, numbers, licences, reused=False, quarantined=len(quarantined), summaries=summaries)


def _write_data(folder: Path, examples: Iterable[Example]) -> dict[str, int]:
    """Write the files by language; return their names relative to the corpus, and their sizes in bytes."""
    with atomic_write(folder) as temporary:
        files = _folder.write_shards(temporary, examples, below="")
        remove(folder)
    return {f"{folder.name}/{name}": size for name, size in files.items()}


class _Counted:
    """What the card says of the rows, counted while they are written: there may be too many to read again."""

    def __init__(self) -> None:
        self.statistics, self.lengths = Counting(), Lengths()
        self._licences: Counter[str] = Counter()

    def passing(self, examples: Iterable[Example]) -> Iterator[Example]:
        for each in examples:
            self.statistics.add(each)
            self.lengths.add(each)
            self._licences[each.provenance["licence"]] += 1
            yield each

    def by_licence(self) -> dict[str, int]:
        return dict(sorted(self._licences.items(), key=lambda item: (-item[1], item[0])))


def _replace_plot(out: Path, lengths: Lengths | None) -> bool:
    """Draw the lengths, or remove the old plot; return whether the corpus now has a plot."""
    names = [f"{PLOT}.svg", f"{PLOT}.png"]
    if lengths is not None:
        try:
            draw_counted(out / WORK, lengths)
            for name in names:
                (out / WORK / name).replace(out / name)
        except MissingExtra:
            pass  # the card has a table of the lengths, and the command names the missing extra
        else:
            return True
        finally:
            for name in names:
                (out / WORK / name).unlink(missing_ok=True)
    for name in names:
        (out / name).unlink(missing_ok=True)
    return False


def _remove_old(out: Path, key: str, kept: set[str]) -> None:
    """Remove the data of earlier rules or commits, and the leftovers of killed runs."""
    for old in [*out.glob("data-*"), *out.glob(".data-*.part")]:
        if old.name != f"data-{key}":
            remove(old)
    for file in [*(out / WORK).iterdir(), *out.glob(".*.part")]:
        if file.is_file() and file.name not in kept:
            file.unlink(missing_ok=True)
