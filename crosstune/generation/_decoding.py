"""Decode token by token: stop at stop strings, and sample the next token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosstune.errors import DataError
from crosstune.generation._back_end import Decoding

_LOOK_BACK = 24
"""Tokens decoded at each step to find a stop string, at least; a token may be a single byte."""

_AROUND = 4
"""The bytes of a character, of which only the end may be in the decoded tokens."""


class Stops:
    """A stopping criterion: a row ends when its answer contains one of its stop strings."""

    def __init__(
        self, tokenizer: Any, stops: Sequence[Sequence[str]], prompts: Sequence[Sequence[int]], width: int = 0
    ) -> None:
        self.of = stops
        self.ended: dict[int, int] = {}
        """By row: the number of new tokens when a stop string appeared."""
        self._tokenizer, self._width = tokenizer, width
        longest = max((len(stop.encode(errors="replace")) for each in stops for stop in each), default=0)
        self._look_back = max(_LOOK_BACK, longest + _AROUND)
        names = {str(entry): token for token, entry in tokenizer.added_tokens_decoder.items()}
        self._tokens = [frozenset(names[stop] for stop in each if stop in names) for each in stops]
        """By row: the stop strings that are tokens of their own, which may be left out of texts."""
        self._last = [prompt[-1] for prompt in prompts]
        self._before = tokenizer.batch_decode(
            [[token] for token in self._last], skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def __call__(self, input_ids: Any, *_: Any, **__: Any) -> Any:
        import torch

        new = input_ids[:, self._width :]
        rows = {
            row: new[row].tolist() for row in range(len(self.of)) if self.of[row] and row not in self.ended
        }
        self.look(rows)
        over = torch.zeros(input_ids.shape[0], dtype=torch.bool)
        over[list(self.ended)] = True
        return over.to(input_ids.device)

    def look(self, answers: Mapping[int, Sequence[int]]) -> None:
        """Note which of these rows, given by their new tokens, have come to a stop string."""
        rows = [row for row in answers if self.of[row]]
        tails = [answers[row][-self._look_back :] for row in rows]
        for row, text in zip(rows, self._decode(tails) if rows else [], strict=True):
            if any(stop in text for stop in self.of[row]) or answers[row][-1] in self._tokens[row]:
                self.ended[row] = len(answers[row])

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


class Sampler:
    """Chooses the next tokens. The most likely token after adding Gumbel noise to the scores is a draw from
    their distribution; each row's noise comes from its own generator and does not depend on the batch."""

    def __init__(self, decoding: Decoding) -> None:
        self._sampled = decoding.temperature > 0
        self._warpers: list[Any] = []
        if self._sampled:
            from transformers import TemperatureLogitsWarper, TopPLogitsWarper

            cut = [TopPLogitsWarper(decoding.top_p)] if decoding.top_p < 1 else []
            self._warpers = [TemperatureLogitsWarper(decoding.temperature), *cut]

    def generator(self, seed: int) -> Any:
        import torch

        return torch.Generator().manual_seed(seed) if self._sampled else None

    def choose(self, scores: Any, generators: Sequence[Any]) -> list[int]:
        """The next token of each row; ``scores`` has the shape (rows, vocabulary)."""
        if self._sampled:
            scores = scores.float()
            for warper in self._warpers:
                scores = warper(None, scores)
            scores = _noisy(scores, generators)
        best, chosen = scores.max(dim=-1)
        _check_finite(best)
        tokens: list[int] = chosen.tolist()
        return tokens

    def processors(self, seeds: Sequence[int]) -> list[Any]:
        """The same as logits processors of transformers, for rows that stay together."""
        if not self._sampled:
            return [lambda _input_ids, scores: _finite(scores)]
        generators = [self.generator(seed) for seed in seeds]
        return [*self._warpers, lambda _input_ids, scores: _finite(_noisy(scores.float(), generators))]


def _finite(scores: Any) -> Any:
    _check_finite(scores.max(dim=-1).values)
    return scores


def _check_finite(best: Any) -> None:
    """
    Raises:
        DataError: a row's best score is not finite, so that its answer would mean nothing.
    """
    if not best.isfinite().all():
        raise DataError(
            "the model's scores are not finite (NaN or infinity): its weights are damaged, or it overflows "
            "in its precision; try dtype=float32 or bfloat16, else get the model again"
        )


def _noisy(scores: Any, generators: Sequence[Any]) -> Any:
    import torch

    noise = torch.stack([torch.rand(scores.shape[1], generator=each) for each in generators])
    gumbel = -torch.log(-torch.log(noise.clamp_min(1e-20)))
    return scores + gumbel.to(scores.device)
