"""Generate answers with vLLM's offline class, in this process.

Written for vLLM's documented interface (0.9 and later): `LLM`, `SamplingParams`, `RequestOutput`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Sequence
from typing import Any

import pydantic

from crosstune import hardware, model_requirements
from crosstune.errors import DataError, MissingExtra, PrerequisiteError
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.generation._chat import chat_text, with_opening
from crosstune.prompts import TextEncoder, chat_ends
from crosstune.records import Requirement
from crosstune.settings import Settings

TOGETHER = 16
"""Times the decoding's `batch_size` as many prompts are given to vLLM at once: enough to keep its batches
full, and few enough for answers to be stored now and then."""


class Options(Settings):
    """How the model is loaded."""

    dtype: str = "auto"
    """``auto``, ``bfloat16``, ``float16`` or ``float32``."""
    context: int | None = pydantic.Field(default=None, ge=16)
    """Tokens of prompt and answer together; None: the limit in the model's configuration."""
    gpus: int = pydantic.Field(default=1, ge=1)
    """GPUs that share the model (tensor parallel)."""
    gpu_gib: float = pydantic.Field(default=0.0, ge=0.0)
    """Memory that the model needs on each GPU."""
    revision: str | None = None
    """A commit or branch of a model on the Hub."""
    trust_remote_code: bool = False
    """Run Python code that comes with the model, without a sandbox: only for models you trust."""
    engine: dict[str, Any] = {}
    """Further arguments of `vllm.LLM`, such as `gpu_memory_utilization: 0.8`."""


class _Session:
    def __init__(self, vllm: Any, llm: Any, decoding: Decoding) -> None:
        self._vllm, self._llm, self._decoding = vllm, llm, decoding
        self._tokenizer = llm.get_tokenizer()
        end = self._tokenizer.eos_token_id
        self._encoder = TextEncoder(self._tokenizer, () if end is None else (end,))
        self._chat_ends = sorted(chat_ends(self._tokenizer))
        self.protect = self._encoder.protect
        self._context: int = llm.llm_engine.model_config.max_model_len

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        waiting = [position for position in range(len(requests)) if position not in done]
        size = TOGETHER * self._decoding.batch_size
        for start in range(0, len(waiting), size):
            yield from self._answers(requests, waiting[start : start + size])

    def _answers(
        self, requests: Sequence[Request], positions: Sequence[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        texts = {position: self._text(requests[position]) for position in positions}
        prompts = {position: self._tokens(text, requests[position]) for position, text in texts.items()}
        for position, tokens in prompts.items():
            if len(tokens) >= self._context:
                error = f"context overflow: a prompt of {len(tokens)} tokens, in a context of {self._context}"
                yield position, GeneratedAnswer("", "error", error=error)
        asked = [position for position in positions if len(prompts[position]) < self._context]
        if not asked:
            return
        outputs = self._llm.generate(
            [{"prompt_token_ids": prompts[position]} for position in asked],
            [self._sampling(requests[position]) for position in asked],
            use_tqdm=False,
        )
        for position, output in zip(asked, outputs, strict=True):
            yield position, with_opening(_answer(output), requests[position], texts[position])

    def _text(self, request: Request) -> str:
        return chat_text(self._tokenizer, request, self._decoding) if request.chat else request.prompt

    def _tokens(self, text: str, request: Request) -> list[int]:
        # A chat template adds the special tokens itself.
        return ([] if request.chat else self._encoder.lead) + self._encoder.encode([text])[0]

    def _sampling(self, request: Request) -> Any:
        decoding = self._decoding
        return self._vllm.SamplingParams(
            temperature=decoding.temperature,
            top_p=decoding.top_p,
            max_tokens=decoding.max_tokens,
            stop=list(request.stops),
            stop_token_ids=self._chat_ends if request.chat else None,
            seed=request.seed if decoding.temperature > 0 else None,
        )


def _answer(output: Any) -> GeneratedAnswer:
    answer = output.outputs[0]
    if answer.finish_reason not in {"stop", "length"}:
        error = f"finish_reason {answer.finish_reason}"
        return GeneratedAnswer("", "error", error=error, temporary=True)
    return GeneratedAnswer(
        answer.text, answer.finish_reason, len(output.prompt_token_ids), len(answer.token_ids)
    )


@contextlib.contextmanager
def _open(model: str, decoding: Decoding, options: Options) -> Iterator[_Session]:
    try:
        import vllm
    except ImportError as error:
        raise MissingExtra(error.name or "vllm", "vllm") from error
    try:
        llm = vllm.LLM(
            model=model,
            dtype=options.dtype,
            max_model_len=options.context,
            tensor_parallel_size=options.gpus,
            revision=options.revision,
            trust_remote_code=options.trust_remote_code,
            seed=decoding.seed,
            **options.engine,
        )
    except (OSError, ValueError) as error:
        raise DataError(f"{model}: vLLM cannot load this model: {error}") from error
    except RuntimeError as error:
        raise PrerequisiteError(f"{model}: vLLM cannot start here: {error}") from error
    yield _Session(vllm, llm, decoding)


def _requirements(model: str, options: Options) -> list[Requirement]:
    requirements = [
        model_requirements.package("vllm"),
        model_requirements.gpus(options.gpus, options.gpu_gib),
    ]
    if model:
        requirements.append(model_requirements.model(model))
    return requirements


def _gpus(options: Options) -> tuple[int, float]:
    return min(options.gpus, max(1, len(hardware.gpus()))), options.gpu_gib


BACK_END = BackEnd(
    name="vllm",
    version=3,
    settings=Options,
    open=_open,
    requirements=_requirements,
    gpus=_gpus,
    local=True,
)
