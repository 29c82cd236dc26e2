"""Measure the speed of mining against PyDriller and against git alone:
`python -m bench.mining --repository CLONE [--repository ...]`.

All in one run, in turns. Times are CPU seconds of all processes; only the gain of two processes is in wall
time, one process being pinned to one core. The floor is what git itself takes to run `log --raw` over the
same commits and to write out, once each, the blobs of those commits that only their contents can still drop.
It is a strict floor, as it omits the sizes of all others. Licences are looked up in a cache that the first
turn fills; that turn is reported too. PyDriller runs with the message rules before and after its costly half;
the samples of both must equal crosstune's.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from bench import machine
from crosstune.mining import MinedRepository, load_profile
from crosstune.mining._decisions import Decisions, add_candidates
from crosstune.mining._join import join
from crosstune.mining._one_repository import mine_repository
from crosstune.mining._repositories import mine_each
from crosstune.mining.repository._git import Repository, open_repository
from crosstune.mining.stages._contents import check_sizes
from crosstune.mining.stages._duplicates import drop_duplicates

PROFILE = load_profile("commitpackft")
TURNS = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """Commits per CPU second, except ``cold`` (CPU seconds of the first turn), ``again`` (those of a run
    after ten new commits, and of one from the beginning), ``memory`` (peak bytes) and ``split`` (wall time
    of one process on one core over that of two on two)."""

    repository: str
    commits: int
    samples: int
    mined: float
    cold: float
    again: tuple[float, float]
    floor: float
    plain: float
    early: float
    memory: int
    split: float


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        rows = [_measure(path, options, Path(scratch)) for path in options.repository]
        together = _gain(options.repository) if len(options.repository) > 1 else None
    _print(rows, together)
    if options.json:
        figures = {"rows": [asdict(row) for row in rows], "two_processes": together}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mining")
    parser.add_argument("--repository", type=Path, action="append", required=True, help="a local clone")
    parser.add_argument("--pydriller", type=Path, help="a Python that has it; by default one is installed")
    parser.add_argument("--depth", type=int, default=300, help="commits that PyDriller reads; 0: all")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def _measure(path: Path, options: argparse.Namespace, scratch: Path) -> Row:
    cold, (mined, memory) = _cpu(lambda: _with_peak_memory(lambda: mine_repository(path, PROFILE)))
    commits = mined.funnel.commits
    floors, times = [], []
    with open_repository(path) as repository:
        ids = _blobs(repository)
        for _ in range(TURNS):
            floors.append(_cpu(lambda: _floor(repository, ids))[0])
            times.append(_cpu(lambda: mine_repository(path, PROFILE))[0])
    plain, early = _pydriller(path, options, scratch)
    return Row(
        repository=mined.repository if mined.repository != "repo" else path.parent.name,
        commits=commits,
        samples=mined.funnel.kept,
        mined=commits / statistics.median(times),
        cold=cold,
        again=_again(path, scratch),
        floor=commits / statistics.median(floors),
        plain=plain,
        early=early,
        memory=memory,
        split=_gain([path]),
    )


def _blobs(repository: Repository) -> str:
    add_candidates(decisions := Decisions(), repository, PROFILE)
    earliest, _ = drop_duplicates(decisions.candidates)
    sized, _ = check_sizes(repository, PROFILE, earliest)
    ids = dict.fromkeys(blob for change in sized for blob in (change.old_blob, change.new_blob) if blob)
    return "".join(f"{blob}\n" for blob in ids)


def _floor(repository: Repository, ids: str) -> None:
    log = ("log", "--stdin", "--raw", "--no-renames", "--no-abbrev", "--format=%H%x00%P%x00%ct%x00%B")
    for arguments, text in ((log, "\n".join(repository.tips)), (("cat-file", "--batch", "--buffer"), ids)):
        subprocess.run(
            repository.git(*arguments),
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            env=repository.environment(),
            check=True,
        )


def _again(path: Path, scratch: Path) -> tuple[float, float]:
    """Of HEAD's branch alone, which loses its last ten commits and gets them back."""
    part = scratch / f"{path.resolve().parent.name}-again"
    options = ("--quiet", "--bare", "--shared", "--single-branch", "--no-tags")
    subprocess.run(["git", "clone", *options, str(path), str(part)], check=True, capture_output=True)
    update = ["git", f"--git-dir={part}", "update-ref", "HEAD"]
    parse = ["git", f"--git-dir={part}", "rev-parse", "HEAD", "HEAD~10"]
    now, before = subprocess.run(parse, check=True, capture_output=True, text=True).stdout.split()
    turns = []
    for turn in range(TURNS):
        mine = functools.partial(mine_repository, part, PROFILE, record=scratch / f"record-{turn}")
        subprocess.run([*update, before], check=True)
        whole, _ = _cpu(mine)
        subprocess.run([*update, now], check=True)
        new, mined = _cpu(mine)
        assert mined.summary.endswith("new commits"), mined.summary
        turns.append((new, whole))
    return statistics.median(new for new, _ in turns), statistics.median(whole for _, whole in turns)


