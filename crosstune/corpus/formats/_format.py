"""The interface of an output format: one JSON object per example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crosstune.records import Example

Row = dict[str, Any]
"""One line of the output file, a JSON object."""


@dataclass(frozen=True, slots=True)
class Format:
    """``row`` returns None for an example that the format cannot express; ``requires`` describes the examples
    that it can."""

    name: str
    row: Callable[[Example], Row | None]
    requires: str = ""
