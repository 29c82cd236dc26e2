"""What every filter of a corpus returns: what stays, and what went and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crosstune.records import Example


@dataclass(frozen=True, slots=True)
class Dropped:
    """An example that a filter took out. ``detail`` names what it collided with."""

    id: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """``notes`` are sentences for the reader on what the filter could not look at."""

    kept: list[Example]
    dropped: list[Dropped]
    notes: tuple[str, ...] = field(default=())

    @property
    def reasons(self) -> dict[str, int]:
        """How many were dropped for each reason."""
        return dict(sorted(Counter(each.reason for each in self.dropped).items()))


class Seen:
    """The contents and ids met so far; hand the same one to several `deduplicate` to join them."""

    def __init__(self) -> None:
        self._contents: dict[bytes, str] = {}
        self._ids: set[tuple[str, str]] = set()

    def again(self, example: Example) -> Dropped | None:
        """Why ``example`` is a duplicate, or None (then it counts as met)."""
        text = f"{_plain(example.prompt)}\0{_plain(example.completion)}"
        content = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if first := self._contents.get(content):
            return Dropped(example.id, "duplicate content", first)
        if (example.source, example.id) in self._ids:
            return Dropped(example.id, "duplicate id", example.id)
        self._contents[content] = example.id
        self._ids.add((example.source, example.id))
        return None


def deduplicate(examples: Iterable[Example], seen: Seen | None = None) -> Sifted:
    """Keep the first of those with the same prompt and completion, and the first of a source with each id.

    Line endings and blanks at the ends of lines do not make two texts different.
    """
    seen = seen or Seen()
    kept: list[Example] = []
    dropped: list[Dropped] = []
    for each in examples:
        fault = seen.again(each)
        if fault is None:
            kept.append(each)
        else:
            dropped.append(fault)
    return Sifted(kept, dropped)


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
