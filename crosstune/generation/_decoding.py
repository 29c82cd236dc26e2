"""Decode token by token: stop at stop strings, and sample the next token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosstune.generation._back_end import Decoding

_LOOK_BACK = 24
"""Tokens decoded at each step to find a stop string; the longest stop string has about as many characters."""


class Stops:
    """A stopping criterion: a row ends when its answer contains one of its stop strings."""

    def __init__(
        self, tokenizer: Any, stops: Sequence[Sequence[str]], prompts: Sequence[Sequence[int]], width: int
    ) -> None:
        self.of = stops
        self.ended: dict[int, int] = {}
        """By row: the number of new tokens when a stop string appeared."""
        self._tokenizer, self._width = tokenizer, width
        self._last = [prompt[-1] for prompt in prompts]
        self._before = tokenizer.batch_decode(
            [[token] for token in self._last], skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def __call__(self, input_ids: Any, *_: Any, **__: Any) -> Any:
        import torch

        count = input_ids.shape[1] - self._width
        start = max(count - _LOOK_BACK, 0)
        rows = [row for row in range(len(self.of)) if row not in self.ended and self.of[row]]
        if rows:
            tails = input_ids[:, self._width + start :].tolist()
            for row, text in zip(rows, self._decode([tails[row] for row in rows]), strict=True):
                if any(stop in text for stop in self.of[row]):
                    self.ended[row] = count
        over = torch.zeros(input_ids.shape[0], dtype=torch.bool)
        over[list(self.ended)] = True
        return over.to(input_ids.device)

    def text(self, row: int, tokens: Sequence[int]) -> str:
        """An answer as text. It is decoded together with the prompt's last token, because some tokenizers
        drop a text's leading space."""
        text = self._decode([[self._last[row], *tokens]])[0]
        return text.removeprefix(self._before[row])

    def _decode(self, rows: Sequence[Sequence[int]]) -> list[str]:
        texts: list[str] = self._tokenizer.batch_decode(
            rows, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return texts


def sampling_processors(decoding: Decoding, seeds: Sequence[int]) -> list[Any]:
    """Logits processors that turn greedy decoding into sampling; empty for greedy decoding.

    The most likely token after adding Gumbel noise to the scores is a draw from their distribution. Each
    row's noise comes from its own generator and does not depend on the batch.
    """
    if decoding.temperature == 0:
        return []
    import torch
    from transformers import TemperatureLogitsWarper, TopPLogitsWarper

    generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def noisy(_input_ids: Any, scores: Any) -> Any:
        noise = torch.stack([torch.rand(scores.shape[1], generator=each) for each in generators])
        gumbel = -torch.log(-torch.log(noise.clamp_min(1e-20)))
        return scores.float() + gumbel.to(scores.device)

    cut = [TopPLogitsWarper(decoding.top_p)] if decoding.top_p < 1 else []
    return [TemperatureLogitsWarper(decoding.temperature), *cut, noisy]
