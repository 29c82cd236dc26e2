"""Sandbox features that can be switched off, to test how crosstune behaves on a machine without them."""

from __future__ import annotations

import os

from crosstune.errors import UsageError

VARIABLE = "CROSSTUNE_WITHOUT"
"""The environment variable that lists the features to switch off, separated by commas."""

NESTING, GROUPS, FILTER = "nesting", "groups", "filter"
"""Namespaces inside those of bubblewrap, control groups, the filter of system calls."""

_FEATURES = (NESTING, GROUPS, FILTER)


def disabled_features() -> tuple[str, ...]:
    """The features that `VARIABLE` switches off.

    Raises:
        UsageError: the variable has an unknown name.
    """
    named = tuple(feature for feature in os.environ.get(VARIABLE, "").split(",") if feature)
    if unknown := [name for name in named if name not in _FEATURES]:
        raise UsageError(f"{VARIABLE}: unknown {unknown[0]!r}; known: {', '.join(_FEATURES)}")
    return named
