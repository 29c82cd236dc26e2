"""The message of the benchmark's authors, or else crosstune's, in the model's own chat template."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate


def _train(prompt: str) -> str:
    return prompt


def ask(instruction: str, declaration: str, language_title: str) -> str:
    """The instruction, and the declaration in a code block."""
    if not declaration.strip():
        return instruction
    opening = declaration.strip("\n")
    return f"{instruction}\n\nGive the whole {language_title} code. It begins with:\n```\n{opening}\n```"


PROMPT = PromptTemplate(
    name="chat",
    origin="the template in the model's tokenizer; the message is the benchmark's, or else crosstune's",
    train=_train,
    ask=ask,
    chat=True,
    own="message",
)
