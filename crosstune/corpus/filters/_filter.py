"""What every filter of a corpus is and returns: what stays, and what went and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crosstune.records import Example


@dataclass(frozen=True, slots=True)
class Dropped:
    """An example that a filter took out. ``detail`` names what it collided with."""

    id: str
    reason: str
    detail: str = ""


Filter = Callable[[Example], "Example | Dropped"]
"""Gives the example back, as it was or changed, or says why it goes. It may remember earlier ones."""


@dataclass(frozen=True, slots=True)
class Sifted:
    kept: list[Example]
    dropped: list[Dropped]

    @property
    def reasons(self) -> dict[str, int]:
        """How many were dropped for each reason."""
        return dict(sorted(Counter(each.reason for each in self.dropped).items()))


def sift(examples: Iterable[Example], *filters: Filter) -> Sifted:
    """Each example through the filters, in order; the first that drops it gives the reason."""
    kept: list[Example] = []
    dropped: list[Dropped] = []
    for example in examples:
        found = through(example, filters)
        if isinstance(found, Dropped):
            dropped.append(found)
        else:
            kept.append(found)
    return Sifted(kept, dropped)


def through(example: Example, filters: Iterable[Filter]) -> Example | Dropped:
    """What is left of ``example`` after all ``filters``."""
    for each in filters:
        found = each(example)
        if isinstance(found, Dropped):
            return found
        example = found
    return example


class Seen:
    """The contents and ids met so far; hand the same one to several `sift` to join them.

    Keeps the first of those with the same prompt and completion, of commits the first with the same change
    (two blobs and what comes of them), and the first of a source with each id. How much white space stands
    between two words, and where lines end, makes no difference.
    """

    def __init__(self) -> None:
        self._contents: dict[bytes, str] = {}
        self._ids: set[tuple[str, str]] = set()

    def __call__(self, example: Example) -> Example | Dropped:
        """The example itself (then it counts as met), or why it is a duplicate."""
        content = _content(example.prompt, example.completion)
        if first := self._contents.get(content):
            return Dropped(example.id, "duplicate content", first)
        change = _change(example)
        if change and (first := self._contents.get(change)):
            return Dropped(example.id, "duplicate change", first)
        if (example.source, example.id) in self._ids:
            return Dropped(example.id, "duplicate id", example.id)
        self._contents[content] = example.id
        if change:
            self._contents[change] = example.id
        self._ids.add((example.source, example.id))
        return example


def _change(example: Example) -> bytes | None:
    """A commit's change, whatever its message: several parts of one file may come of one pair of blobs."""
    old, new = example.provenance.get("old_blob"), example.provenance.get("new_blob")
    return _content(f"{old} {new}", example.completion) if old and new else None


def _content(*texts: str) -> bytes:
    plain = "\0".join(" ".join(text.split()) for text in texts)
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()
