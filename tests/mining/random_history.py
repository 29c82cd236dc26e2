"""Repositories with random histories: branches, merges, wrong commit times, branches that disappear."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.mining.repositories import CODE, MIT, Repo

SUBJECTS = (
    "Add the alpha that all others need",
    "Make it return what it was asked for",
    "core: Use a name that says more here",
    "Bump the limit to number {} again",
    "fix the crash when it is empty",
    "Fix #12 by looking before leaping there",
    "Tidy up",
)
START = 1_700_000_000


class RandomHistory:
    """A growing repository with few paths and contents, so that equal changes occur on several branches, the
    later commit often with the earlier date. With ``rewrites`` branches are also deleted or reset to an
    earlier commit."""

    def __init__(self, path: Path, seed: int, *, rewrites: bool, subjects: Sequence[str] = SUBJECTS) -> None:
        self.random = random.Random(seed)
        self.rewrites = rewrites
        self.subjects = subjects
        self.repo = Repo(path)
        self.repo.commit("Add the licence that we all like", {"LICENSE": MIT})
        self.branches = ["main"]

    def grow(self, commits: int) -> None:
        """Add ``commits`` new commits, and sometimes delete or reset a branch."""
        self.tips = self._tips()
        stream = "".join(self._commit(number) for number in range(commits))
        self.repo.git("fast-import", "--quiet", "--force", text=stream.encode())
        if self.rewrites and self.random.random() < 0.6:
            self._rewrite()
        elif len(self.branches) > 2 and self.random.random() < 0.5:
            self._delete_merged()

    def _tips(self) -> dict[str, str]:
        lines = self.repo.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return dict(line.rsplit(" ", 1) for line in lines.splitlines())

    def _commit(self, number: int) -> str:
        draw = self.random
        if draw.random() < 0.25:
            base, branch = draw.choice(self.branches), f"b{len(self.branches)}-{draw.randrange(10**6)}"
            self.branches.append(branch)
        else:
            base = branch = draw.choice(self.branches)
        parent = f"from {self.tips.get(base, f'refs/heads/{base}')}\n"
        if base == branch and base not in self.tips:
            parent = ""  # fast-import continues the branch that it made itself
        self.tips.pop(branch, None)
        merged = draw.choice(self.branches) if draw.random() < 0.2 else branch
        merge = f"merge {self.tips[merged]}\n" if merged != branch and merged in self.tips else ""
        when = START + draw.randrange(-(10**6), 10**6) if draw.random() < 0.5 else START + 60 * number
        subject = draw.choice(self.subjects).format(draw.randrange(50))
        path = draw.choice(("qq1.py", "qq2.py", "sub/qq3.py", "big.zzz"))
        text = f"{CODE}v = {draw.randrange(6)}\n" if draw.random() < 0.9 else "\0" * 300
        return (
            f"commit refs/heads/{branch}\ncommitter A <a@example.org> {when} +0000\n"
            f"data {len(subject.encode())}\n{subject}\n{parent}{merge}"
            f"M 100644 inline {path}\ndata {len(text)}\n{text}\n"
        )

    def _rewrite(self) -> None:
        branch = self.random.choice(self.branches)
        if branch != "main" and self.random.random() < 0.5:
            self.repo.git("update-ref", "-d", f"refs/heads/{branch}")
            self.branches.remove(branch)
        else:
            parent = self.repo.git("rev-list", "--skip=1", "--max-count=1", f"refs/heads/{branch}")
            if parent:
                self.repo.git("update-ref", f"refs/heads/{branch}", parent)

    def _delete_merged(self) -> None:
        merged = self.repo.git("branch", "--format=%(refname:short)", "--merged", "main").splitlines()
        for branch in merged:
            if branch != "main":
                self.repo.git("update-ref", "-d", f"refs/heads/{branch}")
                self.branches.remove(branch)
