"""Examples as token rows, and the order in which they are learned."""

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
WINDOW = 50  # batches sorted together: enough for little padding, few enough to stay random


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, and how many of them at the start are not learned."""

    ids: list[int]
    given: int

    @property
    def labels(self) -> list[int]:
        return [IGNORED] * self.given + self.ids[self.given :]


@dataclass(frozen=True)
class Rows:
    """What is learned from, how many were cut at `max_length`, and how many had nothing left to learn."""

    rows: list[Row]
    truncated: int
    dropped: int

    @property
    def digest(self) -> str:
        """Of all ids and borders, in order."""
        hashed = hashlib.sha256()
        for row in self.rows:
            hashed.update(f"{row.given}:{row.ids};".encode())
        return hashed.hexdigest()


def encode(examples: Iterable[Example], tokenizer: Any, prompt: PromptTemplate, recipe: Recipe) -> Rows:
    """Each example's prompt and completion, tokenized apart (as they are when the model is asked), with
    the token that ends a text behind.

    Raises:
        DataError: a chat form, and a tokenizer without a chat template; or nothing to learn from.
    """
    rows: list[Row] = []
    truncated = dropped = 0
    for whole in _encoded(examples, tokenizer, prompt, recipe):
        row = whole
        # Joined documents are chopped where a row is full, so none is too long.
        if recipe.packing != "wrapped" and len(whole.ids) > recipe.max_length:
            row = Row(whole.ids[: recipe.max_length], whole.given)
        # The first token of a row is never predicted.
        if len(row.ids) <= max(row.given, 1):
            dropped += 1
            continue
        truncated += row is not whole
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
    """What is given, what is learned, and whether a chat template wrote the special tokens."""
    if not example.prompt:
        return "", example.completion, False
    before, after = training_text(prompt, example.prompt, example.completion)
    if not prompt.chat:
        return before, after, False
    if not tokenizer.chat_template:
        raise DataError("the base's tokenizer has no chat template; take another prompt template than 'chat'")
    message = [{"role": "user", "content": before}]
    asked = tokenizer.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
    return str(asked), after, True


def _ids(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    found: list[list[int]] = (
        tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"] if texts else []
    )
    return found


def _lead(tokenizer: Any) -> list[int]:
    """The special tokens that the tokenizer puts before every text."""
    special: list[int] = list(tokenizer("")["input_ids"])
    ends = special[-1:] == [tokenizer.eos_token_id] != [tokenizer.bos_token_id]
    return special[:-1] if ends else special


def order(lengths: Sequence[int], recipe: Recipe, count: int, seed: int) -> list[int]:
    """Positions of the ``count`` rows to learn, batch after batch; every row comes once before any comes
    twice. With batches by length, `WINDOW` batches at a time are sorted and then shuffled."""
    chance = random.Random(seed)
    size = recipe.batch_size * recipe.accumulation * recipe.devices
    stream = _passes(len(lengths), count, chance)
    if recipe.batching == "shuffled" or recipe.packing != "none":
        return stream
    ordered: list[int] = []
    for start in range(0, count, WINDOW * size):
        window = sorted(stream[start : start + WINDOW * size], key=lambda place: lengths[place])
        batches = [window[at : at + size] for at in range(0, len(window), size)]
        chance.shuffle(batches)
        ordered += [place for batch in batches for place in batch]
    return ordered


def _passes(rows: int, count: int, chance: random.Random) -> list[int]:
    stream: list[int] = []
    while len(stream) < count:
        once = list(range(rows))
        chance.shuffle(once)
        stream += once
    return stream[:count]
