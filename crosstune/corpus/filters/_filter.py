"""The protocol of all filters: an example is kept, perhaps changed, or dropped with a reason."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crosstune.records import Example, Requirement


@dataclass(frozen=True, slots=True)
class Dropped:
    """An example that a filter removed; ``detail`` specifies the reason, for example a duplicate's id."""

    id: str
    reason: str
    detail: str = ""


Filter = Callable[[Example], "Example | Dropped"]
"""Returns the example, perhaps changed, or `Dropped`. It may depend on earlier examples."""


@dataclass(frozen=True, slots=True)
class Filtered:
    kept: list[Example]
    dropped: list[Dropped]

    @property
    def reasons(self) -> dict[str, int]:
        """The number of dropped examples by reason."""
        return dict(sorted(Counter(each.reason for each in self.dropped).items()))


def apply_filters(examples: Iterable[Example], *filters: Filter) -> Filtered:
    """Pass each example through the filters in order; the first that drops it gives the reason."""
    kept: list[Example] = []
    dropped: list[Dropped] = []
    for example in examples:
        result = filter_one(example, filters)
        if isinstance(result, Dropped):
            dropped.append(result)
        else:
            kept.append(result)
    return Filtered(kept, dropped)


def filter_one(example: Example, filters: Iterable[Filter]) -> Example | Dropped:
    """Pass one example through all ``filters``."""
    for each in filters:
        result = each(example)
        if isinstance(result, Dropped):
            return result
        example = result
    return example


def context_of(example: Example) -> str:
    """The texts of the earlier turns, each after a newline; empty for most examples."""
    return "".join(f"{turn.content}\n" for turn in example.history)


def package_requirement(package: str) -> Requirement:
    """The requirement for a Python package of the extra ``corpus`` that a filter imports."""
    installed = importlib.util.find_spec(package) is not None
    return Requirement(f"the Python package {package}", installed, "pip install 'crosstune[corpus]'")
