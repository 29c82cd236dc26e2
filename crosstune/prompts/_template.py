"""What a prompt template is to the other rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PromptTemplate:
    """How text goes into a model, in training and when it is asked.

    ``train(prompt)`` is all that stands before a training completion; ``ask(instruction,
    declaration, language_title)`` is the whole prompt for one problem, which the answer continues.
    ``chat`` forms give instead what stands in the user's message, and the model's own template does
    the rest. ``origin`` is where the published form was read.
    """

    name: str
    origin: str
    train: Callable[[str], str]
    ask: Callable[[str, str, str], str]
    stops: tuple[str, ...] = ()
    chat: bool = False
