"""Identify the rules by a hash of everything that affects their decisions."""

from __future__ import annotations

from crosstune.mining._profile import Profile, languages_by_ending, verbs
from crosstune.mining.pieces._definitions import grammars_version
from crosstune.mining.repository._licences import recogniser_version
from crosstune.mining.rules import _rule
from crosstune.mining.rules._file_languages import LINGUIST
from crosstune.mining.rules._linguist import version
from crosstune.mining.rules._tokens import tokenizer_digest
from crosstune.settings import digest


def fingerprint(profile: Profile) -> str:
    """A hash of the thresholds, the lists and tokenizer they name, and the versions of the licence
    recogniser, the grammars and the rules."""
    table = profile.file.extensions
    languages = version() if table == LINGUIST else dict(languages_by_ending(table))
    words = sorted(verbs(profile.subject.verbs)) if profile.subject.verbs else []
    grammars = grammars_version() if profile.sample.of == "definition" else ""
    tools = [recogniser_version(), grammars, tokenizer_digest(profile.contents.counter)]
    return digest([_rule.VERSION, profile.model_dump(mode="json"), [languages], words, tools])[:12]


def rules_name(profile: Profile) -> str:
    """The profile's name and its fingerprint, joined by a hyphen."""
    return f"{profile.name}-{fingerprint(profile)}"
