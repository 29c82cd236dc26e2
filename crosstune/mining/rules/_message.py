"""Rules on a commit's message and author."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

from crosstune.mining._profile import Authors, Message, Profile, Subject, verbs
from crosstune.mining.repository._log import Change
from crosstune.mining.rules._rule import Rule

NOT_UTF8 = "message is not UTF-8"
NO_CAPITAL, NO_VERB = "subject: no capital", "subject: no verb"
HASH_SIGN, LENGTH = "subject: #", "subject: length"
REGEX_CHARACTERS = frozenset(r".^$*+?{}[]\|()")
"""A pattern without any of these matches only itself."""


def message_rules(profile: Profile) -> list[Rule[Change]]:
    return [
        *_opening(profile.subject),
        *_original_subject(profile.subject),
        *_message(profile.message),
        *_wording(profile.subject),
        *_second_filter(profile.subject),
        *_authors(profile.authors),
    ]


def _original(change: Change) -> str:
    return change.original_subject


def _cleaned(change: Change) -> str:
    return change.subject


def _opening(settings: Subject) -> Iterable[Rule[Change]]:
    """Rules on how the cleaned subject begins, before the second filter deletes texts from it."""

    def clean(change: Change) -> bool:
        change.subject = clean_subject(change.original_subject, settings.delete, settings.clean)
        return False

    if settings.clean or settings.delete:
        yield Rule("subject: cleaned", "subject.clean, subject.delete", clean, _cleaned)
    if settings.capital:
        yield Rule(NO_CAPITAL, "subject.capital", lambda change: not change.subject[:1].isupper(), _cleaned)
    if settings.verbs is not None:
        yield Rule(NO_VERB, "subject.verbs", _has_no_verb(verbs(settings.verbs)), _cleaned)


def _has_no_verb(listed: frozenset[str]) -> Callable[[Change], bool]:
    """A function that is true if a subject begins with none of the ``listed`` verbs (some are phrases)."""
    longest = max((verb.count(" ") for verb in listed), default=0) + 1

    def has_no_verb(change: Change) -> bool:
        word, blank, _ = change.subject.partition(" ")
        if blank and word.lower() in listed:  # the usual case after the first-line shortcut
            return False
        *words, _ = change.subject[:200].lower().split(" ", longest) if " " in change.subject else [""]
        return not any(" ".join(words[: count + 1]) in listed for count in range(len(words)))

    return has_no_verb


def _original_subject(settings: Subject) -> Iterable[Rule[Change]]:
    if settings.no_hash_sign:
        yield Rule(
            HASH_SIGN, "subject.no_hash_sign", lambda change: "#" in change.original_subject, _original
        )
    yield _length(settings, LENGTH, _original)
    if settings.clean or settings.delete:
        yield _length(settings, "subject: length, cleaned", _cleaned)


def _length(settings: Subject, reason: str, text: Callable[[Change], str]) -> Rule[Change]:
    shortest, longest = settings.more_characters_than, settings.fewer_characters_than
    fewest, most = settings.more_words_than, settings.fewer_words_than

    def is_outside(change: Change) -> bool:
        subject = text(change)
        return not (shortest < len(subject) < longest and fewest < len(subject.split()) < most)

    def value(change: Change) -> str:
        return f"{len(text(change))} characters, {len(text(change).split())} words: {text(change)}"

    names = ("more_characters_than", "fewer_characters_than", "more_words_than", "fewer_words_than")
    return Rule(reason, ", ".join(f"subject.{name}" for name in names), is_outside, value)


def _message(settings: Message) -> Iterable[Rule[Change]]:
    banned, prefixes = frozenset(settings.not_exactly), tuple(settings.not_starting_with)
    longest = max(map(len, (*banned, *prefixes)), default=0) + 1
    shortest, limit = settings.more_than, settings.fewer_than

    def text(change: Change) -> str:
        return change.message.strip()

    def opening(change: Change) -> str:
        return text(change)[:longest].lower()

    yield Rule(
        "message: length",
        "message.more_than, message.fewer_than",
        lambda change: not shortest < len(text(change)) < limit,
        lambda change: f"{len(text(change))} characters",
    )
    yield Rule(
        "message: says nothing", "message.not_exactly", lambda change: opening(change) in banned, _original
    )
    yield Rule(
        "message: merge",
        "message.not_starting_with",
        lambda change: opening(change).startswith(prefixes),
        _original,
    )


def clean_subject(subject: str, delete: Iterable[str], tags: bool) -> str:
    """``subject`` without the texts to ``delete`` and, with ``tags``, without a tag at either end."""
    subject = _without(subject.strip(), delete)
    if not tags:
        return subject
    words = subject.split()
    if "[" not in subject and ":" not in subject:
        return " ".join(words)
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


def _wording(settings: Subject) -> Iterable[Rule[Change]]:
    banned, parts = frozenset(settings.not_exactly), settings.not_containing
    matches = [re.compile(pattern).match for pattern in settings.not_matching]
    yield Rule(
        "subject: says nothing",
        "subject.not_exactly",
        lambda change: change.subject.lower() in banned,
        _cleaned,
    )
    yield Rule(
        "subject: banned words",
        "subject.not_containing",
        _contains(parts),
        lambda change: _matching(parts, lambda part: part in change.subject.lower()),
    )
    yield Rule("subject: version or hash", "subject.not_matching", _contains((), matches), _cleaned)


def _contains(
    texts: Sequence[str], searches: Sequence[Callable[[str], object]] = ()
) -> Callable[[Change], bool]:
    """A function that is true if the lower-case subject contains one of the texts or a search matches."""

    def contains(change: Change) -> bool:
        # Plain loops: calling a generator would take longer than the searches.
        subject = change.subject.lower()
        for text in texts:
            if text in subject:
                return True
        for search in searches:  # noqa: SIM110
            if search(subject):
                return True
        return False

    return contains


def _search(pattern: str) -> Callable[[str], object]:
    """The pattern's search function; a pattern anchored at the start is tried only there."""
    compiled = re.compile(pattern)
    return compiled.match if pattern.startswith("^") and "|" not in pattern else compiled.search


