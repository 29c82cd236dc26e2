"""What a rule is, and how a list of rules is applied.

Rules are ordered by cost: the first word of the message, the rest of it, the changed files, the path, sizes,
contents, licence. A commit that several rules would drop is counted under the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

VERSION = 3
"""Raise it when a rule changes its meaning: what was mined with another version is mined again."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A reason to drop a ``T``.

    ``drops`` is true if it does. A rule with several ``reasons`` returns the one that applies. It may also
    change the ``T`` and keep it, for example clean a subject or decode contents. ``settings`` are the names
    of its thresholds in the profile, separated by commas, and ``value`` is what they are compared with: both
    are for people.
    """

    name: str
    settings: str
    drops: Callable[[T], bool | str]
    value: Callable[[T], str]
    reasons: tuple[str, ...] = ()


class ApplyRules(Protocol):
    """Applies rules in order and returns the reason of the first that drops ``subject``, or empty text.

    Mining and explaining differ only in this: one applies rules with `first_reason`, the other with a
    method that also records each rule's outcome.
    """

    def __call__(self, rules: Sequence[Rule[T]], subject: T, /) -> str: ...


def first_reason(rules: Sequence[Rule[T]], subject: T, /) -> str:
    """The reason of the first rule that drops ``subject``; empty if none does."""
    for rule in rules:
        if dropped := rule.drops(subject):
            return rule.name if dropped is True else str(dropped)
    return ""


def reasons(rules: Sequence[Rule[T]]) -> list[str]:
    """Every reason that the rules can give, in order."""
    return [reason for rule in rules for reason in (rule.reasons or (rule.name,))]
