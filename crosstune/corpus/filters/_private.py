"""Replace secrets and personal data so that code still parses, or drop the examples that contain them.

A replacement has the format of the original: an address stays an address, a key keeps its length and its
kinds of characters. Within one example, equal values get equal replacements, and different values get
different replacements (except keys of the same format).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from crosstune.corpus.filters import _private_patterns as patterns
from crosstune.corpus.filters._filter import Dropped
from crosstune.records import Example
from crosstune.settings import Settings

Action = Literal["replace", "drop", "keep"]
Substitute = Callable[[str, int], str]
"""Makes the replacement of a value; the number distinguishes values of the same kind."""
Finding = tuple[Action, str, patterns.Span, Substitute]
"""The action, the kind, the position, and the function that makes the replacement."""


class Privacy(Settings):
    keys: Action = "replace"
    """API keys, tokens, private keys, passwords in URLs."""
    emails: Action = "replace"
    """E-mail addresses, except example and no-reply addresses."""
    addresses: Action = "replace"
    """Public IP addresses, except well-known name servers."""


class Scrubber:
    """Replaces secrets and personal data in an example, or drops it.

    ``counts`` has the number of findings by kind.
    """

    def __init__(self, settings: Privacy | None = None) -> None:
        """
        Raises:
            MissingExtra: keys are searched for, and detect-secrets is not installed.
        """
        self._settings = settings or Privacy()
        self.counts: Counter[str] = Counter()
        if self._settings.keys != "keep":
            next(patterns.keys(""), None)

    def __call__(self, example: Example) -> Example | Dropped:
        replacements: dict[str, str] = {}
        forbidden: list[str] = []

        def clean(text: str) -> str:
            return self._clean(text, replacements, forbidden)

        cleaned = replace(
            example,
            prompt=clean(example.prompt),
            completion=clean(example.completion),
            provenance={name: clean(value) for name, value in example.provenance.items()},
        )
        if forbidden:
            return Dropped(example.id, f"private: {forbidden[0]}")
        if cleaned == example:
            return example
        if _is_unchanged_commit(cleaned) and not _is_unchanged_commit(example):
            return Dropped(example.id, "private: nothing else was changed")
        return cleaned

    def _clean(self, text: str, replacements: dict[str, str], forbidden: list[str]) -> str:
        """Return ``text`` with replacements; kinds to be dropped are appended to ``forbidden``."""
        spans: list[tuple[int, int, str]] = []
        for action, kind, (start, end), substitute in self._findings(text):
            value = text[start:end]
            if value in replacements.values() or substitute(value, 0) == value:
                continue  # already a replacement
            self.counts[kind] += 1
            if action == "drop":
                forbidden.append(kind)
            elif value not in replacements:
                same_kind = sum(each.startswith(_stem(substitute)) for each in replacements.values())
                replacements[value] = substitute(value, same_kind + 1)
            spans.append((start, end, replacements.get(value, value)))
        return _splice(text, spans)

    def _findings(self, text: str) -> list[Finding]:
        findings: list[Finding] = []
        settings = self._settings
        if settings.keys != "keep":
            findings += [(settings.keys, kind, span, _mask) for kind, span in patterns.keys(text)]
        if settings.emails != "keep":
            findings += [(settings.emails, "e-mail address", span, _email) for span in patterns.emails(text)]
        if settings.addresses != "keep":
            findings += [
                (settings.addresses, "IP address", span, _ipv4 if version == 4 else _ipv6)
                for version, span in patterns.addresses(text)
            ]
        return findings


def _splice(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Insert the replacements; of overlapping spans the first is used, and of equal starts the longest."""
    parts: list[str] = []
    position = 0
    for start, end, replacement in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position:
            parts += [text[position:start], replacement]
            position = end
    return "".join([*parts, text[position:]])


def _mask(value: str, _number: int) -> str:
    """Mask letters and digits, except the letter of an escape (``\\n`` between two lines of a key)."""
    return re.sub(r"(?<!\\)[^\W_]", _mask_character, value)


def _mask_character(match: re.Match[str]) -> str:
    character = match[0]
    return "0" if character.isdigit() else "X" if character.isupper() else "x"


def _email(_value: str, number: int) -> str:
    return f"user{number}@example.org"


def _ipv4(_value: str, number: int) -> str:
    """An address of the documentation block (RFC 5737)."""
    return f"192.0.2.{number % 256}"


def _ipv6(_value: str, number: int) -> str:
    """An address of the documentation block (RFC 3849)."""
    return f"2001:db8::{number:x}"


def _stem(substitute: Substitute) -> str:
    stems: dict[Substitute, str] = {_email: "user", _ipv4: "192.0.2.", _ipv6: "2001:db8::"}
    return stems.get(substitute, "\0")


def _is_unchanged_commit(example: Example) -> bool:
    """Whether the prompt already ends in the completion, so the commit changes nothing."""
    return bool(example.completion.strip()) and example.prompt.rstrip().endswith(example.completion.strip())
