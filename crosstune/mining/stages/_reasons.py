"""List every reason to drop a commit, as the rules define them."""

from __future__ import annotations

from crosstune.mining._profile import Profile
from crosstune.mining.pieces._piece import piece_rules
from crosstune.mining.rules._contents import SAMPLE_REASONS, size_rules, text_rules
from crosstune.mining.rules._files import file_rules
from crosstune.mining.rules._history import history_rules
from crosstune.mining.rules._licence import licence_rules
from crosstune.mining.rules._message import NO_CAPITAL, NO_VERB, NOT_UTF8, message_rules
from crosstune.mining.rules._path import path_rules
from crosstune.mining.rules._rule import reasons
from crosstune.mining.stages import _duplicates


def all_reasons(profile: Profile) -> list[str]:
    """All reasons in the order of the rules; those of the first line precede the check of the encoding."""
    messages = reasons(message_rules(profile))
    ordered = [
        *reasons(history_rules(())),
        *(reason for reason in messages if reason in {NO_CAPITAL, NO_VERB}),
        NOT_UTF8,
        *messages,
        *reasons(file_rules(profile)),
        *reasons(path_rules(profile)),
        *_duplicates.REASONS,
        *reasons(size_rules(profile)),
        *reasons(text_rules(profile)),
        *reasons(piece_rules(profile)),
        *SAMPLE_REASONS,
        *reasons(licence_rules(profile)),
    ]
    return list(dict.fromkeys(ordered))
