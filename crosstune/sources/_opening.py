"""Refusing a commit by the first line of its message, undecoded: eight in ten go this way.

It says what the rules would say, in a tenth of their time; where it cannot be sure it leaves the commit to
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crosstune.sources._profile import Subject, verbs
from crosstune.sources._rules import HASH_SIGN, LENGTH, NO_CAPITAL, NO_VERB

# Bytes at which `str.split` would split too, or that it would not see as they are, leave it open.
OPENING = re.compile(rb"[ \t\r\n]*(?:[!-Z\\-~]*:[ \t]+)?([!-~]+)(?=[ \t\r\n]|\Z)")
"""A first word that ends in a colon, if there is one, and the word behind it."""
PLAIN_LINE = re.compile(rb"([ -~]*[!-~]) *(?:\n\n|\n?\Z)")
"""A first paragraph of one line, of bytes that are characters."""


def opening(rules: Subject) -> Callable[[bytes], str | None]:
    """A function from a message to the reason for which its first line drops it, or None."""
    firsts = [each[:1].encode() for each in rules.delete]
    asked = rules.capital or rules.verbs is not None
    # What is deleted may begin with a blank, and then take away the end of the first word.
    if not (asked and rules.clean) or any(not first.strip() for first in firsts):
        return lambda _message: None
    marks = {b"[", *firsts}
    listed = None if rules.verbs is None else verbs(rules.verbs)
    known = None if listed is None else {verb.split()[0].encode() for verb in listed}
    alone = set() if listed is None else {verb.encode() for verb in listed}
    capital, match, line = rules.capital, OPENING.match, _line(rules, marks)

    def reason(message: bytes) -> str | None:
        found = match(message)
        if found is None:
            return None
        word = found[1]
        lower = capital and not word[:1].isupper()
        if not lower and (known is None or word.lower() in known):
            return line(message) if known is None or word.lower() in alone else None
        if word[-1:] == b":" or any(mark in found[0] for mark in marks):
            return None
        return NO_CAPITAL if lower else NO_VERB

    return reason


def _line(rules: Subject, marks: set[bytes]) -> Callable[[bytes], str | None]:
    """The two rules that come next, on a subject that opens well: one in brackets may open otherwise once
    it is cleaned, as may one of a single word."""
    fewest, most = rules.more_words_than, rules.fewer_words_than
    shortest, longest = rules.more_characters_than, rules.fewer_characters_than
    match, hashes = PLAIN_LINE.match, rules.no_hash_sign

    def reason(message: bytes) -> str | None:
        found = match(message)
        if found is None:
            return None
        subject = found[1]
        words = len(subject.split())
        if words < (3 if b":" in subject else 2) or any(mark in subject for mark in marks):
            return None
        if hashes and b"#" in subject:
            return HASH_SIGN
        return None if shortest < len(subject) < longest and fewest < words < most else LENGTH

    return reason
