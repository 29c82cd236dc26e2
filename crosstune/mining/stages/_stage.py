"""The types that all stages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change

Dropped = tuple[str, Change]
"""The reason and the dropped change."""

Stage = Callable[[Repository, Profile, Sequence[Change]], tuple[list[Any], list[Dropped]]]
"""Returns the kept and the dropped changes, each in the order of the input."""

RunStage = Callable[[Stage, Repository, Profile, Sequence[Change]], tuple[list[Any], list[Dropped]]]
"""Runs a stage over the changes, in one process or several; the result is the same."""


def run_here(
    stage: Stage, repository: Repository, profile: Profile, changes: Sequence[Change]
) -> tuple[list[Any], list[Dropped]]:
    """Run the stage over all changes at once in this process."""
    return stage(repository, profile, changes)
