"""Define a rule, and apply a list of rules.

Rules are applied in order of cost: the first word of the message, the rest of it, the changed files, the
path, sizes, contents, licence. A commit that several rules would drop is counted under the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

VERSION = 4
"""Increase it when a rule's meaning changes: repositories mined with another version are mined again."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A reason to drop a ``T``.

    ``drops`` returns whether to drop it; for a rule with several ``reasons``, it returns the reason that
    applies. It may also change the ``T`` and keep it, for example clean a subject or decode contents.
    ``settings`` are the names of the rule's thresholds in the profile, separated by commas, and ``value``
    gives what they are compared with; both are used only in explanations.
    """

    name: str
    settings: str
    drops: Callable[[T], bool | str]
    value: Callable[[T], str]
    reasons: tuple[str, ...] = ()


class ApplyRules(Protocol):
    """Applies rules in order and returns the reason of the first that drops ``subject``; empty if none does.

    Mining applies rules with `first_reason`; explaining a commit also records the outcome of each rule.
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
