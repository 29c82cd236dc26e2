"""What a contest problem's statement says of right outputs: an error that is allowed, upper and lower case,
several right outputs, a dialogue with the judge.

Rows of contest benchmarks have inputs and outputs alone; only the prose says which other outputs are right.
It is searched for the phrases that contest sites use, so what is said in other words is not found.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$\"'(])|\n\s*\n")
_SMALL = re.compile(
    r"10\s*\^?\s*[{(]?\s*[-\u2212\u2013]\s*\{?\s*(?P<exponent>\d{1,2})\b|\b1[eE]-0?(?P<scientific>\d{1,2})\b"
    r"|\b0\.(?P<zeros>0+)1\b"
)
_ERROR = re.compile(r"\b(?:error|precision|accura\w+|toleran\w+|differ\w*|deviat\w+)\b", re.IGNORECASE)
_ANY_CASE = re.compile(
    r"\b(?:print|output|letter|character|answer|string|word|verdict)s?\b[^.\n]*\bin (?:any|either|arbitrary) "
    r"(?:letter )?case\b|\bcase[- ]insensitive",
    re.IGNORECASE,
)
_MANY = r"(?:multiple|several|many|more than one|different)"
_SEVERAL = re.compile(
    rf"\b(?:if|when|in case|should)\b[^.\n]*\b{_MANY}\b[^.\n]*[,;:.]?[^.\n]*\b(?:any|either|arbitrary)\b"
    r"|\b(?:print|output|return|report|write)\b(?: out)?(?:,? ?if [^.,\n]*,)? (?:any|either|an arbitrary)\b"
    r"|\b(?:print|output|return|report)\b[^.\n]{0,80}\bany of (?:them|these|those)\b"
    r"|\b(?:print|output|return|report)\b[^.\n]*\bin (?:any|arbitrary) order\b"
    r"|\bany (?:valid|correct|possible|optimal|such|suitable)?\s*(?:answer|solution|output|one)s?"
    r"(?: of them)? (?:will be|is|are|would be) (?:accepted|correct|considered)"
    r"|\b(?:all|other)(?: valid| correct| possible)* (?:answer|solution|output)s? [^.\n]{0,20}\baccepted\b",
    re.IGNORECASE,
)
_INTERACTIVE = re.compile(
    r"\binteractive (?:problem|task)s?\b|\bflush (?:the|your) (?:output|stdout|standard)|\bto flush\b",
    re.IGNORECASE,
)
_LONGEST = 120


def allowed_error(statement: str) -> tuple[float, float] | None:
    """The absolute and the relative error that is allowed; None: the statement names none."""
    for sentence in _sentences(statement):
        small = _SMALL.search(sentence) if _ERROR.search(sentence) else None
        if small:
            value = _value(small)
            relative = "relative" in sentence.lower()
            return (value if "absolute" in sentence.lower() or not relative else 0.0), value * relative
    return None


def ignores_case(statement: str) -> bool:
    """Whether words may be printed in upper or lower case."""
    return bool(_ANY_CASE.search(statement))


def several_outputs(statement: str) -> str:
    """The sentence that allows several outputs, shortened; empty: none does."""
    return _sentence_with(_SEVERAL, statement)


def interactive(statement: str) -> str:
    """The sentence about a dialogue with the judge, shortened; empty: there is none."""
    return _sentence_with(_INTERACTIVE, statement)


def _value(small: re.Match[str]) -> float:
    if small["zeros"]:
        return float(small[0])
    return float(f"1e-{small['exponent'] or small['scientific']}")


def _sentences(statement: str) -> list[str]:
    return _SENTENCE.split(statement)


def _sentence_with(pattern: re.Pattern[str], statement: str) -> str:
    found = next((each for each in _sentences(statement) if pattern.search(each)), "")
    words = " ".join(found.split())
    if len(words) <= _LONGEST:
        return words
    match = pattern.search(words)
    end = match.end() if match else _LONGEST
    return f"…{words[max(0, end - _LONGEST) : end]}…"
