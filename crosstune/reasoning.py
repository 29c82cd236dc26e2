"""Split what a reasoning model writes into its reasoning and its answer."""

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
_ANALYSIS = "<|channel|>analysis<|message|>"
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_BARE_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[`~]*[ \t]*$", re.MULTILINE)
_HARMONY_END = re.compile(r"<\|(?:return|end|call)\|>\s*\Z")
_HARMONY = re.compile(
    r"<\|channel\|>(?:analysis|final)<\|message\|>|<\|(?:end|return|call)\|>"
    r"|<\|start\|>assistant"
)


def without_reasoning(text: str) -> str:
    """The answer after its reasoning; empty where the reasoning never ends.

    A closing tag without an opening one ends a reasoning that the prompt has opened. An opening tag counts at
    the beginning of a line; none counts inside of a code block, which may hold such text.
    """
    return split_reasoning(text)[1]


def split_reasoning(text: str) -> tuple[str, str]:
    """The reasoning without its tags, and the answer as `without_reasoning` gives it."""
    if _FINAL in text:
        before, _, final = text.rpartition(_FINAL)
        return _HARMONY.sub("\n", before).strip(), _HARMONY_END.sub("", final)
    if _ANALYSIS in text:
        return _HARMONY.sub("\n", text).strip(), ""
    spans = list(_answer_spans(text))
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    removed = [_TAG.sub("", text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return "\n".join(filter(None, map(str.strip, removed))), "".join(text[start:end] for start, end in spans)


def opened_reasoning(prompt: str) -> str:
    """The tag at the end of a prompt that opens a reasoning, as of some chat templates; empty without one."""
    text = prompt.rstrip()
    tag = next(
        (each for each in _TAG.finditer(text, max(0, len(text) - 80)) if each.end() == len(text)), None
    )
    return tag[0] if tag and not any(tag[name] for name in ("close", "square", "arrow", "end")) else ""


def after_opening(tag: str, answer: str) -> str:
    """What follows a prompt that has opened a reasoning with ``tag``: the reasoning of the ``answer``, or the
    end of an empty one."""
    if split_reasoning(answer)[0]:
        return answer.lstrip().removeprefix(tag).lstrip("\n")
    closing = tag.replace("begin_of", "end_of") if "begin_of" in tag else f"{tag[0]}/{tag[1:]}"
    return f"\n{closing}\n\n{answer}"


def _answer_spans(text: str) -> list[tuple[int, int]]:
    """Where the answer is, without the reasoning."""
    fences = _Fences(text)
    spans: list[tuple[int, int]] = []
    end, opened = 0, None
    for tag in _TAG.finditer(text):
        if opened is None and fences.are_open(end, tag.start()):
            continue
        if any(tag[name] for name in ("close", "square", "arrow", "end")):
            spans = [*spans, (end, opened)] if opened is not None else []
            end, opened = tag.end(), None
        elif opened is None and not text[max(0, tag.start() - 80) : tag.start()].rpartition("\n")[2].strip():
            opened = tag.start()
    return [*spans, (end, len(text) if opened is None else opened)]


class _Fences:
    """Where the fences of an answer are."""

    def __init__(self, answer: str) -> None:
        self._starts = [match.start() for match in _FENCE.finditer(answer)]
        self._last = max((match.start() for match in _BARE_FENCE.finditer(answer)), default=-1)

    def are_open(self, begin: int, at: int) -> bool:
        """Whether a fence that comes after ``begin`` is open at ``at`` and closed later."""
        count = bisect.bisect_left(self._starts, at) - bisect.bisect_left(self._starts, begin)
        return count % 2 == 1 and self._last >= at
