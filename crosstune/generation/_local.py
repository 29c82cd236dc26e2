"""Batched inference with a causal language model loaded in this process."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from crosstune import model_files
from crosstune.errors import DataError
from crosstune.generation._back_end import Decoding, GeneratedAnswer, Request
from crosstune.generation._chat import chat_text, with_opening
from crosstune.generation._decoding import Sampler, Stops
from crosstune.prompts import TextEncoder, chat_ends

_NAMED = 3
"""At most so many tokens are named."""
_FIXED = 32_768
"""The tokens of a fixed batch by default: the same on every machine, as answers depend on what is padded."""


class LocalSession:
    """Answers prompts in batches, the longest first, padded on the left.

    Continuous: an ended answer makes room for a waiting prompt. Else batch by batch, and batches are formed
    from all requests, not only from unanswered ones: after an interruption the padding, and with it the last
    bits of the scores, is the same.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        decoding: Decoding,
        context: int | None,
        batch_tokens: int | None,
        *,
        continuous: bool = False,
        reasons: Mapping[str, str] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        self._model, self._tokenizer, self._decoding = model, tokenizer, decoding
        self._continuous, self._reasons, self._notes = continuous, reasons or {}, notes or {}
        known = model_files.positions(model.config)
        self._context: int | None = min(filter(None, (context, known)), default=None)
        self._batch_tokens = batch_tokens
        self._ends = _ends(tokenizer, model.generation_config.eos_token_id)
        self._encoder = TextEncoder(tokenizer, self._ends)
        self._vocabulary = int(model.get_input_embeddings().weight.shape[0])
        self.protect = self._encoder.protect

    def description(self) -> dict[str, Any]:
        """Device, precision, batches and CPU threads, ``NAME_reason`` for what was chosen, and what is
        unusual about the model."""
        import torch

        return {
            "device": str(self._model.device),
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "batches": "continuous" if self._continuous else "fixed",
            "batch_size": self._decoding.batch_size,
            "threads": torch.get_num_threads(),
            **{f"{name}_reason": reason for name, reason in self._reasons.items()},
            **_ordinary(self._tokenizer, self._ends),
            **self._notes,
        }

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer] | None]:
        texts = [self._text(request) for request in requests]
        prompts = self._encode(texts, requests)
        in_order = self._in_turn if self._continuous else self._in_batches
        for found in in_order(prompts, requests, done):
            if found is None:
                yield None
                continue
            position, answer = found
            yield position, with_opening(answer, requests[position], texts[position])

    def _in_batches(
        self, prompts: Sequence[tuple[list[int], int]], requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        for batch in self._batches(prompts):
            if all(position in done for position in batch):
                continue
            rows = [prompts[position] for position in batch]
            for position, answer in zip(
                batch, self._answer(rows, [requests[position] for position in batch]), strict=True
            ):
                if position not in done:
                    yield position, answer

    def _in_turn(
        self, prompts: Sequence[tuple[list[int], int]], requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer] | None]:
        from crosstune.generation._continuous import ContinuousBatch, Row
        from crosstune.generation._row_cache import tokens_that_fit

        texts = [row for row, _ in prompts]
        stops = Stops(self._tokenizer, [request.stops for request in requests], texts)
        waiting = [
            Row(position, texts[position], requests[position].seed)
            for position in _longest_first(texts)
            if position not in done
        ]
        batch = ContinuousBatch(
            self._model,
            self._decoding,
            pad=self._pad,
            max_new_tokens=self._max_new_tokens,
            batch_tokens=self._batch_tokens or tokens_that_fit(self._model),
        )
        for rows in batch.decode(waiting):
            stops.look({row.position: row.new for row in rows})
            for row in rows:
                whole = len(row.new) == self._max_new_tokens or row.new[-1] in self._ends
                if whole or row.position in stops.ended:
                    row.ended = True
                    text, cut = prompts[row.position]
                    yield row.position, self._read(text, cut, stops, row.position, row.new)
            yield None

    @property
    def _max_prompt_tokens(self) -> int | None:
        """The maximum length of a prompt that leaves space for the longest answer."""
        if self._context is None:
            return None
        return max(self._context - self._decoding.max_tokens, self._context // 2)

    @property
    def _max_new_tokens(self) -> int:
        wanted, max_prompt = self._decoding.max_tokens, self._max_prompt_tokens
        if self._context is None or max_prompt is None:
            return wanted
        return min(wanted, self._context - max_prompt)

    def _encode(self, texts: Sequence[str], requests: Sequence[Request]) -> list[tuple[list[int], int]]:
        """Each request's tokens, and the number of tokens removed from its start."""
        encoded = self._encoder.encode(texts)
        lead = self._encoder.lead
        # A chat template adds the special tokens itself.
        led = (row if request.chat else lead + row for request, row in zip(requests, encoded, strict=True))
        rows = [self._cut(row or [self._pad]) for row in led]
        self._check_vocabulary(rows)
        return rows

    def _check_vocabulary(self, prompts: Sequence[tuple[list[int], int]]) -> None:
        """
        Raises:
            DataError: the tokenizer has tokens that the model does not have.
        """
        for token in (max(row) for row, _ in prompts):
            if token >= self._vocabulary:
                name = self._tokenizer.convert_ids_to_tokens(token)
                raise DataError(
                    f"{self._model.name_or_path}: a prompt has the token {name!r} ({token}), but the model "
                    f"has only {self._vocabulary:,} tokens; use the tokenizer that belongs to the model, or "
                    "save the model with more embeddings (resize_token_embeddings)"
                )

    def _text(self, request: Request) -> str:
        if not request.chat:
            return request.prompt
        if not self._tokenizer.chat_template:
            raise DataError(
                "the model's tokenizer has no chat template; use another prompt template than chat"
            )
        return chat_text(self._tokenizer, request, self._decoding)

    def _cut(self, row: list[int]) -> tuple[list[int], int]:
        maximum = self._max_prompt_tokens
        if maximum is None or len(row) <= maximum:
            return row, 0
        first = row[:1] if row[0] == self._tokenizer.bos_token_id else []
        return first + row[len(row) - maximum + len(first) :], len(row) - maximum

    def _batches(self, prompts: Sequence[tuple[list[int], int]]) -> Iterator[list[int]]:
        batch: list[int] = []
        longest = 0
        for position in _longest_first([row for row, _ in prompts]):
            longest = longest or len(prompts[position][0]) + self._max_new_tokens
            batch.append(position)
            if len(batch) == self._decoding.batch_size or (len(batch) + 1) * longest > (
                self._batch_tokens or _FIXED
            ):
                yield batch
                batch, longest = [], 0
        if batch:
            yield batch

    @property
    def _pad(self) -> int:
        """Any token of the model: no row attends to it."""
        tokens = (self._tokenizer.pad_token_id, *self._ends)
        return next((token for token in tokens if token is not None and token < self._vocabulary), 0)

    def _answer(
        self, prompts: Sequence[tuple[list[int], int]], requests: Sequence[Request]
    ) -> list[GeneratedAnswer]:
        import torch

        width = max(len(row) for row, _ in prompts)
        padded = [[self._pad] * (width - len(row)) + row for row, _ in prompts]
        mask = [[0] * (width - len(row)) + [1] * len(row) for row, _ in prompts]
        stops = Stops(self._tokenizer, [request.stops for request in requests], padded, width)
        device = self._model.device
        with torch.inference_mode():
            generated = self._model.generate(
                input_ids=torch.tensor(padded, device=device),
                attention_mask=torch.tensor(mask, device=device),
                max_new_tokens=self._max_new_tokens,
                do_sample=False,
                num_beams=1,
                temperature=None,
                top_p=None,
                top_k=None,
                eos_token_id=self._ends or None,
                pad_token_id=self._pad,
                logits_processor=Sampler(self._decoding).processors([request.seed for request in requests]),
                stopping_criteria=[stops],
            )
        new = generated[:, width:].tolist()
        return [self._read(row, cut, stops, index, new[index]) for index, (row, cut) in enumerate(prompts)]

    def _read(self, row: list[int], cut: int, stops: Any, index: int, new: list[int]) -> GeneratedAnswer:
        ends = [at for at, token in enumerate(new) if token in self._ends]
        stopped = stops.ended.get(index)
        count = min([at + 1 for at in ends[:1]] + ([stopped] if stopped else []), default=len(new))
        tokens = new[:count]
        text = stops.text(index, tokens[:-1] if ends and tokens[-1] in self._ends else tokens)
        at = min((start for stop in stops.of[index] if (start := text.find(stop)) >= 0), default=len(text))
        return GeneratedAnswer(
            text=text[:at],
            finish_reason="stop" if ends or stopped or at < len(text) else "length",
            prompt_tokens=len(row),
            completion_tokens=count,
            cut_tokens=cut,
        )


def _ends(tokenizer: Any, configured: int | Sequence[int] | None) -> list[int]:
    """The tokens that end an answer: the tokenizer's end, that of a turn in its chat template, and those in
    generation_config.json."""
    listed = [configured] if isinstance(configured, int) else configured or []
    return sorted({*listed, *chat_ends(tokenizer), tokenizer.eos_token_id} - {None})


def _ordinary(tokenizer: Any, ends: Sequence[int]) -> dict[str, str]:
    """A note if ends are tokens that an answer may contain, as a configuration of another tokenizer has."""
    found = [token for token in ends if token not in tokenizer.added_tokens_decoder]
    if not found or not tokenizer.is_fast:  # others may not list their special tokens
        return {}
    names = ", ".join(map(repr, tokenizer.convert_ids_to_tokens(found[:_NAMED])))
    return {"ends at ordinary tokens": names + (" …" if len(found) > _NAMED else "")}


def _longest_first(prompts: Sequence[Sequence[int]]) -> list[int]:
    return sorted(range(len(prompts)), key=lambda index: (-len(prompts[index]), index))
