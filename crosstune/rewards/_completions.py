"""The text of a completion, in the forms in which trainers pass it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosstune.errors import DataError

_END_TOKENS = (
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<end_of_turn>",
    "<\uff5cend\u2581of\u2581sentence\uff5c>",  # DeepSeek
    "</s>",
)
"""What tokenizers of usual models write at the end of a turn, where special tokens are not skipped."""


def completion_text(completion: Any) -> str:
    """The text of a completion: itself, or the content of the last of its messages.

    Raises:
        DataError: it is neither a text nor a list of messages.
    """
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Mapping):
        return _content(completion.get("content"))
    if isinstance(completion, Sequence) and completion and isinstance(completion[-1], Mapping):
        return _content(completion[-1].get("content"))
    if isinstance(completion, Sequence) and not completion:
        return ""
    raise DataError(
        f"a completion: expected a text or a list of messages with role and content, found {completion!r:.80}"
    )


def _content(content: Any) -> str:
    """The content of a message: a text, or a list of parts."""
    if content is None:
        return ""  # a message that only calls tools
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    raise DataError(f"a message's content: expected a text or a list of parts, found {content!r:.80}")


def response_of(query: str, prompt: str) -> str:
    """What a model added to its prompt, where a trainer passes both as one text with special tokens."""
    at = query.find(prompt) if prompt else -1
    response = query[at + len(prompt) :] if at >= 0 else query
    stripped = response.rstrip()
    while end := next((token for token in _END_TOKENS if stripped.endswith(token)), ""):
        response = stripped = stripped[: -len(end)].rstrip()
    return response
