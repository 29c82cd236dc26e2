"""Rules on both sides of a change: first their sizes, which are cheaper to read than their texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.mining._profile import Contents, Profile
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._sides import Sides
from crosstune.mining.rules._file_languages import file_languages
from crosstune.mining.rules._path import ATYPICAL, is_typical
from crosstune.mining.rules._rule import Rule
from crosstune.mining.rules._tokens import CountTokens, estimate_tokens

TOO_LARGE, OLD_TOO_LONG, NEW_EMPTY, UNCHANGED = (
    "contents: too large",
    "contents: old too long",
    "contents: new empty",
    "contents: unchanged",
)
TOKENS = "contents: token window"
UNREADABLE, BINARY, NOT_UTF8 = "contents: missing or damaged", "contents: binary", "contents: not UTF-8"
LONG_LINE, DIRECTION = "contents: line too long", "contents: marks of direction"
POINTER = "contents: pointer to a large file"
UNDECIDED = "contents: language not decided"
SIZE_REASONS = (UNREADABLE, TOO_LARGE, NEW_EMPTY, OLD_TOO_LONG, TOKENS)
SAMPLE_REASONS = (NEW_EMPTY, OLD_TOO_LONG, UNCHANGED, TOKENS)
QUARANTINE = frozenset({UNREADABLE, TOO_LARGE, BINARY, NOT_UTF8, POINTER, LONG_LINE, DIRECTION})
"""Reasons that people should look into: such contents do not belong in any corpus, whatever the profile."""
LARGE_FILE = re.compile(
    rb"version https?://(?:git-lfs|hawser)\.github\.com/spec/|(?:/|\.\./)*\.?(?:git/)?annex/objects/"
)
"""What Git LFS and git-annex store instead of a large file."""
POINTER_BYTES = 1024
DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Draft:
    """A change with its contents, while a sample is made from it.

    ``old`` and ``new`` are empty until they are decoded. Then they are the whole files, and after `pieces`
    the part that is kept, which begins at the lines ``old_line`` and ``new_line`` (from 1).
    """

    change: Change
    sides: Sides
    old: str = ""
    new: str = ""
    language: str = ""
    old_line: int = 1
    new_line: int = 1


def size_rules(profile: Profile) -> list[Rule[Draft]]:
    """One rule on the sizes of both sides, which does not need their bytes."""
    whole_file = profile.sample.of == "file"

    def drops(draft: Draft) -> str:
        old, new = draft.sides
        if old is None or new is None:
            return UNREADABLE
        return size_reason(profile.contents, old.size, new.size, whole_file=whole_file)

    names = ("most_bytes", "new_not_empty", "old_fewer_than", "least_tokens", "most_tokens", "counter")
    return [Rule("contents: sizes", _settings(*names), drops, _sizes, SIZE_REASONS)]


def text_rules(profile: Profile) -> list[Rule[Draft]]:
    """Rules on the whole files; the first decodes them, and a later one detects their language."""
    contents = profile.contents
    languages = file_languages(profile.file.extensions)

    def is_undecided(draft: Draft) -> bool:
        draft.language = languages.decide(draft.change.path, draft.new)
        return not draft.language

    return [
        Rule("contents: text", "", _decode, _sizes, (UNREADABLE, POINTER, BINARY, NOT_UTF8)),
        Rule(
            "contents: lines and marks",
            _settings("longest_line", "no_direction_marks"),
            lambda draft: safety_reason(
                contents, draft.old, draft.new, draft.change.path, draft.change.message
            ),
            lambda draft: (
                f"longest line {max(_longest_line(draft.old), _longest_line(draft.new)):,} characters"
            ),
            (LONG_LINE, DIRECTION),
        ),
        Rule(UNDECIDED, "file.extensions", is_undecided, lambda draft: draft.language or draft.change.path),
        Rule(
            ATYPICAL,
            "file.typical, file.extension_needed",
            lambda draft: not is_typical(profile.file, [draft.language], draft.change.path),
            lambda draft: f"{draft.change.path} in {draft.language}",
        ),
    ]


def sample_rules(profile: Profile, count: CountTokens) -> list[Rule[Draft]]:
    """One rule on the kept part of the files."""
    contents = profile.contents

    def value(draft: Draft) -> str:
        characters = f"{len(draft.old):,} + {len(draft.new):,} characters"
        return f"{characters}, {count(draft.old, draft.new):,} tokens"

    names = ("new_not_empty", "old_fewer_than", "different", "least_tokens", "most_tokens", "counter")
    return [
        Rule(
            "contents: sample",
            _settings(*names),
            lambda draft: sample_reason(contents, draft.old, draft.new, count),
            value,
            SAMPLE_REASONS,
        )
    ]


def size_reason(contents: Contents, old: int, new: int, *, whole_file: bool) -> str:
    """The reason to drop sides of ``old`` and ``new`` bytes by size alone; empty if they pass."""
    if max(old, new) > contents.most_bytes:
        return TOO_LARGE
    if not whole_file:
        return ""
    if new == 0 and contents.new_not_empty:
        return NEW_EMPTY
    if old >= 4 * contents.old_fewer_than:  # a character has at most four bytes
        return OLD_TOO_LONG
    tokens = estimate_tokens(contents.counter, old + new)
    return "" if tokens is None else _window_reason(contents, tokens)


def safety_reason(contents: Contents, *texts: str) -> str:
    """The reason to quarantine a change with these texts; empty if there is none."""
    for text in texts:
        if contents.no_direction_marks and not text.isascii() and DIRECTION_MARKS.search(text):
            return DIRECTION
        if len(text) > contents.longest_line and _longest_line(text) > contents.longest_line:
            return LONG_LINE
    return ""


def sample_reason(contents: Contents, old: str, new: str, count: CountTokens) -> str:
    """The reason to drop a sample with these sides; empty if it passes."""
    if not new and contents.new_not_empty:
        return NEW_EMPTY
    if len(old) >= contents.old_fewer_than:
        return OLD_TOO_LONG
    if old == new and contents.different:
        return UNCHANGED
    if not contents.least_tokens and contents.most_tokens is None:
        return ""
    return _window_reason(contents, count(old, new))


def _window_reason(contents: Contents, tokens: int) -> str:
    most = contents.most_tokens
    return "" if contents.least_tokens <= tokens and (most is None or tokens <= most) else TOKENS


def decode(data: bytes) -> tuple[str, str]:
    """The text without a byte order mark and an empty reason, or an empty text and the reason why ``data`` is
    not text."""
    if len(data) <= POINTER_BYTES and LARGE_FILE.match(data):
        return "", POINTER
    if b"\0" in data:
        return "", BINARY
    try:
        return data.decode().removeprefix("\ufeff"), ""
    except UnicodeDecodeError:  # lone surrogates too
        return "", NOT_UTF8


def _decode(draft: Draft) -> str:
    old, new = draft.sides
    if old is None or new is None:
        return UNREADABLE
    (draft.old, old_reason), (draft.new, new_reason) = decode(old.data), decode(new.data)
    return old_reason or new_reason


def _sizes(draft: Draft) -> str:
    return " + ".join(f"{side.size:,} bytes" if side else "missing" for side in draft.sides)


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _settings(*names: str) -> str:
    return ", ".join(f"contents.{name}" for name in names)
