"""Parts of the sandbox that are left out on demand, to see what still holds on a machine that lacks them."""

from __future__ import annotations

import os

from crosstune.errors import UsageError

VARIABLE = "CROSSTUNE_WITHOUT"
"""Names of such parts, with commas between."""

NESTING, GROUPS, FILTER = "nesting", "groups", "filter"
"""Namespaces within bubblewrap's, control groups, the filter of system calls."""

_PARTS = (NESTING, GROUPS, FILTER)


def disabled_features() -> tuple[str, ...]:
    """
    Raises:
        UsageError: the variable names something else.
    """
    named = tuple(part for part in os.environ.get(VARIABLE, "").split(",") if part)
    if unknown := [part for part in named if part not in _PARTS]:
        raise UsageError(f"{VARIABLE}: unknown {unknown[0]!r}; known: {', '.join(_PARTS)}")
    return named
