"""What a base model continues: the text of the benchmark's authors, or else the declaration alone."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate


def _train(prompt: str) -> str:
    return f"{prompt.rstrip()}\n" if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return declaration.strip() or instruction


PROMPT = PromptTemplate(
    name="completion",
    origin="bigcode-evaluation-harness and MultiPL-E: the row's prompt without white space around it",
    train=_train,
    ask=_ask,
    own="completion",
)
