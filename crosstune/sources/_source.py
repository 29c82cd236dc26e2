"""What a corpus source is to the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of examples as a value.

    ``settings`` is the model of its part of a study file. ``examples(settings, work, progress)``
    yields them, always in the same order; ``work`` is a folder that outlives a killed run, for a
    journal of what must not be asked or computed twice. ``version`` goes into the key of every corpus
    made with it: raise it when the examples change.
    """

    name: str
    version: int
    settings: type[Settings]
    examples: Callable[[Any, Path, Progress], Iterator[Example]]
    requirements: Callable[[Any], Sequence[Requirement]]
