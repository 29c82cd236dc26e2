"""The rules of a profile, each a function that says why a commit is dropped, or None.

They stand in the published order as far as they need no more than the log: contents come last, as
reading them is what costs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosstune.sources._history import Change
from crosstune.sources._profile import Contents, File, Message, Profile, Subject, languages_by_ending, verbs
from crosstune.sources._tokens import Count, estimated

VERSION = 1
"""Raise it when a rule means something else than before: what was mined by the old one is mined again."""

Check = Callable[[Change], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """``reason`` is what the funnel says; ``drops`` may also rewrite the change's subject, and keep it."""

    reason: str
    drops: Callable[[Change], bool]


def rules(profile: Profile) -> list[Rule]:
    """Those that need no contents, in order."""
    return [*_message(profile.message), *_file(profile.file), *_subject(profile.subject)]


def first(rules: Sequence[Rule], change: Change) -> str | None:
    """Why ``change`` is dropped: the first rule that says so; its subject is cleaned on the way."""
    for rule in rules:
        if rule.drops(change):
            return rule.reason
    return None


def _message(rules: Message) -> Iterable[Rule]:
    banned, starts = frozenset(rules.not_exactly), tuple(rules.not_starting_with)
    least, most = rules.more_than, rules.fewer_than

    def text(change: Change) -> str:
        return change.message.strip()

    yield Rule("message: length", lambda change: not least < len(text(change)) < most)
    yield Rule("message: says nothing", lambda change: text(change).lower() in banned)
    yield Rule("message: merge", lambda change: text(change).lower().startswith(starts))
    if rules.not_update_path:
        yield Rule("message: Update and the path", lambda change: text(change) == f"Update {change.path}")


def _file(rules: File) -> Iterable[Rule]:
    table, typical = languages_by_ending(rules.extensions), rules.typical

    def untypical(change: Change) -> bool:
        wanted = typical.get(language(change.path, table))
        return not change.path.endswith(tuple(wanted)) if wanted else not _stem_and_ending(change.path)

    yield Rule("file: language not known", lambda change: not language(change.path, table))
    if rules.extension_needed:
        yield Rule("file: ending not typical", untypical)
    if rules.not_named_in_subject:
        yield Rule("file: named in the subject", _named)


def language(path: str, table: Mapping[str, str]) -> str:
    """The language whose ending is the longest that ``path`` has; empty if there is none."""
    name = path.rpartition("/")[2]
    if whole := table.get(name):
        return whole
    dot = name.find(".")
    while dot >= 0:
        if found := table.get(name[dot:]):
            return found
        dot = name.find(".", dot + 1)
    return ""


def _stem_and_ending(path: str) -> list[str]:
    parts = path.rpartition("/")[2].split(".")
    return parts[-2:] if len(parts) > 1 else []


def _named(change: Change) -> bool:
    parts = _stem_and_ending(change.path)
    return bool(parts) and parts[0] != "" and parts[0] in change.subject


def _subject(rules: Subject) -> Iterable[Rule]:
    if rules.no_hash_sign:
        yield Rule("subject: #", lambda change: "#" in change.subject)
    yield _length(rules)
    yield from _cleaning(rules)
    yield from _wording(rules)
    yield from _second_filter(rules)


def _length(rules: Subject) -> Rule:
    def wrong(change: Change) -> bool:
        words = len(change.subject.split())
        characters = rules.more_characters_than < len(change.subject) < rules.fewer_characters_than
        return not (characters and rules.more_words_than < words < rules.fewer_words_than)

    return Rule("subject: length", wrong)


def _cleaning(rules: Subject) -> Iterable[Rule]:
    if not (rules.clean or rules.delete):
        return

    def clean(change: Change) -> bool:
        change.subject = cleaned(change.subject, rules.delete, rules.clean)
        return False

    yield Rule("subject: length, cleaned", clean)
    yield Rule("subject: length, cleaned", _length(rules).drops)


