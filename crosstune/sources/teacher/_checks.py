"""When an evolution failed: each check gives the reason in a word or two, or nothing.

The rules are WizardLM's (arXiv 2304.12244, "elimination evolving"), and a few that it lacks.
"""

from __future__ import annotations

import re
import unicodedata

from crosstune.sources.teacher._evolution import MARKERS

SHORTEST = 30
"""Characters below which an instruction says too little (WizardLM)."""
APOLOGY_WORDS = 80
"""A refusal is shorter than this many words (WizardLM)."""
APOLOGY = re.compile(
    r"\bI(?:['\u2019]m| am) (?:(?:very|so|really) )?(?:sorry|afraid|unable|not able)\b"
    r"|\bI (?:can(?:['\u2019]t|not| not)|apologi[sz]e|do not understand|don['\u2019]t understand)\b"
    r"|\bmy apologies\b|\bas an? (?:AI|artificial|language model)|^\W*(?:sorry|unfortunately|apologies)\b",
    re.IGNORECASE,
)
STOP_WORDS = re.compile(
    r"""a|about|all|an|and|any|are|as|at|be|been|but|by|can|do|does|for|from|had|has|have|he|her|his|how|i|if|in|
    into|is|it|its|just|me|more|my|no|not|of|on|or|our|she|so|some|such|than|that|the|their|them|then|there|
    these|they|this|those|to|too|was|we|were|what|when|where|which|who|why|will|with|would|yes|you|your""",
    re.VERBOSE,
)


def instruction_fault(new: str, old: str) -> str:
    """Why ``new`` is no use as an exercise made out of ``old``; empty: nothing against it."""
    if fault := _fault(new):
        return fault
    if len(new.strip()) < SHORTEST:
        return "too short"
    return "unchanged" if same(new, old) else ""


def answer_fault(answer: str, finish_reason: str, instruction: str) -> str:
    """Why ``answer`` is no use; empty: nothing against it."""
    if finish_reason == "length":
        return "answer cut off"
    if fault := _fault(answer):
        return f"answer: {fault}"
    return "answer: repeats the question" if same(answer, instruction) else ""


def verdict(answer: str) -> bool | None:
    """What the judge said: something is added, nothing is; None where neither can be read."""
    words = re.findall(r"[^\W\d_]+", answer.upper())
    said = [word for word in (words[:1] + words[-1:]) if word in {"YES", "NO"}]
    return said[0] == "YES" if said else None


def same(one: str, other: str) -> bool:
    """Whether they differ in nothing but case, blanks, punctuation and the language's name."""
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """Words alone, in small letters, without "Python": for comparing."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(word for word in words if word != "python")


def _fault(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    if all(STOP_WORDS.fullmatch(word) for word in words):
        return "no words of its own"
    # A program may say that it is sorry; a refusal holds no code.
    if "```" not in text and len(words) < APOLOGY_WORDS and APOLOGY.search(text):
        return "apology"
    lowered = text.casefold()
    return "repeats the request" if any(marker in lowered for marker in MARKERS) else ""
