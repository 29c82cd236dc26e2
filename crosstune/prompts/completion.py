"""What a base model continues: the text of the benchmark's authors, or else the declaration alone."""

from __future__ import annotations

import re

from crosstune.prompts._template import PromptTemplate

_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")


def _train(prompt: str) -> str:
    return f"{prompt.rstrip()}\n" if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return _EMPTY_LINES.sub("", declaration).rstrip() or instruction


PROMPT = PromptTemplate(
    name="completion",
    origin="bigcode-evaluation-harness and MultiPL-E: the row's prompt without empty lines around it",
    train=_train,
    ask=_ask,
    own="completion",
)
