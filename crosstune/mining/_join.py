"""Join the commits of several repositories: each contents once, with the names of all that have it.

There may be more commits than memory. They are read twice: once to find out which contents exist where, and
once to take the first of each. Some hundred bytes are held for each contents, and no text.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from crosstune.mining._funnel import Funnel
from crosstune.mining._one_repository import MinedRepository
from crosstune.mining._profile import Profile
from crosstune.mining.stages._duplicates import SAME_CONTENTS
from crosstune.mining.stages._reasons import all_reasons
from crosstune.records import Commit

OTHER_REPOSITORY = "duplicate: in another repository"
OWNER_OPTED_OUT = "owner opted out"

_Found = tuple[bool, tuple[int, ...]]
"""Whether the commit adds its file, and the numbers of the repositories that have the contents."""


class Distinct:
    """Which contents the commits given to `add` have."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._funnel = Funnel(profile.name, "")
        self._numbers: dict[str, int] = {}
        self._found: dict[bytes, _Found] = {}
        self._equal: dict[_Found, _Found] = {}
        self._first = bytearray()
        """For each commit, in their order, whether it is the first of its contents."""

    def add(self, commit: Commit) -> None:
        content = _content_hash(commit)
        number = self._numbers.setdefault(commit.repository, len(self._numbers))
        adds, numbers = self._found.get(content, (not commit.old_blob, ()))
        self._first.append(not numbers)
        if numbers:
            self._funnel.drop(SAME_CONTENTS if number in numbers else OTHER_REPOSITORY)
        if number not in numbers:
            found = (adds, (*numbers, number))
            self._found[content] = self._equal.setdefault(found, found)  # most are equal: share them

    def of(self, commits: Iterable[Commit]) -> Iterator[Commit]:
        """The first commit of each contents; ``commits`` are those that were added, in the same order."""
        names, gone = list(self._numbers), self._opted_out()
        for is_first, commit in zip(self._first, commits, strict=True):
            if is_first and (found := self._found[_content_hash(commit)]) not in gone:
                own = sorted(names[number] for number in found[1])
                yield dataclasses.replace(commit, repository=", ".join(own))

    def funnel(self, mined: Sequence[MinedRepository]) -> Funnel:
        """The funnel of all repositories, in their order."""
        total = _sum([each.funnel for each in mined], self._profile)
        for reason, count in self._funnel.dropped.items():
            total.drop(reason, count)
        gone = self._opted_out()
        for found in self._found.values():
            if found in gone:
                total.drop(OWNER_OPTED_OUT)
            else:
                total.kept += 1
                total.additions += found[0]
        total.dropped = total.ordered([*all_reasons(self._profile), OTHER_REPOSITORY, OWNER_OPTED_OUT])
        return total

    def _opted_out(self) -> set[_Found]:
        """Those of which all owners opted out."""
        names, opted_out = list(self._numbers), set(self._profile.owners.opted_out)
        return {found for found in self._equal if {_owner(names[number]) for number in found[1]} <= opted_out}


def join(mined: Sequence[MinedRepository], profile: Profile) -> tuple[list[Commit], Funnel]:
    """Join the commits without duplicates; a commit in several repositories lists them all."""
    distinct = Distinct(profile)
    commits = [commit for each in mined for commit in each.commits]
    for commit in commits:
        distinct.add(commit)
    return list(distinct.of(commits)), distinct.funnel(mined)


def _content_hash(commit: Commit) -> bytes:
    """A hash of the texts. Blob ids cannot be used: they differ in SHA-256 repositories, and pieces have
    none."""
    return hashlib.blake2b(f"{commit.old}\0{commit.new}".encode(), digest_size=20).digest()


def _owner(repository: str) -> str:
    return repository.split("/")[-2] if "/" in repository else ""


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
