"""Second stage: trees. Keeps commits that change one regular file with an accepted path."""

from __future__ import annotations

from collections.abc import Sequence

from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._trees import changed_files
from crosstune.mining.rules._files import Comparison, file_rules
from crosstune.mining.rules._path import path_rules
from crosstune.mining.rules._rule import ApplyRules, first_reason
from crosstune.mining.stages._stage import Dropped


def compare_files(
    repository: Repository, profile: Profile, changes: Sequence[Change], apply: ApplyRules = first_reason
) -> tuple[list[Change], list[Dropped]]:
    """Fill in the paths and blobs of the changes that are kept.

    Raises:
        Unreadable: too many trees are missing or damaged.
    """
    on_files, on_path = file_rules(profile), path_rules(profile)
    kept: list[Change] = []
    dropped: list[Dropped] = []
    for change, files in changed_files(repository, changes):
        if reason := apply(on_files, Comparison(change, files)) or apply(on_path, change):
            dropped.append((reason, change))
        else:
            kept.append(change)
    return kept, dropped
