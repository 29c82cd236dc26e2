"""Answer prompts in a batch whose ended rows make room for waiting prompts."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from crosstune.generation._back_end import Decoding
from crosstune.generation._decoding import Sampler
from crosstune.generation._row_cache import RowCache, layers_of_rows

_PREFILL_TOKENS = 4_096
"""Prompts are read in parts of so many tokens, which bounds the memory for what the layers compute."""
_EXCHANGED = 8
"""Rows are exchanged when this fraction of the batch has ended: each exchange copies the whole cache."""


@dataclass(slots=True)
class Row:
    """A prompt and its answer so far. ``start`` is the column of the prompt's first token."""

    position: int
    prompt: Sequence[int]
    seed: int
    start: int = 0
    new: list[int] = field(default_factory=list)
    ended: bool = False
    generator: Any = None


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in parts of at most `_PREFILL_TOKENS`, padded, or of one row."""
    part: list[Row] = []
    for row in rows:
        widest = max(len(each.prompt) for each in (*part, row))
        if part and (len(part) + 1) * widest > _PREFILL_TOKENS:
            yield part
            part = []
        part.append(row)
    if part:
        yield part


class ContinuousBatch:
    """Rows that are decoded together. Each row ends on its own, and waiting prompts take its place.

    The batch's composition changes the last bits of the scores, so that an answer may differ from that of
    another batch where two tokens are nearly equally likely.
    """

    def __init__(
        self, model: Any, decoding: Decoding, *, pad: int, max_new_tokens: int, batch_tokens: int
    ) -> None:
        self._model, self._decoding, self._pad = model, decoding, pad
        self._max_new_tokens, self._batch_tokens = max_new_tokens, batch_tokens
        self._sampler = Sampler(decoding)
        parameters = inspect.signature(model.forward).parameters
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in parameters else {}
        self._layers = layers_of_rows(model) or 0
        self._rows: list[Row] = []
        self._cache: RowCache | None = None

    @staticmethod
    def fits(model: Any) -> bool:
        """Whether the model's cache can be put together row by row, and takes each row's own positions."""
        parameters = inspect.signature(model.forward).parameters
        return "position_ids" in parameters and layers_of_rows(model) is not None

    def decode(self, waiting: Iterable[Row]) -> Iterator[list[Row]]:
        """Yield, after each token, the rows that got it, ended ones last time with ``ended``.

        The caller sets a row's ``ended`` if its text is complete; the length limit and the model's ends are
        the caller's, too.
        """
        queue = deque(waiting)
        while queue or self._rows:
            ended = sum(row.ended for row in self._rows)
            if ended == len(self._rows) or ended * _EXCHANGED >= len(self._rows) + (not ended):
                self._drop_ended()
                if admitted := self._admitted(queue):
                    for rows in _parts(admitted):
                        self._prefill(rows)
                        yield rows
                    continue
            if self._rows:
                self._step()
                yield [row for row in self._rows if not row.ended]

    def _drop_ended(self) -> None:
        kept = [number for number, row in enumerate(self._rows) if not row.ended]
        self._rows = [self._rows[number] for number in kept]
        if self._cache is None or not kept:
            self._cache = None
            return
        unused = min(row.start for row in self._rows)
        self._cache.keep(kept, unused)
        for row in self._rows:
            row.start -= unused

    def _admitted(self, queue: deque[Row]) -> list[Row]:
        admitted: list[Row] = []
        widest = self._cache.columns if self._cache else 0
        while queue and len(self._rows) + len(admitted) < self._decoding.batch_size:
            wider = max(widest, len(queue[0].prompt))
            count = len(self._rows) + len(admitted) + 1
            if count > 1 and count * (wider + self._max_new_tokens) > self._batch_tokens:
                break
            widest = wider
            admitted.append(queue.popleft())
        return admitted

    @torch.inference_mode()
    def _prefill(self, rows: list[Row]) -> None:
        width = max(len(row.prompt) for row in rows)
        for row in rows:
            row.start = width - len(row.prompt)
            row.generator = self._sampler.generator(row.seed)
        padded = [[self._pad] * row.start + list(row.prompt) for row in rows]
        cache = RowCache(self._layers)
        self._forward(rows, torch.tensor(padded, device=self._model.device), cache)
        if self._cache is None:
            self._cache = cache
        else:
            columns = max(self._cache.columns, cache.columns)
            for row in self._rows:
                row.start += columns - self._cache.columns
            for row in rows:
                row.start += columns - cache.columns
            self._cache.add(cache)
        self._rows += rows

    @torch.inference_mode()
    def _step(self) -> None:
        assert self._cache is not None
        last = [[row.new[-1]] for row in self._rows]
        self._forward(self._rows, torch.tensor(last, device=self._model.device), self._cache)

    def _forward(self, rows: Sequence[Row], tokens: Any, cache: RowCache) -> None:
        """Compute each row's next token. Ended rows are computed with the others and ignored."""
        columns = torch.arange(cache.columns + tokens.shape[1], device=tokens.device)
        starts = torch.tensor([[row.start] for row in rows], device=tokens.device)
        positions = (columns[-tokens.shape[1] :] - starts).clamp_min(0)
        output = self._model(
            input_ids=tokens,
            attention_mask=(columns >= starts).long(),
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            **self._last_only,
        )
        chosen = self._sampler.choose(output.logits[:, -1], [row.generator for row in rows])
        for row, token in zip(rows, chosen, strict=True):
            if not row.ended:
                row.new.append(token)
