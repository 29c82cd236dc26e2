"""Tokenize examples into rows, and order the rows for training."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from crosstune.errors import DataError
from crosstune.prompts import (
    PromptTemplate,
    TextEncoder,
    chat_ends,
    earlier_messages,
    example_text,
    rendered,
    turn_end,
)
from crosstune.reasoning import after_opening, opened_reasoning
from crosstune.records import Example
from crosstune.tuning._recipe import Recipe

IGNORED = -100
WINDOW = 50  # batches sorted together: many enough for little padding, few enough to stay random


REJECTED = "rejected"
"""The key in an example's provenance of the completion that a preference rejects."""


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids; the first ``prompt_length`` ids are not learned. ``rejected`` are the ids of the same prompt
    with the completion that is not preferred; empty without preferences."""

    ids: list[int]
    prompt_length: int
    rejected: list[int] = field(default_factory=list)

    @property
    def labels(self) -> list[int]:
        return [IGNORED] * self.prompt_length + self.ids[self.prompt_length :]

    @property
    def size(self) -> int:
        """Tokens of both completions with their prompts."""
        return len(self.ids) + len(self.rejected)


@dataclass(frozen=True)
class Rows:
    """The rows, how many were cut at `max_length`, how many were dropped because nothing was left to learn,
    and the tokens that end a completion, here or in the tokenizer's chat template."""

    rows: list[Row]
    truncated: int
    dropped: int
    ends: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all ids and of where learning starts, in order."""
        hashed = hashlib.sha256()
        for row in self.rows:
            hashed.update(f"{row.prompt_length}:{row.ids};".encode())
            if row.rejected:
                hashed.update(f"{row.rejected};".encode())
        return hashed.hexdigest()


def encode(examples: Iterable[Example], tokenizer: Any, prompt: PromptTemplate, recipe: Recipe) -> Rows:
    """Tokenize each example's prompt and completion separately, as in inference, and append the end token.

    Raises:
        DataError: ``prompt`` needs a chat template and the tokenizer has none; or no row is left.
    """
    rows: list[Row] = []
    ends: set[int] = set()
    truncated = dropped = 0
    for full in _Encoding(tokenizer, prompt, recipe).rows(examples):
        row = full if recipe.packing == "wrapped" else _cut(full, recipe.max_length)
        if _nothing_to_learn(row):
            dropped += 1
            continue
        truncated += row is not full
        ends.add(full.ids[-1])
        rows.append(row)
    if not rows:
        reason = f": all {dropped} are longer than max_length before their completions" if dropped else ""
        raise DataError(f"the corpus has no example to learn from{reason}")
    return Rows(rows, truncated, dropped, tuple(sorted(ends | chat_ends(tokenizer))))


def _cut(row: Row, length: int) -> Row:
    """`wrapped` joins documents and splits them when a row is full, so none is too long; others are cut."""
    if max(len(row.ids), len(row.rejected)) <= length:
        return row
    return Row(row.ids[:length], row.prompt_length, row.rejected[:length])


def _nothing_to_learn(row: Row) -> bool:
    """The first token of a row is never predicted."""
    sides = [row.ids, row.rejected] if row.rejected else [row.ids]
    return any(len(side) <= max(row.prompt_length, 1) for side in sides)


class _Texts(NamedTuple):
    """``templated``: a chat template was applied, which has the special tokens before a text."""

    before: str
    after: str
    templated: bool = False
    rejected: str = ""


class _Encoding:
    """Turns examples into rows. An answer ends with the tokenizer's end; in a chat, with the template's."""

    def __init__(self, tokenizer: Any, prompt: PromptTemplate, recipe: Recipe) -> None:
        self._tokenizer, self._prompt, self._recipe = tokenizer, prompt, recipe
        self._end = int(tokenizer.eos_token_id)
        self._chat_gap, self._chat_end = turn_end(tokenizer) if prompt.chat else ("", self._end)
        self._encoder = TextEncoder(tokenizer, (self._end, self._chat_end))

    def rows(self, examples: Iterable[Example]) -> Iterator[Row]:
        texts = [self._texts(example) for example in examples]
        lead = self._encoder.lead
        encode = self._encoder.encode
        columns = [encode([each.before for each in texts]), encode([each.after for each in texts])]
        columns.append(encode([each.rejected for each in texts]))
        for text, asked, answered, rejected in zip(texts, *columns, strict=True):
            head = asked if text.templated else lead + asked
            end = self._chat_end if text.templated else self._end
            learned_whole = self._recipe.loss == "all" or not text.before
            yield Row(
                [*head, *answered, end],
                0 if learned_whole else len(head),
                [*head, *rejected, end] if self._recipe.dpo else [],
            )

    def _texts(self, example: Example) -> _Texts:
        try:
            safe = self._protected(example)
            rejected = replace(safe, completion=self._encoder.protect(self._rejected(example)))
        except DataError as error:
            raise DataError(f"example {example.id!r}: {error}") from None
        before, after = example_text(self._prompt, safe)
        rejected_text = example_text(self._prompt, rejected)[1] if self._recipe.dpo else ""
        if not example.prompt or not self._prompt.chat:
            return _Texts(before, after, rejected=rejected_text)
        messages = [*earlier_messages(safe), {"role": "user", "content": before}]
        opened = rendered(self._tokenizer, messages, asks=True)
        if tag := opened_reasoning(opened):  # in a reasoning model's template; the answer has to close it
            after, rejected_text = after_opening(tag, after), after_opening(tag, rejected_text)
        gap = self._chat_gap
        return _Texts(opened, after + gap, True, rejected_text + gap if self._recipe.dpo else "")

    def _protected(self, example: Example) -> Example:
        protect = self._encoder.protect
        return replace(
            example,
            prompt=protect(example.prompt),
            completion=protect(example.completion),
            system=protect(example.system),
            history=tuple(replace(turn, content=protect(turn.content)) for turn in example.history),
        )

    def _rejected(self, example: Example) -> str:
        if not self._recipe.dpo:
            return ""
        rejected = example.provenance.get(REJECTED, "")
        if not example.prompt or not rejected or rejected == example.completion:
            raise DataError(
                "a recipe with dpo needs rows with a prompt, the preferred answer as completion and "
                f"another one as {REJECTED!r} in provenance"
            )
        return rejected


def update_size(recipe: Recipe) -> int:
    """The number of rows of one weight update."""
    return recipe.batch_size * recipe.accumulation * recipe.devices


def row_count(rows: int, recipe: Recipe) -> int:
    """How many rows the training uses in all: each of ``rows`` as often as the recipe says."""
    if recipe.steps is not None:
        return recipe.steps * update_size(recipe)
    return max(1, math.ceil(round((recipe.epochs or 1) * rows, 6)))


def order(lengths: Sequence[int], recipe: Recipe, count: int, seed: int) -> list[int]:
    """Positions of the ``count`` rows to learn, batch after batch; each row is used once before any is
    repeated. With batches by length, `WINDOW` batches at a time are sorted by length and then shuffled."""
    generator = random.Random(seed)
    ordered: list[int] = []
    while len(ordered) < count:
        once = list(range(len(lengths)))
        generator.shuffle(once)
        if recipe.batching == "by_length" and recipe.packing == "none":
            once = _by_length(once, lengths, -len(ordered) % update_size(recipe), recipe, generator)
        ordered += once
    return ordered[:count]


def _by_length(
    once: Sequence[int], lengths: Sequence[int], fill: int, recipe: Recipe, generator: random.Random
) -> list[int]:
    """One pass in batches of similar lengths. The first ``fill`` rows complete the previous pass's last
    batch; the rows that are too few for a batch come last."""
    size = update_size(recipe)
    ordered = list(once[:fill])
    for start in range(fill, len(once), WINDOW * size):
        window = sorted(once[start : start + WINDOW * size], key=lambda position: lengths[position])
        batches = [window[at : at + size] for at in range(0, len(window), size)]
        rest = batches.pop() if len(batches[-1]) < size else []
        generator.shuffle(batches)
        ordered += [position for batch in [*batches, rest] for position in batch]
    return ordered
