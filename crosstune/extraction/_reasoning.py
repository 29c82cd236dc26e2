"""Remove a reasoning model's thoughts from its answer, and what a server left around it."""

from __future__ import annotations

import bisect
import re

_NAMES = r"think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis|inner_monologue|seed:think"
_TAG = re.compile(
    rf"<(?P<close>/)?(?:{_NAMES})\s*>|\[(?P<square>/)?THINK(?:ING)?\]|◁(?P<arrow>/)?think▷"
    r"|<\|(?:begin|(?P<end>end))_of_thought\|>",
    re.IGNORECASE,
)
# gpt-oss: <|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…
_FINAL = "<|channel|>final<|message|>"
_TURN_END = re.compile(
    r"<\|(?:endoftext|im_end|eot_id|eom_id|end_of_text|end|return)\|>|<end_of_turn>|</s>\s*$"
    r"|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
_WRAPPING = re.compile(
    r"^[ \t]*</?(?:answer|solution|final(?:_answer)?|code|output|response|result|explanation)"
    r"(?:\s[^>\n]*)?>[ \t]*$\n?"
    r"|</?(?:answer|solution|final_answer)>",
    re.MULTILINE | re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_BARE_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[`~]*[ \t]*$", re.MULTILINE)
_HARMONY_END = re.compile(r"<\|(?:return|end|call)\|>\s*\Z")


def without_reasoning(answer: str) -> str:
    """The answer after its reasoning; empty where the reasoning never ends.

    A closing tag without an opening one ends a reasoning that the prompt has opened. An opening tag counts at
    the beginning of a line; none counts inside of a code block, which may hold such text.
    """
    if _FINAL in answer:
        return _HARMONY_END.sub("", answer.rpartition(_FINAL)[2])
    if "<|channel|>analysis<|message|>" in answer:
        return ""
    fences = _Fences(answer)
    kept: list[str] = []
    end, opened = 0, None
    for tag in _TAG.finditer(answer):
        if opened is None and fences.are_open(end, tag.start()):
            continue
        if any(tag[name] for name in ("close", "square", "arrow", "end")):
            kept = [*kept, answer[end:opened]] if opened is not None else []
            end, opened = tag.end(), None
        elif (
            opened is None and not answer[max(0, tag.start() - 80) : tag.start()].rpartition("\n")[2].strip()
        ):
            opened = tag.start()
    return "".join([*kept, answer[end:opened]])


def without_wrapping(answer: str) -> str:
    """The answer up to a token that ends a turn, without tags around it (``<answer>``)."""
    end = _TURN_END.search(answer)
    text = answer[: end.start()] if end else answer
    return _WRAPPING.sub("\n", text) if "<" in text else text


class _Fences:
    """Where the fences of an answer are."""

    def __init__(self, answer: str) -> None:
        self._starts = [match.start() for match in _FENCE.finditer(answer)]
        self._last = max((match.start() for match in _BARE_FENCE.finditer(answer)), default=-1)

    def are_open(self, begin: int, at: int) -> bool:
        """Whether a fence that comes after ``begin`` is open at ``at`` and closed later."""
        count = bisect.bisect_left(self._starts, at) - bisect.bisect_left(self._starts, begin)
        return count % 2 == 1 and self._last >= at
