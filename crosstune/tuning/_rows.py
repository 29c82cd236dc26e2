"""Tokenize examples into rows, and order the rows for training."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.errors import DataError
from crosstune.prompts import PromptTemplate, training_text
from crosstune.records import Example
from crosstune.tuning._recipe import Recipe

IGNORED = -100
WINDOW = 50  # batches sorted together: many enough for little padding, few enough to stay random


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids; the first ``prompt_length`` ids are not learned."""

    ids: list[int]
    prompt_length: int

    @property
    def labels(self) -> list[int]:
        return [IGNORED] * self.prompt_length + self.ids[self.prompt_length :]


@dataclass(frozen=True)
class Rows:
    """The rows, how many were cut at `max_length`, and how many were dropped because nothing was left to
    learn."""

    rows: list[Row]
    truncated: int
    dropped: int

    @property
    def digest(self) -> str:
        """SHA-256 of all ids and of where learning starts, in order."""
        hashed = hashlib.sha256()
        for row in self.rows:
            hashed.update(f"{row.prompt_length}:{row.ids};".encode())
        return hashed.hexdigest()


def encode(examples: Iterable[Example], tokenizer: Any, prompt: PromptTemplate, recipe: Recipe) -> Rows:
    """Tokenize each example's prompt and completion separately, as in inference, and append the end token.

    Raises:
        DataError: ``prompt`` needs a chat template and the tokenizer has none; or no row is left.
    """
    rows: list[Row] = []
    truncated = dropped = 0
    for full in _encoded(examples, tokenizer, prompt, recipe):
        row = full
        # `wrapped` joins documents and splits them when a row is full, so none is too long.
        if recipe.packing != "wrapped" and len(full.ids) > recipe.max_length:
            row = Row(full.ids[: recipe.max_length], full.prompt_length)
        # The first token of a row is never predicted.
        if len(row.ids) <= max(row.prompt_length, 1):
            dropped += 1
            continue
        truncated += row is not full
        rows.append(row)
    if not rows:
        reason = f": all {dropped} are longer than max_length before their completions" if dropped else ""
        raise DataError(f"the corpus has no example to learn from{reason}")
    return Rows(rows, truncated, dropped)


def _encoded(
    examples: Iterable[Example], tokenizer: Any, prompt: PromptTemplate, recipe: Recipe
) -> Iterator[Row]:
    texts = [_texts(example, tokenizer, prompt) for example in examples]
    lead = _lead(tokenizer)
    for (before, _, templated), asked, answered in zip(
        texts,
        _ids(tokenizer, [before for before, _, _ in texts]),
        _ids(tokenizer, [after for _, after, _ in texts]),
        strict=True,
    ):
        head = asked if templated else lead + asked
        learned_whole = recipe.loss == "all" or not before
        yield Row([*head, *answered, tokenizer.eos_token_id], 0 if learned_whole else len(head))


def _texts(example: Example, tokenizer: Any, prompt: PromptTemplate) -> tuple[str, str, bool]:
    """The text before the prompt boundary, the text to learn, and whether a chat template was applied."""
    if not example.prompt:
        return "", example.completion, False
    before, after = training_text(prompt, example.prompt, example.completion)
    if not prompt.chat:
        return before, after, False
    if not tokenizer.chat_template:
        raise DataError("the base's tokenizer has no chat template; use another prompt template than 'chat'")
    message = [{"role": "user", "content": before}]
    asked = tokenizer.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
    return str(asked), after, True


def _ids(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    ids: list[list[int]] = (
        tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"] if texts else []
    )
    return ids


def _lead(tokenizer: Any) -> list[int]:
    """The special tokens that the tokenizer puts before every text."""
    special: list[int] = list(tokenizer("")["input_ids"])
    ends = special[-1:] == [tokenizer.eos_token_id] != [tokenizer.bos_token_id]
    return special[:-1] if ends else special


def order(lengths: Sequence[int], recipe: Recipe, count: int, seed: int) -> list[int]:
    """Positions of the ``count`` rows to learn, batch after batch; each row is used once before any is
    repeated. With batches by length, `WINDOW` batches at a time are sorted by length and then shuffled."""
    generator = random.Random(seed)
    size = recipe.batch_size * recipe.accumulation * recipe.devices
    stream = _passes(len(lengths), count, generator)
    if recipe.batching == "shuffled" or recipe.packing != "none":
        return stream
    ordered: list[int] = []
    for start in range(0, count, WINDOW * size):
        window = sorted(stream[start : start + WINDOW * size], key=lambda position: lengths[position])
        batches = [window[at : at + size] for at in range(0, len(window), size)]
        generator.shuffle(batches)
        ordered += [position for batch in batches for position in batch]
    return ordered


def _passes(rows: int, count: int, generator: random.Random) -> list[int]:
    stream: list[int] = []
    while len(stream) < count:
        once = list(range(rows))
        generator.shuffle(once)
        stream += once
    return stream[:count]
