"""The rule on the licence at a commit."""

from __future__ import annotations

from crosstune.mining._profile import Profile
from crosstune.mining.rules._rule import Rule
from crosstune.records import Commit

NOT_ALLOWED = "licence not allowed"


def licence_rules(profile: Profile) -> list[Rule[Commit]]:
    """One rule: every licence at the commit must be allowed (``licence.allowed`` None allows all)."""
    allowed = profile.licence.allowed

    def is_not_allowed(commit: Commit) -> bool:
        return allowed is not None and not all(each in allowed for each in commit.licence.split(" + "))

    return [Rule(NOT_ALLOWED, "licence.allowed", is_not_allowed, lambda commit: commit.licence)]