def _pydriller(path: Path, options: argparse.Namespace, scratch: Path) -> tuple[float, float]:
    """Its rates with a commit's files read first and with the message rules first, over the repository's last
    commits: it is not faster over more of them. Its samples there must equal crosstune's."""
    python = options.pydriller or _install_pydriller(scratch)
    part = scratch / path.resolve().parent.name
    depth = [f"--depth={options.depth}"] if options.depth else []
    clone = ["git", "clone", "--quiet", "--bare", *depth, f"file://{path.resolve()}", str(part)]
    subprocess.run(clone, check=True, capture_output=True)
    mined = mine_repository(part, PROFILE)
    rates = []
    for flags in ([], ["--early"]):
        result = _run_pydriller(python, part, flags)
        assert result["commits"] == mined.funnel.commits, (result["commits"], mined.funnel.commits)
        _check_samples(part, mined, result["samples"])
        rates.append(result["commits"] / result["cpu"])
    return rates[0], rates[1]


def _install_pydriller(scratch: Path) -> Path:
    folder = scratch / "pydriller"
    if not folder.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "pydriller"], check=True)
    return folder / "bin" / "python"


def _run_pydriller(python: Path, part: Path, flags: Sequence[str]) -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(Path.cwd()), *sys.path]))}
    done = subprocess.run(
        [python, "-m", "bench.with_pydriller", part, *flags],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _check_samples(part: Path, mined: MinedRepository, samples: Sequence[Sequence[str]]) -> None:
    """Equal except for duplicates, which it keeps, and for the commits at which the clone is cut off."""
    cut = part / "shallow"
    outside = set(cut.read_text().split()) if cut.exists() else set()
    theirs = {tuple(each) for each in samples if each[0] not in outside}
    mine = {(each.commit, each.subject, each.path, each.old, each.new) for each in mined.commits}
    assert mine <= theirs, mine - theirs
    assert {each[3:] for each in theirs} == {each[3:] for each in mine}


def _gain(paths: Sequence[Path]) -> float:
    """Over several repositories, or with one repository's changes in shares; the median of three turns."""
    cores = sorted(os.sched_getaffinity(0))
    ratios = []
    for _ in range(3):
        walls = []
        for workers in (1, 2):
            os.sched_setaffinity(0, cores[:workers])
            with tempfile.TemporaryDirectory() as work:
                started = time.monotonic()
                mined = mine_each(paths, PROFILE, Path(work), workers, lambda *_: None)
                walls.append(time.monotonic() - started)
            join(mined, PROFILE)
        ratios.append(walls[0] / walls[1])
    os.sched_setaffinity(0, cores)
    return statistics.median(ratios)


def _with_peak_memory(act: Callable[[], MinedRepository]) -> tuple[MinedRepository, int]:
    """The result, and the most memory that this process and its descendants had at any sample."""
    done, samples = threading.Event(), [machine.memory_bytes()]

    def watch() -> None:
        while not done.wait(0.1):
            samples.append(machine.memory_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        return act(), max(samples)
    finally:
        done.set()
        watcher.join()


def _cpu(act: Callable[[], T]) -> tuple[float, T]:
    before = _cpu_seconds()
    result = act()
    return _cpu_seconds() - before, result


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _print(rows: Sequence[Row], together: float | None) -> None:
    for row in rows:
        print(f"{row.repository}: {row.commits:,} commits, {row.samples:,} samples")
        print(f"  commits per CPU second   {row.mined:,.0f} (first turn {row.commits / row.cold:,.0f})")
        print(f"  of the floor             {row.mined / row.floor:.2f} (git alone {row.floor:,.0f})")
        print(f"  times PyDriller          {row.mined / row.plain:.0f} (files first, {row.plain:,.0f})")
        print(f"                           {row.mined / row.early:.0f} (messages first, {row.early:,.0f})")
        new, whole = row.again
        print(
            f"  after ten new commits    {new:.3f} CPU s, from the beginning {whole:.3f} ({new / whole:.2f})"
        )
        print(f"  peak memory              {row.memory >> 20} MiB")
        print(f"  split over two processes {row.split:.2f} times one")
    if together is not None:
        print(f"all of them in two processes: {together:.2f} times one")


if __name__ == "__main__":
    sys.exit(main())
