"""The prompt boundary, where the prompt ends and the answer begins: one rule for training and inference.

A prompt never ends in whitespace. Tokenizers join a newline or a space with the text after it, so a prompt
that ends in whitespace must be continued with a token that never followed it in training. A model that solved
every problem after ``def f(x):`` solved none after ``def f(x):`` and a newline. In training, the whitespace
removed from the prompt's end becomes the start of the completion, so no text is lost.
"""

from __future__ import annotations

from crosstune.languages import Language
from crosstune.prompts._template import PromptTemplate
from crosstune.records import Problem


def training_text(template: PromptTemplate, prompt: str, completion: str) -> tuple[str, str]:
    """The text before the prompt boundary, and the text after it, which is learned.

    For raw text (an empty ``prompt``) the first is empty. A ``chat`` template gives the user's message and
    the answer; the model's own template is added to both.
    """
    if template.chat:
        return template.train(prompt), completion
    text = template.train(prompt)
    before = text.rstrip()
    return before, text[len(before) :] + completion


def asking_text(template: PromptTemplate, problem: Problem, language: Language) -> str:
    """The prompt for one problem, which the answer continues; for a ``chat`` template, the user's message."""
    own = problem.extra.get(template.own, "")
    return (own or template.ask(problem.instruction, problem.declaration, language.title)).rstrip()