def cleaned(subject: str, delete: Iterable[str], brackets: bool) -> str:
    """``subject`` without what is to be deleted, and without a tag in front or behind."""
    subject = _without(subject.strip(), delete)
    words = subject.split()
    if not brackets:
        return subject
    if words and words[0].startswith("[") and words[0].endswith("]"):
        words = words[1:]
    if words and words[0].endswith(":"):
        words = words[1:]
    if words and words[-1].startswith("[") and words[-1].endswith("]"):
        words = words[:-1]
    return " ".join(words)


def _without(text: str, parts: Iterable[str]) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text


def _wording(rules: Subject) -> Iterable[Rule]:
    banned, contained = frozenset(rules.not_exactly), rules.not_containing
    patterns = [re.compile(pattern) for pattern in rules.not_matching]
    if rules.capital:
        yield Rule("subject: no capital", lambda change: not change.subject[:1].isupper())
    if rules.verbs is not None:
        starts = tuple(f"{verb} " for verb in sorted(verbs(rules.verbs)))
        yield Rule("subject: no verb", lambda change: not change.subject.lower().startswith(starts))
    yield Rule("subject: says nothing", lambda change: change.subject.lower() in banned)
    yield Rule(
        "subject: banned words", lambda change: any(part in change.subject.lower() for part in contained)
    )
    yield Rule(
        "subject: version or hash",
        lambda change: any(each.match(change.subject.lower()) for each in patterns),
    )


def _second_filter(rules: Subject) -> Iterable[Rule]:
    nowhere = [re.compile(pattern) for pattern in rules.nowhere]
    then = [re.compile(pattern) for pattern in rules.nowhere_then]

    def delete(change: Change) -> bool:
        change.subject = _without(change.subject, rules.delete_then).strip()
        return False

    yield Rule(
        "subject: a commit's hash", lambda change: any(each.search(change.subject) for each in nowhere)
    )
    yield Rule("subject: thinned", delete)
    yield Rule("subject: thinned", lambda change: _thinned(rules, change))
    yield Rule(
        "subject: talk, issue or link",
        lambda change: any(each.search(change.subject.lower()) for each in then),
    )
    yield Rule("subject: too few words", lambda change: len(change.subject.split()) < rules.least_words_then)


def _thinned(rules: Subject, change: Change) -> bool:
    if not change.subject.startswith(tuple(rules.thinned)):
        return False
    hashed = hashlib.sha256(f"{rules.thinned_seed}:{change.commit}".encode()).digest()
    return int.from_bytes(hashed[:8]) / 2**64 >= rules.thinned_keep


TOO_LARGE, OLD_TOO_LONG, NEW_EMPTY, SAME = (
    "contents: too large",
    "contents: old too long",
    "contents: new empty",
    "contents: unchanged",
)
TOKENS = "contents: token window"
BY_SIZE = (TOO_LARGE, NEW_EMPTY, OLD_TOO_LONG, TOKENS)
BY_TEXT = (OLD_TOO_LONG, SAME, TOKENS)


def by_size(rules: Contents, old: int, new: int) -> str | None:
    """Why a change is dropped, as far as the sizes of its sides in bytes can tell."""
    if max(old, new) > rules.most_bytes:
        return TOO_LARGE
    if new == 0 and rules.new_not_empty:
        return NEW_EMPTY
    if old >= 4 * rules.old_fewer_than:  # a character has at most four bytes
        return OLD_TOO_LONG
    tokens = estimated(rules.counter, old + new)
    return None if tokens is None else _window(rules, tokens)


def by_text(rules: Contents, old: str, new: str, count: Count) -> str | None:
    """Why a change is dropped, seeing both sides."""
    if len(old) >= rules.old_fewer_than:
        return OLD_TOO_LONG
    if old == new and rules.different:
        return SAME
    if estimated(rules.counter, 0) is not None or (not rules.least_tokens and rules.most_tokens is None):
        return None  # `by_size` has judged, or nothing is asked
    return _window(rules, count(old, new))


def _window(rules: Contents, tokens: int) -> str | None:
    most = rules.most_tokens
    return None if rules.least_tokens <= tokens and (most is None or tokens <= most) else TOKENS
