"""Select rows by language, task, source, licence and length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import pydantic

from crosstune.corpus._licences import licence_ids
from crosstune.corpus.filters._filter import Dropped, context_of
from crosstune.errors import suggestion
from crosstune.languages import language_name
from crosstune.records import Example
from crosstune.settings import Settings


def _registered(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(language_name, names))


class Selection(Settings):
    """Empty and zero mean no limit. Lengths are in characters."""

    languages: Annotated[tuple[str, ...], pydantic.AfterValidator(_registered)] = ()
    """`C++` is the same as `cpp`."""
    tasks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    """Every licence of a row (`mit + isc` has two) must be one of these; `MIT` is the same as `mit`."""
    least: int = 0
    """The least length of all texts of a row together."""
    most: int = 0
    """The greatest length of all texts of a row together."""


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
    allowed = set(licence_ids(licence)) <= {name for each in selection.licences for name in licence_ids(each)}
    return licence if selection.licences and not allowed else ""


def _length(example: Example) -> int:
    return len(example.system) + len(context_of(example)) + len(example.prompt) + len(example.completion)


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
