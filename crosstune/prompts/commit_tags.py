"""SantaCoderPack's form: the file before, the message, the file after, each behind a tag of its own.

A commit's prompt is its subject, a newline and the old file, so the first line goes behind the tag of the
message and the rest before it. The tags are text here; a model that has them as tokens reads them as such.
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
    origin="arXiv 2308.07124 and the data set bigcode/santacoderpack",
    train=_train,
    ask=_ask,
    stops=(BEFORE, MESSAGE, AFTER),
)
