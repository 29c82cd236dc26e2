"""Crosstune's message for any benchmark, in the model's own chat template."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate
from crosstune.prompts.chat import ask


def _train(prompt: str) -> str:
    return prompt


PROMPT = PromptTemplate(
    name="chat-crosstune",
    origin="the template in the model's tokenizer; the message is crosstune's",
    train=_train,
    ask=ask,
    chat=True,
)
