"""The plug-in type of a corpus source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of examples.

    ``settings`` is the model of its section in a study file. ``examples(settings, work, progress)``
    yields the examples, always in the same order. ``work`` is a folder that survives a killed run, for
    example for a journal of results that are expensive to get again. ``requirements(settings)`` lists what
    the source needs on this machine. ``version`` is part of the key of every corpus made from the source:
    increase it when the examples change.
    """

    name: str
    version: int
    settings: type[Settings]
    examples: Callable[[Any, Path, Progress], Iterator[Example]]
    requirements: Callable[[Any], Sequence[Requirement]]
