"""What a rule of a profile is: a function that says whether a commit is dropped.

Rules stand in the order of cost: what the message alone tells comes first (`_message_rules`), and of that
what its first word tells; then what the path tells (`_path_rules`); contents come last, as reading them is
what costs. A commit that several would drop counts under the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crosstune.mining.repository._log import Change

VERSION = 3
"""Raise it when a rule means something else than before: what was mined by the old one is mined again."""

NO_CAPITAL, NO_VERB = "subject: no capital", "subject: no verb"
UNTYPICAL = "file: ending not typical"
HASH_SIGN, LENGTH = "subject: #", "subject: length"


@dataclass(frozen=True, slots=True)
class Rule:
    """``reason`` is what the funnel says, ``settings`` are the thresholds' places in the profile, ``drops``
    may also rewrite the change's subject and keep it, ``value`` is what was held against the thresholds."""

    reason: str
    settings: str
    drops: Callable[[Change], bool]
    value: Callable[[Change], str]


def first(rules: Sequence[Rule], change: Change) -> str | None:
    """Why ``change`` is dropped: the first rule that says so; its subject is cleaned on the way."""
    for rule in rules:
        if rule.drops(change):
            return rule.reason
    return None
