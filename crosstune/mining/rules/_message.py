"""The rules that a commit's message and its author decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

from crosstune.mining._profile import Authors, Message, Profile, Subject, verbs
from crosstune.mining.repository._log import Change
from crosstune.mining.rules._rule import HASH_SIGN, LENGTH, NO_CAPITAL, NO_VERB, Rule

SPECIAL = frozenset(r".^$*+?{}[]\|()")
"""Characters without which a pattern is the text itself."""


def by_message(profile: Profile) -> list[Rule]:
    """Those that the message and its author decide."""
    return [
        *_opening(profile.subject),
        *_subject(profile.subject),
        *_message(profile.message),
        *_wording(profile.subject),
        *_second_filter(profile.subject),
        *_authors(profile.authors),
    ]


def _told(change: Change) -> str:
    return change.told


def _now(change: Change) -> str:
    return change.subject


def _opening(rules: Subject) -> Iterable[Rule]:
    """On the cleaned subject: that the second filter still deletes something cannot change how it opens."""

    def clean(change: Change) -> bool:
        change.subject = cleaned(change.told, rules.delete, rules.clean)
        return False

    if rules.clean or rules.delete:
        yield Rule("subject: cleaned", "subject.clean, subject.delete", clean, _now)
    if rules.capital:
        yield Rule(NO_CAPITAL, "subject.capital", lambda change: not change.subject[:1].isupper(), _now)
    if rules.verbs is not None:
        listed = verbs(rules.verbs)
        longest = max((verb.count(" ") for verb in listed), default=0) + 1

        def no_verb(change: Change) -> bool:
            word, blank, _ = change.subject.partition(" ")
            if blank and word.lower() in listed:  # as nearly all that come here
                return False
            *words, _ = change.subject[:200].lower().split(" ", longest) if " " in change.subject else [""]
            return not any(" ".join(words[: n + 1]) in listed for n in range(len(words)))

        yield Rule(NO_VERB, "subject.verbs", no_verb, _now)


def _message(rules: Message) -> Iterable[Rule]:
    banned, starts = frozenset(rules.not_exactly), tuple(rules.not_starting_with)
    longest = max(map(len, (*banned, *starts)), default=0) + 1
    least, most = rules.more_than, rules.fewer_than

    def text(change: Change) -> str:
        return change.message.strip()

    def opening(change: Change) -> str:
        return text(change)[:longest].lower()

    yield Rule(
        "message: length",
        "message.more_than, message.fewer_than",
        lambda change: not least < len(text(change)) < most,
        lambda change: f"{len(text(change))} characters",
    )
    yield Rule(
        "message: says nothing", "message.not_exactly", lambda change: opening(change) in banned, _told
    )
    yield Rule(
        "message: merge",
        "message.not_starting_with",
        lambda change: opening(change).startswith(starts),
        _told,
    )


def _subject(rules: Subject) -> Iterable[Rule]:
    if rules.no_hash_sign:
        yield Rule(HASH_SIGN, "subject.no_hash_sign", lambda change: "#" in change.told, _told)
    yield _length(rules, LENGTH, _told)
    if rules.clean or rules.delete:
        yield _length(rules, "subject: length, cleaned", _now)


def _length(rules: Subject, reason: str, text: Callable[[Change], str]) -> Rule:
    shortest, longest = rules.more_characters_than, rules.fewer_characters_than
    fewest, most = rules.more_words_than, rules.fewer_words_than

    def wrong(change: Change) -> bool:
        subject = text(change)
        return not (shortest < len(subject) < longest and fewest < len(subject.split()) < most)

    def value(change: Change) -> str:
        return f"{len(text(change))} characters, {len(text(change).split())} words: {text(change)}"

    settings = ("more_characters_than", "fewer_characters_than", "more_words_than", "fewer_words_than")
    return Rule(reason, ", ".join(f"subject.{each}" for each in settings), wrong, value)


def cleaned(subject: str, delete: Iterable[str], brackets: bool) -> str:
    """``subject`` without what is to be deleted, and without a tag in front or behind."""
    subject = _without(subject.strip(), delete)
    if not brackets:
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


def _wording(rules: Subject) -> Iterable[Rule]:
    banned, contained = frozenset(rules.not_exactly), rules.not_containing
    from_the_start = [re.compile(pattern).match for pattern in rules.not_matching]
    yield Rule(
        "subject: says nothing", "subject.not_exactly", lambda change: change.subject.lower() in banned, _now
    )
    yield Rule(
        "subject: banned words",
        "subject.not_containing",
        _found_in(contained),
        lambda change: _which(contained, lambda part: part in change.subject.lower()),
    )
    yield Rule(
        "subject: version or hash",
        "subject.not_matching",
        _found_in((), from_the_start),
        _now,
    )


def _found_in(
    texts: Sequence[str], searches: Sequence[Callable[[str], object]] = ()
) -> Callable[[Change], bool]:
    """Whether one of these texts is in the subject in small letters, or a search finds something there."""

    def found(change: Change) -> bool:
        # Plain loops: with a generator, calling it takes longer than what it does.
        subject = change.subject.lower()
        for text in texts:
            if text in subject:
                return True
        for search in searches:  # noqa: SIM110
            if search(subject):
                return True
        return False

    return found


def _finder(pattern: str) -> Callable[[str], object]:
    """A search, which for a pattern that fits at the start alone need not be tried anywhere else."""
    compiled = re.compile(pattern)
    return compiled.match if pattern.startswith("^") and "|" not in pattern else compiled.search


def _which(parts: Iterable[str], fits: Callable[[str], object]) -> str:
    return ", ".join(repr(part) for part in parts if fits(part)) or "none of them"


def _second_filter(rules: Subject) -> Iterable[Rule]:
    nowhere = re.compile("|".join(f"(?:{pattern})" for pattern in rules.nowhere) or r"(?!)").search
    texts = [each for each in rules.nowhere_then if not SPECIAL & set(each)]
    searches = [_finder(each) for each in rules.nowhere_then if SPECIAL & set(each)]

    def delete(change: Change) -> bool:
        change.subject = _without(change.subject, rules.delete_then).strip()
        return False

    yield Rule(
        "subject: a commit's hash",
        "subject.nowhere",
        lambda change: bool(nowhere(change.subject)),
        lambda change: _which(rules.nowhere, lambda each: re.search(each, change.subject)),
    )
    if rules.delete_then:
        yield Rule("subject: cleaned", "subject.delete_then", delete, _now)
    begin = tuple(rules.thinned)
    yield Rule(
        "subject: thinned",
        "subject.thinned, subject.thinned_keep, subject.thinned_seed",
        lambda change: change.subject.startswith(begin) and _draw(rules, change) >= rules.thinned_keep,
        lambda change: f"{_draw(rules, change):.4f}: {change.subject}",
    )
    yield Rule(
        "subject: talk, issue or link",
        "subject.nowhere_then",
        _found_in(texts, searches),
        lambda change: _which(rules.nowhere_then, lambda each: re.search(each, change.subject.lower())),
    )
    yield Rule(
        "subject: too few words",
        "subject.least_words_then",
        lambda change: len(change.subject.split()) < rules.least_words_then,
        lambda change: f"{len(change.subject.split())} words: {change.subject}",
    )


def _draw(rules: Subject, change: Change) -> float:
    hashed = hashlib.sha256(f"{rules.thinned_seed}:{change.commit}".encode()).digest()
    return int.from_bytes(hashed[:8]) / 2**64


def _authors(rules: Authors) -> Iterable[Rule]:
    if not rules.opted_out:
        return
    names = frozenset(each.lower() for each in rules.opted_out)

    def out(change: Change) -> bool:
        known = {each.lower() for each in change.author}
        return bool(names & (known | {f"sha256:{_hashed(each)}" for each in known}))

    yield Rule("author opted out", "authors.opted_out", out, lambda change: _hashed(change.author[1].lower()))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
