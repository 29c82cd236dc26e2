"""Choosing rows by what they are: language, task, source, licence, length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from crosstune.corpus.filters._filter import Dropped
from crosstune.errors import suggestion
from crosstune.records import Example
from crosstune.settings import Settings


class Selection(Settings):
    """Empty and zero: no limit. Lengths are characters."""

    languages: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    """Every licence of a row (`mit + isc` has two) must be one of these."""
    least: int = 0
    """Of prompt and completion together."""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Selector:
    """Gives back the examples that are of the selection, and counts what there was to choose from."""

    selection: Selection
    met: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in CHOICES})

    def __call__(self, example: Example) -> Example | Dropped:
        for name, of in CHOICES.items():
            self.met[name][of(example)] += 1
        for reason, wrong in RULES.items():
            if detail := wrong(self.selection, example):
                return Dropped(example.id, reason, detail)
        return example

    def unmet(self) -> list[str]:
        """For each name of the selection that no row bears, that and which ones rows bear."""
        return [
            f"no row has {value!r} among its {name}; {suggestion(value, filter(None, met))}"
            for name, met in self.met.items()
            for value in getattr(self.selection, name)
            if value not in met
        ]


CHOICES: dict[str, Callable[[Example], str]] = {
    "languages": lambda example: example.language,
    "tasks": lambda example: example.task,
    "sources": lambda example: example.source,
}


def _other(known: tuple[str, ...], value: str) -> str:
    return (value or "(none)") if known and value not in known else ""


def _licence(selection: Selection, example: Example) -> str:
    found = example.provenance.get("licence") or "unknown"
    every = set(found.split(" + ")) <= set(selection.licences)
    return found if selection.licences and not every else ""


def _length(example: Example) -> int:
    return len(example.prompt) + len(example.completion)


def _short(selection: Selection, example: Example) -> str:
    return str(_length(example)) if _length(example) < selection.least else ""


def _long(selection: Selection, example: Example) -> str:
    return str(_length(example)) if 0 < selection.most < _length(example) else ""


RULES: dict[str, Callable[[Selection, Example], str]] = {
    "another language": lambda selection, example: _other(selection.languages, example.language),
    "another task": lambda selection, example: _other(selection.tasks, example.task),
    "another source": lambda selection, example: _other(selection.sources, example.source),
    "another licence": _licence,
    "too short": _short,
    "too long": _long,
}
