"""Refusing a commit by the first line of its message, undecoded: eight in ten go this way.

It says what the rules would say, in a tenth of their time; where it cannot be sure it leaves the commit to
them.
"""

from __future__ import annotations

from collections.abc import Callable

from crosstune.mining._profile import Subject, verbs
from crosstune.mining.repository._log import LINE, TAG, WORD, Entry
from crosstune.mining.rules._rule import HASH_SIGN, LENGTH, NO_CAPITAL, NO_VERB


def opening(rules: Subject) -> Callable[[Entry], str | None]:
    """A function from a commit to the reason for which the first line of its message drops it, or None."""
    firsts = [each[:1].encode() for each in rules.delete]
    asked = rules.capital or rules.verbs is not None
    # What is deleted may begin with a blank, and then take away the end of the first word.
    if not (asked and rules.clean) or any(not first.strip() for first in firsts):
        return lambda _entry: None
    marks = {b"[", *firsts}
    listed = None if rules.verbs is None else verbs(rules.verbs)
    known = None if listed is None else {verb.split()[0].encode() for verb in listed}
    alone = set() if listed is None else {verb.encode() for verb in listed}
    capital, line = rules.capital, _line(rules, marks)
    told: dict[bytes, str | None] = {}  # by first word, as there are few

    def by_word(word: bytes) -> str | None:
        """Why it drops the message; empty where a whole verb stands there, None where it does not tell."""
        lower = capital and not word[:1].isupper()
        if not lower and (known is None or word.lower() in known):
            return "" if known is None or word.lower() in alone else None
        if word[-1:] == b":" or any(mark in word for mark in marks):
            return None
        return NO_CAPITAL if lower else NO_VERB

    def reason(entry: Entry) -> str | None:
        word = entry[WORD]
        if word not in told:
            told[word] = by_word(word) if word else None
        why = told[word]
        if not why:
            return line(entry[LINE]) if why == "" else None
        return None if entry[TAG] and any(mark in entry[TAG] for mark in marks) else why

    return reason


def _line(rules: Subject, marks: set[bytes]) -> Callable[[bytes], str | None]:
    """The two rules that come next, on a subject that opens well: one in brackets may open otherwise once
    it is cleaned, as may one of a single word."""
    fewest, most = rules.more_words_than, rules.fewer_words_than
    shortest, longest = rules.more_characters_than, rules.fewer_characters_than
    hashes = rules.no_hash_sign

    def reason(subject: bytes) -> str | None:
        words = len(subject.split())
        if words < (3 if b":" in subject else 2):
            return None
        for mark in marks:
            if mark in subject:
                return None
        if hashes and b"#" in subject:
            return HASH_SIGN
        return None if shortest < len(subject.rstrip(b" ")) < longest and fewest < words < most else LENGTH

    return reason
