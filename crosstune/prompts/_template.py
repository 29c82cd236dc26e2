"""The interface of a prompt template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PromptTemplate:
    """How text is presented to a model, in training and in inference.

    ``train(prompt)`` is all text before a training completion; ``ask(instruction, declaration,
    language_title)`` is the whole prompt for one problem, which the answer continues. A ``chat`` template
    gives the user's message instead, and the model's own template does the rest. ``stops`` end an answer.
    ``origin`` is the source of the published template.
    """

    name: str
    origin: str
    train: Callable[[str], str]
    ask: Callable[[str, str, str], str]
    stops: tuple[str, ...] = ()
    chat: bool = False
