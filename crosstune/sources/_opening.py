"""Refusing a commit by the first line of its message, undecoded: eight in ten go this way.

It says what the rules would say, in a tenth of their time; where it cannot be sure it leaves the commit to
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crosstune.sources._profile import Subject, verbs
from crosstune.sources._rule import HASH_SIGN, LENGTH, NO_CAPITAL, NO_VERB

# Bytes at which `str.split` would split too, or that it would not see as they are, leave it open.
OPENING = re.compile(rb"[ \t\r\n]*(?:[!-Z\\-~]*:[ \t]+)?([!-~]+)(?=[ \t\r\n]|\Z)")
"""A first word that ends in a colon, if there is one, and the word behind it."""
PLAIN_LINE = rb"([%s]*+)(?:\n\n|\n?\Z)"
"""A first paragraph of one line, of some bytes that are characters."""


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
    told: dict[bytes, str | None] = {}  # by first word, as there are few

    def by_word(word: bytes) -> str | None:
        """Why it drops the message; empty where a whole verb stands there, None where it does not tell."""
        lower = capital and not word[:1].isupper()
        if not lower and (known is None or word.lower() in known):
            return "" if known is None or word.lower() in alone else None
        if word[-1:] == b":" or any(mark in word for mark in marks):
            return None
        return NO_CAPITAL if lower else NO_VERB

    def reason(message: bytes) -> str | None:
        found = match(message)
        if found is None:
            return None
        word = found[1]
        if word not in told:
            told[word] = by_word(word)
        why = told[word]
        if not why:
            return line(message) if why == "" else None
        return None if found.start(1) and any(mark in found[0] for mark in marks) else why

    return reason


def _line(rules: Subject, marks: set[bytes]) -> Callable[[bytes], str | None]:
    """The two rules that come next, on a subject that opens well: one in brackets may open otherwise once
    it is cleaned, as may one of a single word."""
    fewest, most = rules.more_words_than, rules.fewer_words_than
    shortest, longest = rules.more_characters_than, rules.fewer_characters_than
    plain = b"".join(b"\\x%02x" % byte for byte in range(0x20, 0x7F) if bytes([byte]) not in marks)
    match, hashes = re.compile(PLAIN_LINE % plain).match, rules.no_hash_sign

    def reason(message: bytes) -> str | None:
        found = match(message)
        if found is None:
            return None
        subject = found[1].rstrip(b" ")
        words = len(subject.split())
        if words < (3 if b":" in subject else 2):
            return None
        if hashes and b"#" in subject:
            return HASH_SIGN
        return None if shortest < len(subject) < longest and fewest < words < most else LENGTH

    return reason
