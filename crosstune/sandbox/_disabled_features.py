"""Features of the sandbox that are switched off on demand, to see what a machine that lacks them does."""

from __future__ import annotations

import os

from crosstune.errors import UsageError

VARIABLE = "CROSSTUNE_WITHOUT"
"""The environment variable with the names of such features, separated by commas."""

NESTING, GROUPS, FILTER = "nesting", "groups", "filter"
"""Namespaces inside bubblewrap's, control groups, the filter of system calls."""

_FEATURES = (NESTING, GROUPS, FILTER)


def disabled_features() -> tuple[str, ...]:
    """
    Raises:
        UsageError: the variable has an unknown name.
    """
    named = tuple(feature for feature in os.environ.get(VARIABLE, "").split(",") if feature)
    if unknown := [name for name in named if name not in _FEATURES]:
        raise UsageError(f"{VARIABLE}: unknown {unknown[0]!r}; known: {', '.join(_FEATURES)}")
    return named
