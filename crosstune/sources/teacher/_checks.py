"""Check exercises and answers: each check returns the reason for rejection, or an empty string.

The checks are WizardLM's (arXiv 2304.12244, "elimination evolving") and a few more.
"""

from __future__ import annotations

import re
import unicodedata

from crosstune.sources.teacher._evolution import MARKERS, TESTS_MARK

MIN_LENGTH = 30
"""Minimum length of an instruction in characters (WizardLM)."""
MAX_APOLOGY_WORDS = 80
"""A refusal has fewer words than this (WizardLM)."""
APOLOGY = re.compile(
    r"\bI(?:['\u2019]m| am) (?:(?:very|so|really) )?(?:sorry|afraid|unable|not able)\b"
    r"|\bI (?:can(?:['\u2019]t|not| not)|apologi[sz]e|do not understand|don['\u2019]t understand)\b"
    r"|\bmy apologies\b|\bas an? (?:AI|artificial|language model)|^\W*(?:sorry|unfortunately|apologies)\b",
    re.IGNORECASE,
)
FENCED = re.compile(r"^```[^\n`]*\n(.*?\n)```[ \t]*$", re.DOTALL | re.MULTILINE)
STOP_WORDS = re.compile(
    r"""a|about|all|an|and|any|are|as|at|be|been|but|by|can|do|does|for|from|had|has|have|he|her|his|how|i|if|in|
    into|is|it|its|just|me|more|my|no|not|of|on|or|our|she|so|some|such|than|that|the|their|them|then|there|
    these|they|this|those|to|too|was|we|were|what|when|where|which|who|why|will|with|would|yes|you|your""",
    re.VERBOSE,
)


def reject_instruction(new: str, old: str) -> str:
    """The reason to reject ``new`` as an exercise made from ``old``; empty if it passes."""
    if reason := _reject(new):
        return reason
    if len(new.strip()) < MIN_LENGTH:
        return "too short"
    return "unchanged" if normalized(new) == normalized(old) else ""


def reject_answer(answer: str, finish_reason: str, instruction: str) -> str:
    """The reason to reject ``answer``; empty if it passes."""
    if finish_reason == "length":
        return "answer cut off"
    if reason := _reject(answer):
        return f"answer: {reason}"
    return "answer: repeats the question" if normalized(answer) == normalized(instruction) else ""


def split_tests(answer: str) -> tuple[str, str]:
    """The answer before the mark, and the code of the block after it; without tests the second is empty."""
    before, mark, after = answer.partition(TESTS_MARK)
    block = FENCED.search(after)
    return (before.strip(), block[1]) if mark and block else (answer, "")


def parse_judgement(answer: str) -> bool | None:
    """Whether the new exercise adds anything, according to the judge; None if its answer is unclear."""
    words = re.findall(r"[^\W\d_]+", answer.upper())
    clear = [word for word in (words[:1] + words[-1:]) if word in {"YES", "NO"}]
    return clear[0] == "YES" if clear else None


def normalized(text: str) -> str:
    """The words of ``text`` in lower case, without punctuation and the word "Python", for comparisons."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(word for word in words if word != "python")


def _reject(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    if all(STOP_WORDS.fullmatch(word) for word in words):
        return "no words of its own"
    # Code may print an apology; a refusal contains no code.
    if "```" not in text and len(words) < MAX_APOLOGY_WORDS and APOLOGY.search(text):
        return "apology"
    lowered = text.casefold()
    return "repeats the request" if any(marker in lowered for marker in MARKERS) else ""
