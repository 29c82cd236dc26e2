"""The token that ends an assistant's turn in a model's own chat template: learned there, and a stop here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosstune.errors import DataError

_ANSWER = "crosstuneanswer"
_USER = {"role": "user", "content": "crosstunequestion"}


def rendered(tokenizer: Any, messages: Sequence[dict[str, str]], *, asks: bool) -> str:
    """The messages in the tokenizer's chat template; ``asks``: with the opening of the answer.

    Raises:
        DataError: the tokenizer has no chat template, or it cannot render them.
    """
    import jinja2

    if not tokenizer.chat_template:
        raise DataError(
            f"{tokenizer.name_or_path}: the base's tokenizer has no chat template; use another prompt "
            "template than 'chat', or put the model's own there as chat_template.jinja"
        )
    try:
        return str(tokenizer.apply_chat_template(messages, add_generation_prompt=asks, tokenize=False))
    except (jinja2.TemplateError, ValueError, TypeError) as error:
        raise DataError(f"{tokenizer.name_or_path}: its chat template cannot be rendered: {error}") from error


def turn_end(tokenizer: Any) -> tuple[str, int]:
    """The text between an answer and the token that ends the assistant's turn, and that token.

    By the chat template it is the first special token after an answer: ChatML's ``<|im_end|>``, Gemma's
    ``<end_of_turn>``. A template without one may begin the next turn with a special token, at which the
    model stops instead (GLM's ``<|user|>``). Templates of plain text end with the tokenizer's own end.

    Raises:
        DataError: see `rendered`; or the template leaves out the answer, or no token ends it.
    """
    answer = {"role": "assistant", "content": _ANSWER}
    after = _after_answer(tokenizer, [_USER, answer])
    found = _first_token(tokenizer, after) or _first_token(
        tokenizer, _after_answer(tokenizer, [_USER, answer, _USER]), but=tokenizer.bos_token_id
    )
    if not found and tokenizer.eos_token_id is None:
        raise DataError(
            f"{tokenizer.name_or_path}: nothing ends an answer: neither its chat template nor eos"
        )
    return found or ("", int(tokenizer.eos_token_id))


def chat_ends(tokenizer: Any) -> set[int]:
    """The end of an assistant's turn, if the tokenizer has a chat template that can be used."""
    if not tokenizer.chat_template:
        return set()
    try:
        return {turn_end(tokenizer)[1]}
    except DataError:
        return set()


def _after_answer(tokenizer: Any, messages: Sequence[dict[str, str]]) -> str:
    text = rendered(tokenizer, messages, asks=False)
    if _ANSWER not in text:
        raise DataError(f"{tokenizer.name_or_path}: its chat template leaves out the assistant's message")
    return text.rpartition(_ANSWER)[2]


def _first_token(tokenizer: Any, text: str, but: int | None = None) -> tuple[str, int] | None:
    """The first added token in ``text``, if only white space is before it, and that white space."""
    start = text.lstrip()
    names = {str(entry): token for token, entry in tokenizer.added_tokens_decoder.items()}
    for name in sorted(names, key=lambda each: -len(each)):
        if name.strip() and start.startswith(name) and names[name] != but:
            return text[: len(text) - len(start)], names[name]
    return None
