"""`crosstune mine`: repositories in, a corpus that `datasets.load_dataset` loads out."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._card import draw_lengths
from crosstune.corpus._card_text import PLOT, mined_card
from crosstune.corpus._statistics import Statistics, statistics
from crosstune.corpus._store import INDEX, read
from crosstune.errors import DataError, MissingExtra, UsageError
from crosstune.files import full_disk_is_incomplete
from crosstune.mining import Funnel, Mined, Profile, incomplete, join, mine_each, record_name, state, unread
from crosstune.records import Commit, Example, Progress, to_json
from crosstune.settings import digest
from crosstune.sources.git import example, named

VERSION = 4
"""Of what `mine` writes: raise it when files, columns or the card change."""
CARD, WORK, ASIDE, LOCK = "README.md", ".crosstune", "quarantine.jsonl", "lock"
TOLD = ("key", "rules", "profile", "repositories", "funnel", "licences", "quarantined", "files")
"""What funnel.json says."""


@dataclass(frozen=True, slots=True)
class Mining:
    """``reused``: the same rules on the same commits had been mined before, and nothing was done. Else
    ``how`` says of each repository that was read what was read of it, in words."""

    funnel: Funnel
    statistics: Statistics
    licences: Mapping[str, int]
    reused: bool
    quarantined: int = 0
    how: Sequence[tuple[str, str]] = ()


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
    """Mine local repositories into ``out``: Parquet files by language, README.md, funnel.json, and
    quarantine.jsonl with the commits whose contents no corpus should hold. ``failed`` are repositories that
    could not even be fetched, with the reason: they are counted with those that cannot be read. ``stale``
    are those that could not be brought up to date: the card says so. With ``plot`` also lengths.svg and
    lengths.png, shown in README.md, where the extra ``report`` is installed.

    The new data are written beside the old, README.md then points to them, and funnel.json, replaced last,
    says that it is whole: killed at any moment, what stands there loads, and a rerun finishes the work.
    Repositories already mined are kept in ``out/.crosstune``. ``progress`` counts repositories.

    Raises:
        UsageError: ``out`` holds something else.
        DataError: none of the repositories can be read.
        Incomplete: the disk is full, a process was killed, or another writes ``out``; run it again.
        MissingTool, ServiceError: git, or the profile's tokenizer, is not to be had.
    """
    failed = dict(failed or {})
    if not repositories and not failed:
        raise UsageError("no repository was given")
    paths = list(dict.fromkeys(path.resolve() for path in repositories))
    _check(out)
    never = [unread(name, name, reason, profile) for name, reason in failed.items()]
    before = _stored(out)
    now = _key([*(state(path, profile) for path in paths), *(each.state for each in never), *(stale or {})])
    if before.get("key") != now or incomplete(before["funnel"]["dropped"]):

        def build() -> Mining:
            with _folder.single_writer(out, out / WORK / LOCK):
                mined = [*mine_each(paths, profile, out / WORK, workers, progress), *never]
                # Of what was read, not of what stood there a moment before.
                key = _key([*(each.state for each in mined), *(stale or {})])
                made = _build(mined, out, profile, key, stale or {}, plot=plot)
                _tidy(out, key, {LOCK, *(record_name(path) for path in paths)})
                return made

        with full_disk_is_incomplete(out):
            return build()
    return Mining(
        Funnel(**before["funnel"]),
        statistics(read(out)),
        before["licences"],
        reused=True,
        quarantined=before["quarantined"],
    )


def _key(states: Sequence[str]) -> str:
    return digest([VERSION, list(states)])[:12]


def _check(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; give a folder for the corpus")
    if out.is_dir() and any(out.iterdir()) and not (out / INDEX).exists() and not (out / WORK).exists():
        raise UsageError(f"{out}: not empty, and not a mined corpus; give another folder, or empty this one")


def _stored(out: Path) -> dict[str, Any]:
    """What funnel.json says, if it and all files that it names are whole; else nothing."""
    try:
        found = json.loads((out / INDEX).read_text("utf-8"))
        whole = all((out / name).stat().st_size == size for name, size in found["files"].items())
        return found if whole and set(found) == {*TOLD} else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _build(
    mined: Sequence[Mined], out: Path, profile: Profile, key: str, stale: Mapping[str, str], *, plot: bool
) -> Mining:
    commits, funnel = join(mined, profile)
    funnel.stale = dict(stale)
    if len(funnel.unreadable) == len(mined):
        why = "; ".join(f"{path}: {reason}" for path, reason in funnel.unreadable.items())
        raise DataError(f"nothing to mine: {why}")
    rules = named(profile)
    files = _write(out / f"data-{key}", (example(commit, profile) for commit in commits))
    licences = _licences(commits)
    numbers = statistics(example(commit, profile) for commit in commits)
    names = [each.repository for each in mined if not each.funnel.unreadable]
    drawn = _picture(out, (example(commit, profile) for commit in commits) if plot and commits else None)
    text = mined_card(
        files=dict(_folder.by_language(files)),
        funnel=funnel,
        statistics=numbers,
        licences=licences,
        repositories=names,
        rules=rules,
        has_plot=drawn,
    )
    _replace(out / CARD, text)
    aside = [each for repository in mined for each in repository.aside]
    _replace(out / ASIDE, "".join(f"{to_json(each)}\n" for each in aside))
    told = {
        "key": key,
        "rules": rules,
        "profile": profile.model_dump(mode="json"),
        "repositories": names,
        "funnel": dataclasses.asdict(funnel),
        "licences": licences,
        "quarantined": len(aside),
        "files": files,
    }
    _replace(out / INDEX, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    how = [(each.repository, each.how) for each in mined if each.how]
    return Mining(funnel, numbers, licences, reused=False, quarantined=len(aside), how=how)


def _write(folder: Path, examples: Iterable[Example]) -> dict[str, int]:
    """The files by language, relative to the corpus, and their sizes in bytes."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        files = _folder.write_shards(aside, examples, below="")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return {f"{folder.name}/{name}": size for name, size in files.items()}


def _picture(out: Path, examples: Iterable[Example] | None) -> bool:
    """Whether a picture of these stands there now; that of other examples does not."""
    names = [f"{PLOT}.svg", f"{PLOT}.png"]
    if examples is not None:
        try:
            draw_lengths(out / WORK, examples)
            for name in names:
                (out / WORK / name).replace(out / name)
        except MissingExtra:
            pass  # the card's table says the same, and the command how to get the picture
        else:
            return True
        finally:
            for name in names:
                (out / WORK / name).unlink(missing_ok=True)
    for name in names:
        (out / name).unlink(missing_ok=True)
    return False


def _licences(commits: Sequence[Commit]) -> dict[str, int]:
    counts = Counter(commit.licence for commit in commits)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_text(text, "utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _tidy(out: Path, key: str, records: set[str]) -> None:
    """Remove what earlier rules or commits left, and what killed runs did."""
    for old in [*out.glob("data-*"), *out.glob(".data-*.part")]:
        if old.name != f"data-{key}":
            shutil.rmtree(old, ignore_errors=True)
    for file in [*(out / WORK).iterdir(), *out.glob(".*.part")]:
        if file.is_file() and file.name not in records:
            file.unlink(missing_ok=True)
