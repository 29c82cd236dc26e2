"""Select rows by language, task, source, licence and length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from crosstune.corpus.filters._filter import Dropped
from crosstune.errors import suggestion
from crosstune.records import Example
from crosstune.settings import Settings


class Selection(Settings):
    """Empty and zero mean no limit. Lengths are in characters."""

    languages: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    """Every licence of a row (`mit + isc` has two) must be one of these."""
    least: int = 0
    """The least length of prompt and completion together."""
    most: int = 0
    """The greatest length of prompt and completion together."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Drops examples outside the selection, and counts the values of all examples."""

    selection: Selection
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in VALUES})

    def __call__(self, example: Example) -> Example | Dropped:
        for name, value_of in VALUES.items():
            self.counts[name][value_of(example)] += 1
        for reason, mismatch in RULES.items():
            if detail := mismatch(self.selection, example):
                return Dropped(example.id, reason, detail)
        return example

    def unmatched(self) -> list[str]:
        """A message for each selected value that no row has; it lists the values that rows have."""
        return [
            f"no row has {value!r} among its {name}; {suggestion(value, filter(None, counts))}"
            for name, counts in self.counts.items()
            for value in getattr(self.selection, name)
            if value not in counts
        ]


VALUES: dict[str, Callable[[Example], str]] = {
    "languages": lambda example: example.language,
    "tasks": lambda example: example.task,
    "sources": lambda example: example.source,
}


def _unselected(selected: tuple[str, ...], value: str) -> str:
    return (value or "(none)") if selected and value not in selected else ""


def _licence(selection: Selection, example: Example) -> str:
    licence = example.provenance.get("licence") or "unknown"
    allowed = set(licence.split(" + ")) <= set(selection.licences)
    return licence if selection.licences and not allowed else ""


def _length(example: Example) -> int:
    return len(example.prompt) + len(example.completion)


def _short(selection: Selection, example: Example) -> str:
    return str(_length(example)) if _length(example) < selection.least else ""


def _long(selection: Selection, example: Example) -> str:
    return str(_length(example)) if 0 < selection.most < _length(example) else ""


RULES: dict[str, Callable[[Selection, Example], str]] = {
    "another language": lambda selection, example: _unselected(selection.languages, example.language),
    "another task": lambda selection, example: _unselected(selection.tasks, example.task),
    "another source": lambda selection, example: _unselected(selection.sources, example.source),
    "another licence": _licence,
    "too short": _short,
    "too long": _long,
}
"""By the reason to drop a row: a function that returns the offending value, empty if the row passes."""
