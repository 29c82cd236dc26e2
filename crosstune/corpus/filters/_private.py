"""Replace secrets and personal data so that code reads as before, or drop the examples that contain them.

In code only strings and comments are searched, and what its grammar reads outside of them must not change. A
replacement has the format of the original: an address stays an address, a key keeps its length and its kinds
of characters. Within one example, equal values get equal replacements, and different values get different
replacements (except keys of the same format).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from crosstune.corpus.filters import _private_patterns as patterns
from crosstune.corpus.filters._addresses import AT, addresses, emails, plain_email
from crosstune.corpus.filters._code_parts import Code, Span, code_parts, free_parts
from crosstune.corpus.filters._filter import Dropped
from crosstune.records import Example
from crosstune.settings import Settings

Action = Literal["replace", "drop", "keep"]
Substitute = Callable[[str, int], str]
"""Makes the replacement of a value; the number distinguishes values of the same kind."""


class Finding(NamedTuple):
    """``substitute`` makes the replacement; without one, letters and digits are masked."""

    action: Action
    kind: str
    span: Span
    substitute: Substitute | None = None


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
        scrub = _Scrub(self._settings)
        cleaned = scrub.cleaned(example)
        self.counts += scrub.counts
        if scrub.refusal:
            return Dropped(example.id, f"private: {scrub.refusal}")
        if cleaned == example:
            return example
        if _is_unchanged_commit(cleaned) and not _is_unchanged_commit(example):
            return Dropped(example.id, "private: nothing else was changed")
        return cleaned


class _Scrub:
    """Cleans the texts of one example. ``refusal`` says why it must be dropped instead, if it must."""

    def __init__(self, settings: Privacy) -> None:
        self._settings = settings
        self._numbers: dict[tuple[Substitute, str], int] = {}
        self._parts: dict[str, str] = {}
        self._texts = ""
        self.counts: Counter[str] = Counter()
        self.refusal = ""

    def cleaned(self, example: Example) -> Example:
        turns = (turn.content for turn in example.history)
        texts = (example.prompt, example.completion, example.system, *turns, *example.provenance.values())
        self._texts = "\n".join(texts)
        cleaned = self._each_text(example, lambda text: self._clean(text, example.language))
        cleaned = replace(
            cleaned,
            provenance={name: self._clean(value, "") for name, value in example.provenance.items()},
        )
        if not self._parts:
            return cleaned
        return self._each_text(cleaned, lambda text: _replace_literals(text, self._parts))

    @staticmethod
    def _each_text(example: Example, change: Callable[[str], str]) -> Example:
        return replace(
            example,
            prompt=change(example.prompt),
            completion=change(example.completion),
            system=change(example.system),
            history=tuple(replace(turn, content=change(turn.content)) for turn in example.history),
        )

    def _clean(self, text: str, language: str) -> str:
        findings = self._findings(text)
        if not findings:
            return text
        code = code_parts(text, language)
        if not language and any(not each.substitute and not free_parts(code, each.span) for each in findings):
            code = []  # `KEY=AKIA…` in a file of settings only looks like Python
        cleaned = _splice(text, self._spans(text, findings, code))
        if cleaned == text or not code or _readings(code) == _readings(code_parts(cleaned, language)):
            return cleaned
        self.refusal = self.refusal or f"{findings[0].kind}, and the code would change with it"
        return text

    def _spans(
        self, text: str, findings: Sequence[Finding], code: Sequence[Code]
    ) -> list[tuple[int, int, str]]:
        """The positions and replacements of what code allows to be replaced."""
        spans: list[tuple[int, int, str]] = []
        for action, kind, span, substitute in findings:
            parts = free_parts(code, span)
            if not parts or (substitute and parts != [span]):
                continue  # a name, an operator or a number of the code
            new = [self._replacement(text[start:end], kind, substitute) for start, end in parts]
            changes = [
                (*part, each) for part, each in zip(parts, new, strict=True) if text[slice(*part)] != each
            ]
            if not changes:
                continue  # already a replacement
            self.counts[kind] += 1
            if action == "drop":
                self.refusal = self.refusal or kind
            else:
                spans += changes
        return spans

    def _replacement(self, value: str, kind: str, substitute: Substitute | None) -> str:
        """The replacement of a value; ``_parts`` then has those of its parts, which code may take apart."""
        if substitute is None:
            if kind in patterns.PASSWORDS:
                self._parts[value] = _mask(value)
            return _mask(value)
        key = (substitute, plain_email(value).lower())
        number = self._numbers.setdefault(key, 1 + sum(each is substitute for each, _ in self._numbers))
        new = substitute(value, number)
        if substitute is _email:
            self._parts |= zip(re.split(AT, value), re.split(AT, new), strict=True)
        return new

    def _findings(self, text: str) -> list[Finding]:
        findings: list[Finding] = []
        settings = self._settings
        if settings.keys != "keep":
            findings += [Finding(settings.keys, kind, span) for kind, span in patterns.keys(text)]
        if settings.emails != "keep":
            findings += [
                Finding(settings.emails, "e-mail address", span, _email) for span in emails(text, self._texts)
            ]
        if settings.addresses != "keep":
            findings += [
                Finding(settings.addresses, "IP address", span, _ipv4 if version == 4 else _ipv6)
                for version, span in addresses(text, self._texts)
            ]
        return findings


def _readings(code: Sequence[Code]) -> list[object]:
    return [each.reading for each in code]


def _replace_literals(text: str, replacements: dict[str, str]) -> str:
    """Replace whole string literals, so that code that takes an address or a URL apart still fits it."""
    names = "|".join(map(re.escape, replacements))
    return re.sub(
        rf"([\"'`])({names})\1", lambda match: f"{match[1]}{replacements[match[2]]}{match[1]}", text
    )


def _splice(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Insert the replacements; of overlapping spans the first is used, and of equal starts the longest."""
    parts: list[str] = []
    position = 0
    for start, end, replacement in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position:
            parts += [text[position:start], replacement]
            position = end
    return "".join([*parts, text[position:]])


def _mask(value: str) -> str:
    """Mask letters and digits, except the letter of an escape (``\\n`` between two lines of a key)."""
    return re.sub(r"(?<!\\)[^\W_]", _mask_character, value)


def _mask_character(match: re.Match[str]) -> str:
    character = match[0]
    return "0" if character.isdigit() else "X" if character.isupper() else "x"


def _email(value: str, number: int) -> str:
    at = re.search(AT, value)
    return f"user{number}{at[0] if at else '@'}example.org"


def _ipv4(_value: str, number: int) -> str:
    """An address of the documentation block (RFC 5737)."""
    return f"192.0.2.{number % 256}"


def _ipv6(_value: str, number: int) -> str:
    """An address of the documentation block (RFC 3849)."""
    return f"2001:db8::{number:x}"


def _is_unchanged_commit(example: Example) -> bool:
    """Whether the prompt already ends in the completion, so the commit changes nothing."""
    return bool(example.completion.strip()) and example.prompt.rstrip().endswith(example.completion.strip())
