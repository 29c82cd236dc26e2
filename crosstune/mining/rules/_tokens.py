"""Count the tokens of both sides of a change."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosstune.errors import DataError, MissingExtra, ServiceError
from crosstune.files import file_digest
from crosstune.mining._profile import Counter
from crosstune.network_errors import first_line, is_network_error

CountTokens = Callable[[str, str], int]
"""From ``(old, new)`` to the tokens of both, plus the end-of-text token between them."""


def describe_counter(counter: Counter) -> str:
    """How tokens are counted, for the funnel."""
    if counter.tokenizer is not None:
        return f"counted by the tokenizer {counter.tokenizer}"
    return f"estimated as bytes / {counter.bytes_per_token:g}"


def tokenizer_digest(counter: Counter) -> str:
    """SHA-256 of a local tokenizer's file; empty for a tokenizer on the Hub and for an estimate, which are
    identified by the profile's values."""
    file = _file(counter.tokenizer) if counter.tokenizer else None
    return file_digest(file) if file and file.is_file() else ""


def estimate_tokens(counter: Counter, size: int) -> int | None:
    """The tokens of ``size`` bytes, both sides together; None if a tokenizer must read the text."""
    if counter.bytes_per_token is None:
        return None
    return math.ceil(size / counter.bytes_per_token) + 1


def token_counter(counter: Counter) -> CountTokens:
    """The function that counts tokens as ``counter`` says.

    Raises:
        DataError: the tokenizer cannot be read.
        ServiceError: the tokenizer cannot be fetched from the Hub.
        MissingExtra: the package for it is not installed.
    """
    if counter.tokenizer is None:
        return lambda old, new: estimate_tokens(counter, len(old.encode()) + len(new.encode())) or 0
    tokenizer = _tokenizer(counter.tokenizer)

    def count(old: str, new: str) -> int:
        sides = tokenizer.encode_batch([old, new], add_special_tokens=False)
        return sum(len(side.ids) for side in sides) + 1

    return count


def _file(name: str) -> Path:
    return Path(name) / "tokenizer.json" if Path(name).is_dir() else Path(name)


def _tokenizer(name: str) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingExtra("tokenizers", "train") from None
    path = _file(name)
    local = path.is_file()
    if not local and (name.startswith((".", "/", "~")) or name.endswith(".json")):
        raise DataError(f"{name}: no such tokenizer")
    try:
        return Tokenizer.from_file(str(path)) if local else Tokenizer.from_pretrained(name)
    except Exception as error:
        # The library raises Exception itself for a malformed file, ValueError for a malformed name.
        if type(error) is not Exception and not isinstance(error, ValueError) and not is_network_error(error):
            raise
        kind = ServiceError if is_network_error(error) and not local else DataError
        raise kind(f"the tokenizer {name} cannot be loaded: {first_line(error)}") from None
