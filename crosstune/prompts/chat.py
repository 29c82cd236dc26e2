"""The message of the benchmark's authors, or else crosstune's, in the model's own chat template."""

from __future__ import annotations

import re

from crosstune.prompts._template import PromptTemplate

_FENCES = re.compile(r"`{3,}")


def _train(prompt: str) -> str:
    return prompt


def ask(instruction: str, declaration: str, language_title: str) -> str:
    """The instruction, and the declaration in a code block, whose fences are longer than any in it."""
    if not declaration.strip():
        return instruction
    opening = declaration.strip("\n")
    fence = "`" * max([3, *(len(each) + 1 for each in _FENCES.findall(opening))])
    asked = f"{instruction}\n\n" if instruction.strip() else ""
    return f"{asked}Give the whole {language_title} code. It begins with:\n{fence}\n{opening}\n{fence}"


PROMPT = PromptTemplate(
    name="chat",
    origin="the template in the model's tokenizer; the message is the benchmark's, or else crosstune's",
    train=_train,
    ask=ask,
    chat=True,
    own="message",
)
