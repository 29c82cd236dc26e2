"""The instruction alone, in the model's own chat template."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate


def _train(prompt: str) -> str:
    return prompt


def _ask(instruction: str, declaration: str, language_title: str) -> str:
    if not declaration.strip():
        return instruction
    opening = declaration.strip("\n")
    return f"{instruction}\n\nGive the whole {language_title} code. It begins with:\n```\n{opening}\n```"


PROMPT = PromptTemplate(
    name="chat",
    origin="the template in the model's tokenizer; the message is crosstune's",
    train=_train,
    ask=_ask,
    chat=True,
)
