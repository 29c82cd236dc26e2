"""Where what is asked ends and what is answered begins: one rule, for training and for asking.

A prompt never ends in a blank. Tokenizers join a newline or a space with what follows it, so that a
prompt ending in one asks for a token that training never showed there: a model that solved every
problem after ``def f(x):`` solved none after ``def f(x):`` and a newline. What is cut off the
prompt's end is the beginning of the completion in training, so nothing of the text is lost.
"""

from __future__ import annotations

from crosstune.languages import Language
from crosstune.prompts._template import PromptTemplate
from crosstune.records import Problem


def training_text(form: PromptTemplate, prompt: str, completion: str) -> tuple[str, str]:
    """What stands before the border and what is learned after it; together, the form's whole text.

    Raw text (an empty ``prompt``) has nothing before. A ``chat`` form gives the user's message and the
    answer, and the model's template goes around both.
    """
    if form.chat:
        return form.train(prompt), completion
    text = form.train(prompt)
    before = text.rstrip()
    return before, text[len(before) :] + completion


def asking_text(form: PromptTemplate, problem: Problem, language: Language) -> str:
    """The prompt for one problem, which the answer continues; for a ``chat`` form the user's message."""
    return form.ask(problem.instruction, problem.declaration, language.title).rstrip()
