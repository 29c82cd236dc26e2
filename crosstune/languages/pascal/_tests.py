"""What is changed in the tests, so that only their end passes.

``Assert`` is the judge's, whether assertions are on or not. A main block passes at its end, by ``halt(0)``,
or by a ``halt`` or ``exit`` that is a statement of the main block itself; any other ``halt``, and an
``ExitCode`` that is not 0 at the end, is a failed test."""

from __future__ import annotations

import itertools

from crosstune.languages.pascal import _source
from crosstune.languages.pascal._source import Token


def rewritten(text: str, name: str, *, main: bool) -> str:
    """Declarations or, ``main``, the statements of the main block."""
    found = _source.tokens(text)
    depths = _source.nested(found) if main else [1] * len(found)
    own = _defined(found)
    changed = text
    for at in reversed(range(len(found))):
        if new := _replacement(found, at, name, final=not depths[at], main=main, own=own):
            token = found[at]
            changed = changed[: token.begin] + new + changed[token.end :]
    return changed


def _defined(found: list[Token]) -> set[str]:
    """The procedures that the tests define themselves."""
    pairs = itertools.pairwise(found)
    return {after.text for each, after in pairs if each.text in ("procedure", "function")}


def _replacement(found: list[Token], at: int, name: str, *, final: bool, main: bool, own: set[str]) -> str:
    token = found[at]
    if token.kind != "word" or token.text in own or (at and found[at - 1].text == "."):
        return ""
    called = at + 1 < len(found) and found[at + 1].text == "("
    if token.text == "assert" and called:
        return f"{name}_check"
    if token.text == "halt":
        return f"{name}_halt" if called else f"{name}_halt({0 if final else 1})"
    if token.text == "exit" and main and not called:
        return f"{name}_halt({0 if final else 1})"
    return f"{name}_halt" if token.text == "runerror" and called else ""
