"""OctoCoder's template. In training the answer starts after ``Answer:``, in its harness on the next line."""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate


def _train(prompt: str) -> str:
    return f"Question: {prompt}\n\nAnswer: " if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return f"Question: {instruction}\n\nAnswer:\n{declaration}"


PROMPT = PromptTemplate(
    name="octocoder",
    origin="arXiv 2308.07124; asking: bigcode-evaluation-harness, humanevalpack.py, prompt 'octocoder'",
    train=_train,
    ask=_ask,
    stops=("\nQuestion:", "\nAnswer:"),
)
