"""SantaCoderPack's template: the old file, the message and the new file, each after its own tag.

A commit's prompt is its subject, a newline and the old file: the first line goes after the message tag, the
rest after the old file's tag. The tags are plain text here; a tokenizer may have special tokens for them.
"""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate

BEFORE, MESSAGE, AFTER = "<commit_before>", "<commit_msg>", "<commit_after>"


def _train(prompt: str) -> str:
    subject, _, old = prompt.partition("\n")
    return f"{BEFORE}{old}{MESSAGE}{subject}{AFTER}" if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return _train(instruction) + declaration.lstrip("\n")


PROMPT = PromptTemplate(
    name="commit-tags",
    origin="arXiv 2308.07124 and the dataset bigcode/santacoderpack",
    train=_train,
    ask=_ask,
    stops=(BEFORE, MESSAGE, AFTER),
)
