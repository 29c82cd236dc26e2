"""The tokens at which a tuned model must stop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def stopping(tokenizer: Any, learned: Iterable[int], configured: Iterable[int]) -> list[int]:
    """The tokens at which the saved model must stop: those it has ``learned``, then the tokenizer's own, and
    of those that its base was ``configured`` with the ones that are special tokens."""
    added = tokenizer.added_tokens_decoder
    special = {token for token, entry in added.items() if entry.special}
    kept = [*learned, tokenizer.eos_token_id, *(token for token in configured if token in special)]
    return list(dict.fromkeys(kept))


def ids(value: Any) -> list[int]:
    """A configuration's ``eos_token_id``, which is None, an id or a list of ids, as a list."""
    return [] if value is None else [value] if isinstance(value, int) else list(value)
