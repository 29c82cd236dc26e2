"""Mine the same samples with PyDriller, as its documentation reads history: `python -m bench.with_pydriller`.

`bench.mining` runs this in an environment that has PyDriller, with a repository as the first argument. With
``--early`` the message rules come before a commit's files are read, otherwise after, as published. Prints one
JSON object: commits, CPU seconds of this process and its children after the imports, samples.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from pydriller import Repository
from pydriller.domain.commit import ModificationType

from crosstune.mining import Profile, load_profile
from crosstune.mining.repository._log import Change, subject
from crosstune.mining.rules._contents import sample_reason, size_reason
from crosstune.mining.rules._message import message_rules
from crosstune.mining.rules._path import path_rules
from crosstune.mining.rules._rule import first_reason
from crosstune.mining.rules._tokens import token_counter


def main() -> int:
    profile, early = load_profile("commitpackft"), "--early" in sys.argv
    cut = Path(sys.argv[1]) / "shallow"
    outside = set(cut.read_text().split()) if cut.exists() else set()  # PyDriller fails on these
    before, commits, samples = _cpu(), 0, []
    for commit in Repository(sys.argv[1], include_refs=True, include_remotes=True).traverse_commits():
        commits += 1
        if not commit.merge and commit.hash not in outside and (sample := _sample(commit, profile, early)):
            samples.append(sample)
    print(json.dumps({"commits": commits, "cpu": _cpu() - before, "samples": samples}))
    return 0


def _sample(commit: Any, profile: Profile, early: bool) -> tuple[str, ...] | None:
    shown = subject(commit.msg)
    change = Change(commit.hash, 0, (), commit.msg, shown, shown)
    if early and first_reason(message_rules(profile), change):
        return None
    files = commit.modified_files
    if len(files) != 1 or files[0].change_type not in {ModificationType.ADD, ModificationType.MODIFY}:
        return None
    change.path = files[0].new_path
    if not early and first_reason(message_rules(profile), change):
        return None
    if first_reason(path_rules(profile), change):
        return None
    old, new = files[0].source_code_before or "", files[0].source_code or ""
    sizes = len(old.encode("utf-8", "replace")), len(new.encode("utf-8", "replace"))
    count = token_counter(profile.contents.counter)
    contents = profile.contents
    if size_reason(contents, *sizes, whole_file=True) or sample_reason(contents, old, new, count):
        return None
    return commit.hash, change.subject, change.path, old, new


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    sys.exit(main())
