"""The rules of a profile, each a function that says whether a commit is dropped.

Their order is that of cost: what the message alone tells comes first, and of that what its first word
tells; then what the path tells; contents come last, as reading them is what costs. A commit that several
would drop counts under the first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crosstune.sources._endings import endings
from crosstune.sources._log import Change
from crosstune.sources._profile import Authors, File, Message, Profile, Subject, verbs

VERSION = 3
"""Raise it when a rule means something else than before: what was mined by the old one is mined again."""

NO_CAPITAL, NO_VERB = "subject: no capital", "subject: no verb"
UNTYPICAL = "file: ending not typical"
HASH_SIGN, LENGTH = "subject: #", "subject: length"


@dataclass(frozen=True, slots=True)
class Rule:
    """``reason`` is what the funnel says, ``settings`` are the thresholds' places in the profile, ``drops``
    may also rewrite the change's subject and keep it, ``value`` is what was held against the thresholds."""

    reason: str
    settings: str
    drops: Callable[[Change], bool]
    value: Callable[[Change], str]


def first(rules: Sequence[Rule], change: Change) -> str | None:
    """Why ``change`` is dropped: the first rule that says so; its subject is cleaned on the way."""
    for rule in rules:
        if rule.drops(change):
            return rule.reason
    return None


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


def by_path(profile: Profile) -> list[Rule]:
    """Those that the path decides, with the message."""
    return list(_file(profile.file, profile.message))


def _told(change: Change) -> str:
    return change.told


def _now(change: Change) -> str:
    return change.subject


def _path(change: Change) -> str:
    return change.path


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
    def wrong(change: Change) -> bool:
        subject = text(change)
        characters = rules.more_characters_than < len(subject) < rules.fewer_characters_than
        return not (characters and rules.more_words_than < len(subject.split()) < rules.fewer_words_than)

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
    yield Rule(
        "subject: says nothing", "subject.not_exactly", lambda change: change.subject.lower() in banned, _now
    )
    yield Rule(
        "subject: banned words",
        "subject.not_containing",
        lambda change: _contains(change.subject.lower(), contained),
        lambda change: _which(contained, lambda part: part in change.subject.lower()),
    )
    yield Rule(
        "subject: version or hash",
        "subject.not_matching",
        lambda change: any(each.match(change.subject.lower()) for each in patterns),
        _now,
    )


def _contains(text: str, parts: Iterable[str]) -> bool:
    return any(part in text for part in parts)


def _which(parts: Iterable[str], fits: Callable[[str], object]) -> str:
    return ", ".join(repr(part) for part in parts if fits(part)) or "none of them"


def _second_filter(rules: Subject) -> Iterable[Rule]:
    nowhere, then = _any_of(rules.nowhere), _any_of(rules.nowhere_then)

    def delete(change: Change) -> bool:
        change.subject = _without(change.subject, rules.delete_then).strip()
        return False

    yield Rule(
        "subject: a commit's hash",
        "subject.nowhere",
        lambda change: bool(nowhere.search(change.subject)),
        lambda change: _which(rules.nowhere, lambda each: re.search(each, change.subject)),
    )
    if rules.delete_then:
        yield Rule("subject: cleaned", "subject.delete_then", delete, _now)
    yield Rule(
        "subject: thinned",
        "subject.thinned, subject.thinned_keep, subject.thinned_seed",
        lambda change: _thinned(rules, change),
        lambda change: f"{_draw(rules, change):.4f}: {change.subject}",
    )
    yield Rule(
        "subject: talk, issue or link",
        "subject.nowhere_then",
        lambda change: bool(then.search(change.subject.lower())),
        lambda change: _which(rules.nowhere_then, lambda each: re.search(each, change.subject.lower())),
    )
    yield Rule(
        "subject: too few words",
        "subject.least_words_then",
        lambda change: len(change.subject.split()) < rules.least_words_then,
        lambda change: f"{len(change.subject.split())} words: {change.subject}",
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all; it matches nothing where there is none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _thinned(rules: Subject, change: Change) -> bool:
    return change.subject.startswith(tuple(rules.thinned)) and _draw(rules, change) >= rules.thinned_keep


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


def _file(rules: File, message: Message) -> Iterable[Rule]:
    names = endings(rules.extensions)

    def untypical(change: Change) -> bool:
        return not typical(rules, names.candidates(change.path), change.path)

    if message.not_update_path:
        yield Rule(
            "message: Update and the path",
            "message.not_update_path",
            lambda change: change.message.strip() == f"Update {change.path}",
            _told,
        )
    yield Rule(
        "file: language not known",
        "file.extensions",
        lambda change: not names.candidates(change.path),
        _path,
    )
    if rules.extension_needed:
        yield Rule(UNTYPICAL, "file.typical, file.extension_needed", untypical, _path)
    if rules.not_named_in_subject:
        yield Rule(
            "file: named in the subject",
            "file.not_named_in_subject",
            _named,
            lambda change: f"{_stem_and_ending(change.path)[0]!r} in {change.told!r}",
        )


def typical(rules: File, languages: Iterable[str], path: str) -> bool:
    """Whether a file in one of ``languages`` may be called ``path``."""
    if not rules.extension_needed:
        return True
    wanted = [rules.typical.get(language) for language in languages]
    if all(wanted):
        return any(path.endswith(tuple(each)) for each in wanted if each)
    return bool(_stem_and_ending(path))


def _stem_and_ending(path: str) -> list[str]:
    parts = path.rpartition("/")[2].split(".")
    return parts[-2:] if len(parts) > 1 else []


def _named(change: Change) -> bool:
    parts = _stem_and_ending(change.path)
    return bool(parts) and parts[0] != "" and parts[0] in change.told
