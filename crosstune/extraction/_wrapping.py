"""Remove what a server or a model has left around an answer."""

from __future__ import annotations

import re

_TURN_END = re.compile(
    r"<\|(?:endoftext|im_end|eot_id|eom_id|end_of_text|end|return)\|>|<end_of_turn>|</s>\s*$"
    r"|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
_TOKEN = re.compile(r"\s*<\|\w+\|>")
_WRAPPING = re.compile(
    r"^[ \t]*</?(?:answer|solution|final(?:_answer)?|code|output|response|result|explanation)"
    r"(?:\s[^>\n]*)?>[ \t]*$\n?"
    r"|</?(?:answer|solution|final_answer)>",
    re.MULTILINE | re.IGNORECASE,
)


def without_wrapping(answer: str) -> str:
    """The answer up to a token that ends a turn, without tags around it (``<answer>``) or a token
    that begins it (``<|python_tag|>``)."""
    end = _TURN_END.search(answer)
    text = answer[: end.start()] if end else answer
    if begin := _TOKEN.match(text):
        text = text[begin.end() :]
    return _WRAPPING.sub("\n", text) if "<" in text else text
