"""What the stages have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change

Dropped = tuple[str, Change]
"""The reason, and the change that is dropped for it."""

Stage = Callable[[Repository, Profile, Sequence[Change]], tuple[list[Any], list[Dropped]]]
"""Returns what is kept and what is dropped, in the order of the changes."""

RunStage = Callable[[Stage, Repository, Profile, Sequence[Change]], tuple[list[Any], list[Dropped]]]
"""Runs a stage over the changes; the result does not depend on how."""


def run_here(
    stage: Stage, repository: Repository, profile: Profile, changes: Sequence[Change]
) -> tuple[list[Any], list[Dropped]]:
    """Run the stage over all changes at once in this process."""
    return stage(repository, profile, changes)
