"""Refusing a commit by the first word of its message, unread: nine in ten go this way.

It says what the rules would say, in a twentieth of their time; where it cannot be sure it leaves the
commit to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crosstune.sources._profile import Subject, verbs
from crosstune.sources._rules import NO_CAPITAL, NO_VERB

# Bytes at which `str.split` would split too, or that it would not see as they are, leave it open.
FIRST_WORD = re.compile(rb"[ \t\r\n]*([!-~]+)(?:[ \t\r\n]|\Z)")


def opening(rules: Subject) -> Callable[[bytes], str | None]:
    """A function from a message to the reason for which its opening drops it, or None."""
    firsts = [each[:1].encode() for each in rules.delete]
    asked = rules.capital or rules.verbs is not None
    # What is deleted may begin with a blank, and then take away the end of the first word.
    if not (asked and rules.clean) or any(not first.strip() for first in firsts):
        return lambda _message: None
    marks = {b"[", *firsts}
    known = None if rules.verbs is None else {verb.split()[0].encode() for verb in verbs(rules.verbs)}
    capital, match = rules.capital, FIRST_WORD.match

    def reason(message: bytes) -> str | None:
        found = match(message)
        if found is None:
            return None
        word = found[1]
        lower = capital and not word[:1].isupper()
        if not lower and (known is None or word.lower() in known):
            return None
        if word[-1:] == b":" or any(mark in word for mark in marks):
            return None
        return NO_CAPITAL if lower else NO_VERB

    return reason
