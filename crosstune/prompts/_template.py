"""The interface of a prompt template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PromptTemplate:
    """The format of a model's input, in training and in inference.

    ``train(prompt)`` is all text before a training completion; ``ask(instruction, declaration,
    language_title)`` is the whole prompt for one problem, which the answer continues. For a ``chat`` template
    both give only the user's message, to which the model's own template is added. ``stops`` are strings that
    end an answer. ``origin`` is the source of the published template. ``own`` is the key in `Problem.extra`
    of the text that a benchmark's own authors use instead of ``ask``, where there is one.
    """

    name: str
    origin: str
    train: Callable[[str], str]
    ask: Callable[[str, str, str], str]
    stops: tuple[str, ...] = ()
    chat: bool = False
    own: str = ""
