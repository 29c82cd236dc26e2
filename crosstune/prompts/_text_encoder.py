"""Text to token ids, in training and inference: a template's special tokens are tokens, the same characters
inside a row or a problem are text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.errors import DataError

_MARK = "\ufdd0"
"""Unicode reserves this character for uses like this one; it is in no text."""
_STANDS_IN = ("\ue000", "\uf8ff", "\ue123", "\uf4e2")
"""Characters for private use, which tokenizers do not join with others; one is encoded for the mark."""


@dataclass(frozen=True)
class Protection:
    """Protects text; small enough to be sent where the tokenizer is not."""

    names: re.Pattern[str]
    """The names of special tokens."""

    def __call__(self, text: str) -> str:
        """``text`` with a mark inside each special token's name, which `TextEncoder.encode` removes again.

        Raises:
            DataError: the text has the character of the mark.
        """
        if _MARK in text:
            raise DataError(f"the character {_MARK!a}, which Unicode reserves, is in the text; remove it")
        return self.names.sub(lambda found: found[0][:1] + _MARK + found[0][1:], text)


class TextEncoder:
    """A tokenizer for rows and problems: `protect` their own text, build the whole text from it, `encode`.

    ``control`` are ids of tokens that text must never become, in addition to the tokenizer's special ones.
    """

    def __init__(self, tokenizer: Any, control: Iterable[int] = ()) -> None:
        self._tokenizer = tokenizer
        added = tokenizer.added_tokens_decoder
        self._control = {token for token, entry in added.items() if entry.special} | set(control)
        names = {str(added[token]) if token in added else self._name(token) for token in self._control}
        longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
        self.protect = Protection(re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"))

    def _name(self, token: int) -> str:
        return str(self._tokenizer.convert_ids_to_tokens(token))

    @property
    def lead(self) -> list[int]:
        """The special tokens that the tokenizer puts before every text."""
        special: list[int] = list(self._tokenizer("")["input_ids"])
        ends = special[-1:] == [self._tokenizer.eos_token_id] != [self._tokenizer.bos_token_id]
        return special[:-1] if ends else special

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, without the tokens that the tokenizer adds at its ends."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        return [
            self._unmarked(text) if _MARK in text else row for text, row in zip(texts, encoded, strict=True)
        ]

    def _unmarked(self, text: str) -> list[int]:
        """The ids of ``text`` without its marks."""
        if not self._tokenizer.is_fast:
            return self._in_pieces(text)
        for mark in (each for each in _STANDS_IN if each not in text):
            marked = text.replace(_MARK, mark)
            encoded = self._tokenizer(
                marked, add_special_tokens=False, return_offsets_mapping=True, verbose=False
            )
            spans = [marked[start:end] for start, end in encoded["offset_mapping"]]
            if all(mark not in span or span == mark for span in spans):
                tokens = zip(encoded["input_ids"], spans, strict=True)
                return [token for token, span in tokens if span != mark]
        return self._in_pieces(text)

    def _in_pieces(self, text: str) -> list[int]:
        """Each piece between marks by itself: a tokenizer may put a space before each of them."""
        pieces = self._tokenizer(text.split(_MARK), add_special_tokens=False, verbose=False)["input_ids"]
        return [token for piece in pieces for token in piece]
