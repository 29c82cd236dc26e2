"""The prompt boundary, where the prompt ends and the answer begins: one rule for training and inference.

A prompt never ends in whitespace. Tokenizers join a newline or a space with the text after it, so a prompt
that ends in whitespace must be continued with a token that never followed it in training. A model that solved
every problem after ``def f(x):`` solved none after ``def f(x):`` and a newline. In training, the whitespace
removed from the prompt's end becomes the start of the completion, so no text is lost.
"""

from __future__ import annotations

from crosstune.languages import Language
from crosstune.prompts._template import PromptTemplate
from crosstune.records import Example, Problem, Turn


def example_text(template: PromptTemplate, example: Example) -> tuple[str, str]:
    """`training_text` of an example. Its system prompt and earlier turns are put before it, each turn in the
    template; a ``chat`` template gets them as messages, see `earlier_messages`."""
    before, after = training_text(template, example.prompt, example.completion)
    if template.chat or not example.prompt:
        return before, after
    context = f"{example.system}\n\n" if example.system else ""
    for turn in example.history:
        context += template.train(turn.content) if turn.role == "user" else f"{turn.content}\n\n"
    return context + before, after


def earlier_messages(example: Example) -> list[dict[str, str]]:
    """The messages before the prompt, for a model's chat template: system prompt and earlier turns."""
    system = [Turn("system", example.system)] if example.system else []
    return [{"role": turn.role, "content": turn.content} for turn in (*system, *example.history)]


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
