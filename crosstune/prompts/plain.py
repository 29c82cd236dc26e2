"""The shortest template: the instruction, a newline and the answer, for models trained from scratch."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate


def _train(prompt: str) -> str:
    return f"{prompt.rstrip()}\n" if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return _train(instruction) + declaration.lstrip("\n")


PROMPT = PromptTemplate(name="plain", origin="crosstune", train=_train, ask=_ask)
