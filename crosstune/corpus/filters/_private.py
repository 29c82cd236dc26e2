"""Secrets and personal data taken out of examples, so that what is left still parses.

What replaces them has the same form: an address is an address, a key keeps its length and its kinds of
signs, so a string stays a string and a line a line. Within one example equal values get equal
replacements and different ones different ones (but for keys of one form).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from crosstune.corpus.filters import _patterns as patterns
from crosstune.corpus.filters._filter import Dropped
from crosstune.records import Example
from crosstune.settings import Settings

Action = Literal["replace", "drop", "keep"]


class Privacy(Settings):
    keys: Action = "replace"
    """API keys, tokens, private keys, passwords in URLs."""
    emails: Action = "replace"
    """E-mail addresses, but for those of examples and robots."""
    addresses: Action = "replace"
    """Public IP addresses, but for well-known name servers."""


class Scrubber:
    """Gives an example back without secrets and personal data, or says why it goes.

    ``found`` counts what was found, by kind; ``changed`` the examples that were changed.
    """

    def __init__(self, settings: Privacy | None = None) -> None:
        """
        Raises:
            MissingExtra: keys are looked for, and detect-secrets is not installed.
        """
        self._settings = settings or Privacy()
        self.found: Counter[str] = Counter()
        self.changed = 0
        if self._settings.keys != "keep":
            next(patterns.keys(""), None)

    def __call__(self, example: Example) -> Example | Dropped:
        stand_ins: dict[str, str] = {}
        forbidden: list[str] = []

        def clean(text: str) -> str:
            return self._clean(text, stand_ins, forbidden)

        made = replace(
            example,
            prompt=clean(example.prompt),
            completion=clean(example.completion),
            provenance={name: clean(value) for name, value in example.provenance.items()},
        )
        if forbidden:
            return Dropped(example.id, f"private: {forbidden[0]}")
        if made == example:
            return example
        if _same(made) and not _same(example):
            return Dropped(example.id, "private: nothing else was changed")
        self.changed += 1
        return made

    def _clean(self, text: str, stand_ins: dict[str, str], forbidden: list[str]) -> str:
        """``text`` with what is to be replaced replaced; what is to be dropped is told in ``forbidden``."""
        spans: list[tuple[int, int, str]] = []
        for action, kind, (start, end), stand_in in self._findings(text):
            value = text[start:end]
            if value in stand_ins.values() or stand_in(value, 0) == value:
                continue  # taken out before
            self.found[kind] += 1
            if action == "drop":
                forbidden.append(kind)
            elif value not in stand_ins:
                same_kind = sum(each.startswith(_stem(stand_in)) for each in stand_ins.values())
                stand_ins[value] = stand_in(value, same_kind + 1)
            spans.append((start, end, stand_ins.get(value, value)))
        return _spliced(text, spans)

    def _findings(self, text: str) -> list[tuple[Action, str, patterns.Span, Callable[[str, int], str]]]:
        found: list[tuple[Action, str, patterns.Span, Callable[[str, int], str]]] = []
        settings = self._settings
        if settings.keys != "keep":
            found += [(settings.keys, kind, span, _masked) for kind, span in patterns.keys(text)]
        if settings.emails != "keep":
            found += [(settings.emails, "e-mail address", span, _email) for span in patterns.emails(text)]
        if settings.addresses != "keep":
            found += [
                (settings.addresses, "IP address", span, _ipv4 if version == 4 else _ipv6)
                for version, span in patterns.addresses(text)
            ]
        return found


def _spliced(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Of spans that overlap, the one that begins first, and of those the longest, counts."""
    parts: list[str] = []
    at = 0
    for start, end, stand_in in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts += [text[at:start], stand_in]
            at = end
    return "".join([*parts, text[at:]])


def _masked(value: str, _number: int) -> str:
    """Not the letter of an escape: ``\\n`` between two lines of a key stays one."""
    return re.sub(r"(?<!\\)[^\W_]", _blank, value)


def _blank(match: re.Match[str]) -> str:
    sign = match[0]
    return "0" if sign.isdigit() else "X" if sign.isupper() else "x"


def _email(_value: str, number: int) -> str:
    return f"user{number}@example.org"


def _ipv4(_value: str, number: int) -> str:
    """Of the block kept for documentation (RFC 5737)."""
    return f"192.0.2.{number % 256}"


def _ipv6(_value: str, number: int) -> str:
    """Of the block kept for documentation (RFC 3849)."""
    return f"2001:db8::{number:x}"


def _stem(stand_in: Callable[[str, int], str]) -> str:
    stems: dict[Callable[[str, int], str], str] = {_email: "user", _ipv4: "192.0.2.", _ipv6: "2001:db8::"}
    return stems.get(stand_in, "\0")


def _same(example: Example) -> bool:
    """Whether a commit's prompt already ends in its completion: nothing is asked for."""
    return bool(example.completion.strip()) and example.prompt.rstrip().endswith(example.completion.strip())
