"""Batched answers of a causal language model that is loaded in this process."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from crosstune.errors import DataError
from crosstune.generation._back_end import Answer, Decoding, Request


class LocalSession:
    """Prompts sorted by length, the longest first, padded on the left, answered batch by batch.

    Which requests share a batch follows from all requests, not from those that are left to do: the
    padding, and with it the last bits of the numbers, is the same after a stop.
    """

    def __init__(
        self, model: Any, tokenizer: Any, decoding: Decoding, context: int | None, batch_tokens: int
    ) -> None:
        self._model, self._tokenizer, self._decoding = model, tokenizer, decoding
        known: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        self._context: int | None = min(filter(None, (context, known)), default=None)
        self._batch_tokens = batch_tokens
        configured = model.generation_config.eos_token_id
        ends = configured if isinstance(configured, list) else [configured]
        self._ends = sorted({end for end in (*ends, tokenizer.eos_token_id) if end is not None})

    def answers(self, requests: Sequence[Request], done: Container[int]) -> Iterator[tuple[int, Answer]]:
        prompts = self._encode(requests)
        for batch in self._batches(prompts):
            if all(position in done for position in batch):
                continue
            rows = [prompts[position] for position in batch]
            for position, answer in zip(
                batch, self._answer(rows, [requests[position] for position in batch]), strict=True
            ):
                if position not in done:
                    yield position, answer

    @property
    def _room(self) -> int | None:
        """How many tokens a prompt may have, so that the longest answer fits behind it."""
        if self._context is None:
            return None
        return max(self._context - self._decoding.max_new_tokens, self._context // 2)

    @property
    def _most_new(self) -> int:
        wanted, room = self._decoding.max_new_tokens, self._room
        return wanted if self._context is None or room is None else min(wanted, self._context - room)

    def _encode(self, requests: Sequence[Request]) -> list[tuple[list[int], int]]:
        """For each request its tokens, and how many were cut off on the left."""
        texts = [self._text(request) for request in requests]
        # A chat template writes the special tokens itself.
        special = not any(request.chat for request in requests)
        rows = self._tokenizer(texts, add_special_tokens=special, verbose=False)["input_ids"] if texts else []
        return [self._cut(row or [self._pad]) for row in rows]

    def _text(self, request: Request) -> str:
        if not request.chat:
            return request.prompt
        if not self._tokenizer.chat_template:
            raise DataError(
                "the model's tokenizer has no chat template; take a prompt template other than chat"
            )
        message = [{"role": "user", "content": request.prompt}]
        text = self._tokenizer.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
        return str(text) + request.opening

    def _cut(self, row: list[int]) -> tuple[list[int], int]:
        room = self._room
        if room is None or len(row) <= room:
            return row, 0
        first = row[:1] if row[0] == self._tokenizer.bos_token_id else []
        return first + row[len(row) - room + len(first) :], len(row) - room

    def _batches(self, prompts: Sequence[tuple[list[int], int]]) -> Iterator[list[int]]:
        batch: list[int] = []
        longest = 0
        for position in sorted(range(len(prompts)), key=lambda place: (-len(prompts[place][0]), place)):
            longest = longest or len(prompts[position][0]) + self._most_new
            batch.append(position)
            if len(batch) == self._decoding.batch_size or (len(batch) + 1) * longest > self._batch_tokens:
                yield batch
                batch, longest = [], 0
        if batch:
            yield batch

    @property
    def _pad(self) -> int:
        for token in (self._tokenizer.pad_token_id, *self._ends):
            if token is not None:
                return int(token)
        return 0

    def _answer(self, prompts: Sequence[tuple[list[int], int]], requests: Sequence[Request]) -> list[Answer]:
        import torch

        from crosstune.generation._steering import Stops, draws

        width = max(len(row) for row, _ in prompts)
        padded = [[self._pad] * (width - len(row)) + row for row, _ in prompts]
        mask = [[0] * (width - len(row)) + [1] * len(row) for row, _ in prompts]
        stops = Stops(self._tokenizer, [request.stops for request in requests], padded, width)
        device = self._model.device
        with torch.inference_mode():
            found = self._model.generate(
                input_ids=torch.tensor(padded, device=device),
                attention_mask=torch.tensor(mask, device=device),
                max_new_tokens=self._most_new,
                do_sample=False,
                num_beams=1,
                temperature=None,
                top_p=None,
                top_k=None,
                eos_token_id=self._ends or None,
                pad_token_id=self._pad,
                logits_processor=draws(self._decoding, [request.seed for request in requests]),
                stopping_criteria=[stops],
            )
        fresh = found[:, width:].tolist()
        return [self._read(row, cut, stops, place, fresh[place]) for place, (row, cut) in enumerate(prompts)]

    def _read(self, row: list[int], cut: int, stops: Any, place: int, fresh: list[int]) -> Answer:
        ends = [at for at, token in enumerate(fresh) if token in self._ends]
        stopped = stops.ended.get(place)
        count = min([at + 1 for at in ends[:1]] + ([stopped] if stopped else []), default=len(fresh))
        said = fresh[:count]
        text = stops.text(place, said[:-1] if ends and said[-1] in self._ends else said)
        at = min((found for stop in stops.of[place] if (found := text.find(stop)) >= 0), default=len(text))
        return Answer(
            text=text[:at],
            finish_reason="stop" if ends or stopped else "length",
            prompt_tokens=len(row),
            completion_tokens=count,
            cut_tokens=cut,
        )