def _matching(parts: Iterable[str], matches: Callable[[str], object]) -> str:
    return ", ".join(repr(part) for part in parts if matches(part)) or "none of them"


def _second_filter(settings: Subject) -> Iterable[Rule[Change]]:
    nowhere = re.compile("|".join(f"(?:{pattern})" for pattern in settings.nowhere) or r"(?!)").search
    texts = [each for each in settings.nowhere_then if not REGEX_CHARACTERS & set(each)]
    searches = [_search(each) for each in settings.nowhere_then if REGEX_CHARACTERS & set(each)]

    def delete(change: Change) -> bool:
        change.subject = _without(change.subject, settings.delete_then).strip()
        return False

    yield Rule(
        "subject: a commit's hash",
        "subject.nowhere",
        lambda change: bool(nowhere(change.subject)),
        lambda change: _matching(settings.nowhere, lambda each: re.search(each, change.subject)),
    )
    if settings.delete_then:
        yield Rule("subject: cleaned", "subject.delete_then", delete, _cleaned)
    yield _thinned(settings)
    yield Rule(
        "subject: talk, issue or link",
        "subject.nowhere_then",
        _contains(texts, searches),
        lambda change: _matching(settings.nowhere_then, lambda each: re.search(each, change.subject.lower())),
    )
    yield Rule(
        "subject: too few words",
        "subject.least_words_then",
        lambda change: len(change.subject.split()) < settings.least_words_then,
        lambda change: f"{len(change.subject.split())} words: {change.subject}",
    )


def _thinned(settings: Subject) -> Rule[Change]:
    """Keep a random share of the subjects that begin with certain texts, drawn by a hash of seed and
    commit."""
    openings = tuple(settings.thinned)

    def draw(change: Change) -> float:
        hashed = hashlib.sha256(f"{settings.thinned_seed}:{change.commit}".encode()).digest()
        return int.from_bytes(hashed[:8]) / 2**64

    return Rule(
        "subject: thinned",
        "subject.thinned, subject.thinned_keep, subject.thinned_seed",
        lambda change: change.subject.startswith(openings) and draw(change) >= settings.thinned_keep,
        lambda change: f"{draw(change):.4f}: {change.subject}",
    )


def _authors(settings: Authors) -> Iterable[Rule[Change]]:
    if not settings.opted_out:
        return
    opted_out = frozenset(each.lower() for each in settings.opted_out)

    def has_opted_out(change: Change) -> bool:
        names = {each.lower() for each in change.author}
        return bool(opted_out & (names | {f"sha256:{_hash(each)}" for each in names}))

    yield Rule(
        "author opted out",
        "authors.opted_out",
        has_opted_out,
        lambda change: _hash(change.author[1].lower()),
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
