"""The same samples with PyDriller, as its documentation reads history: `python -m bench.with_pydriller`.

Run by `bench.mining` in an environment that has PyDriller, on a repository given first; with ``--early`` the
rules on messages come before a commit's files are asked for, else after, as published. Prints one JSON
object: commits, CPU seconds of this process and its children behind the imports, samples.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from pydriller import Repository
from pydriller.domain.commit import ModificationType

from crosstune.mining import load_profile
from crosstune.mining._profile import Profile
from crosstune.mining._tokens import counted
from crosstune.mining.repository._log import Change, subject
from crosstune.mining.rules._contents import by_size, by_text
from crosstune.mining.rules._message import by_message
from crosstune.mining.rules._path import by_path
from crosstune.mining.rules._rule import first


def main() -> int:
    profile, early = load_profile("commitpackft"), "--early" in sys.argv
    cut = Path(sys.argv[1]) / "shallow"
    outside = set(cut.read_text().split()) if cut.exists() else set()  # it fails on these
    began, commits, samples = _cpu(), 0, []
    for commit in Repository(sys.argv[1], include_refs=True, include_remotes=True).traverse_commits():
        commits += 1
        if not commit.merge and commit.hash not in outside and (found := _sample(commit, profile, early)):
            samples.append(found)
    print(json.dumps({"commits": commits, "cpu": _cpu() - began, "samples": samples}))
    return 0


def _sample(commit: Any, profile: Profile, early: bool) -> tuple[str, ...] | None:
    told = subject(commit.msg)
    change = Change(commit.hash, 0, (), commit.msg, told, told)
    if early and first(by_message(profile), change):
        return None
    files = commit.modified_files
    if len(files) != 1 or files[0].change_type not in {ModificationType.ADD, ModificationType.MODIFY}:
        return None
    change.path = files[0].new_path
    if not early and first(by_message(profile), change):
        return None
    if first(by_path(profile), change):
        return None
    old, new = files[0].source_code_before or "", files[0].source_code or ""
    sizes = len(old.encode("utf-8", "replace")), len(new.encode("utf-8", "replace"))
    count = counted(profile.contents.counter)
    if by_size(profile.contents, *sizes, whole=True) or by_text(profile.contents, old, new, count):
        return None
    return commit.hash, change.subject, change.path, old, new


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    sys.exit(main())
