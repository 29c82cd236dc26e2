"""A request as a chat in the model's own template."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crosstune.errors import DataError
from crosstune.generation._back_end import Decoding, GeneratedAnswer, Request
from crosstune.reasoning import opened_reasoning


def chat_messages(request: Request) -> list[dict[str, str]]:
    system = [{"role": "system", "content": request.system}] if request.system else []
    return [*system, {"role": "user", "content": request.prompt}]


def chat_text(tokenizer: Any, request: Request, decoding: Decoding) -> str:
    """The request in the model's own chat template.

    Raises:
        DataError: the template refuses it, for example because it has no system messages.
    """
    from jinja2 import TemplateError

    try:
        text = tokenizer.apply_chat_template(
            chat_messages(request),
            add_generation_prompt=True,
            tokenize=False,
            **decoding.chat_template_kwargs,
        )
    except (TemplateError, TypeError) as error:
        raise DataError(f"the model's chat template refuses the request: {error}") from None
    return str(text) + request.opening


def with_opening(answer: GeneratedAnswer, request: Request, text: str) -> GeneratedAnswer:
    """The answer to a chat with the tag of its reasoning, if its prompt ``text`` ends with it: an answer that
    is cut before the reasoning ends has no tag of its own."""
    tag = opened_reasoning(text) if request.chat else ""
    return (
        replace(answer, text=f"{tag}\n{answer.text}") if tag and answer.finish_reason != "error" else answer
    )
