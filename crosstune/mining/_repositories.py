"""Mine several repositories in parallel, and join their commits."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crosstune.mining._funnel import Funnel
from crosstune.mining._one_repository import MinedRepository, mine_repository
from crosstune.mining._processes import task_pool
from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import pack_bytes
from crosstune.mining.rules._tokens import token_counter
from crosstune.mining.stages._duplicates import SAME_CONTENTS
from crosstune.mining.stages._reasons import all_reasons
from crosstune.mining.stages._stage import RunStage, run_here
from crosstune.records import Commit, Progress

OTHER_REPOSITORY = "duplicate: in another repository"
OWNER_OPTED_OUT = "owner opted out"


def mine_each(
    paths: Sequence[Path], profile: Profile, work: Path | None, workers: int, progress: Progress
) -> list[MinedRepository]:
    """Mine each repository; the results are in the order of ``paths``.

    The decisions on each finished repository are saved in the folder ``work``; later runs read only new
    commits. The largest repository starts first. Once no whole repository is left, other processes take
    shares of the repository being mined in this process.

    Raises:
        Incomplete: a process was killed; finished repositories are kept in ``work``.
        MissingTool, MissingExtra, DataError, ServiceError: as `mine_repository`.
    """
    token_counter(profile.contents.counter)  # fails before mining if the tokenizer is not available
    if work:
        work.mkdir(parents=True, exist_ok=True)
    progress(0, len(paths))
    on_done = _done_counter(len(paths), progress)
    if workers == 1:
        return [_report_done(_mine_with_record(path, profile, work), on_done) for path in paths]
    order = sorted(range(len(paths)), key=lambda index: -pack_bytes(paths[index]))
    with task_pool(workers) as pool:
        results = pool.run(
            _mine_with_record,
            [(paths[index], profile, work) for index in order],
            functools.partial(_mine_with_record, run_stage=pool.run_stage),
            on_done,
        )
    return [mined for _, mined in sorted(zip(order, results, strict=True), key=lambda pair: pair[0])]


def _done_counter(total: int, progress: Progress) -> Callable[[], None]:
    """A function that counts one more repository as done; any thread may call it."""
    lock, done = threading.Lock(), 0

    def count() -> None:
        nonlocal done
        with lock:
            done += 1
            progress(done, total)

    return count


def _report_done(mined: MinedRepository, on_done: Callable[[], None]) -> MinedRepository:
    on_done()
    return mined


def _mine_with_record(
    path: Path, profile: Profile, work: Path | None, run_stage: RunStage = run_here
) -> MinedRepository:
    return mine_repository(path, profile, run_stage, work / record_name(path) if work else None)


def record_name(path: Path) -> str:
    """The name of the file that keeps the decisions on the repository at ``path``."""
    location = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    name = re.sub(r"[^\w.-]+", "-", path.name)
    return f"{name}-{location[:12]}.record"


def join(mined: Sequence[MinedRepository], profile: Profile) -> tuple[list[Commit], Funnel]:
    """Join the commits without duplicates; a commit in several repositories lists them all."""
    first: dict[bytes, Commit] = {}
    repositories: dict[bytes, list[str]] = {}
    total = _sum([each.funnel for each in mined], profile)
    for commit in (commit for each in mined for commit in each.commits):
        content = _content_hash(commit)
        if content in first:
            same = commit.repository in repositories[content]
            total.drop(SAME_CONTENTS if same else OTHER_REPOSITORY)
        else:
            first[content] = commit
        repositories.setdefault(content, []).append(commit.repository)
    kept = [
        dataclasses.replace(commit, repository=", ".join(sorted(set(repositories[content]))))
        for content, commit in first.items()
        if not _drop_opted_out(repositories[content], profile, total)
    ]
    total.kept, total.additions = len(kept), sum(not commit.old_blob for commit in kept)
    total.dropped = total.ordered([*all_reasons(profile), OTHER_REPOSITORY, OWNER_OPTED_OUT])
    return kept, total


def _content_hash(commit: Commit) -> bytes:
    """A hash of the texts. Blob ids cannot be used: they differ in SHA-256 repositories, and pieces have
    none."""
    return hashlib.blake2b(f"{commit.old}\0{commit.new}".encode(), digest_size=20).digest()


def _drop_opted_out(repositories: Iterable[str], profile: Profile, funnel: Funnel) -> bool:
    """Whether all owners of a commit opted out; if so, the drop is counted in the funnel."""
    owners = {name.split("/")[-2] if "/" in name else "" for name in repositories}
    opted_out = owners <= set(profile.owners.opted_out)
    if opted_out:
        funnel.drop(OWNER_OPTED_OUT)
    return opted_out


def _sum(funnels: Sequence[Funnel], profile: Profile) -> Funnel:
    total = Funnel(profile.name, funnels[0].tokens if funnels else "")
    for funnel in funnels:
        total.repositories += funnel.repositories
        total.commits += funnel.commits
        total.unreadable |= funnel.unreadable
        total.incomplete |= funnel.incomplete
        for reason, count in funnel.dropped.items():
            total.drop(reason, count)
    return total
