"""Compare ways to generate answers: `python -m bench.generation --model FOLDER --data FOLDER`.

All answer the same HumanEvalPack prompts greedily, one way after the other: transformers' own `generate` on
batches of 64 in the problems' order, whole batches (``batching: fixed``), and the default.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from crosstune.benchmarks import BENCHMARKS
from crosstune.generation import BACK_ENDS, Decoding, Request
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text

_BATCH = 64


def main() -> int:
    options = _options()
    requests = _requests(options)
    ways: Mapping[str, Callable[[], list[str]]] = {
        "transformers": lambda: _library(requests, options),
        "fixed": lambda: _session(requests, options, "fixed"),
        "continuous": lambda: _session(requests, options, "continuous"),
    }
    found: dict[str, list[Any]] = {}
    for name in options.ways.split(","):
        began, used = time.monotonic(), time.process_time()
        found[name] = ways[name]()
        seconds, used = time.monotonic() - began, time.process_time() - used
        rate = len(requests) / seconds
        print(f"{name}: {seconds:.1f} s ({used:.1f} s of CPU time), {rate:.2f} answers a second", flush=True)
    first, *others = found
    for name in others:
        equal = sum(a == b for a, b in zip(found[first], found[name], strict=True))
        print(f"{name}: {equal} of {len(requests)} answers equal those of {first}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.generation", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--model", required=True, help="a folder or the Hub's name of a model")
    parser.add_argument("--data", type=Path, required=True, help="the folder of HumanEvalPack's files")
    parser.add_argument("--ways", default="transformers,fixed,continuous", help="separated by commas")
    parser.add_argument("--language", default="python")
    parser.add_argument("--count", type=int, default=164, help="how many problems (default: 164)")
    parser.add_argument("--max-new-tokens", type=int, default=512)
    parser.add_argument("--dtype", default="bfloat16")
    parser.add_argument("--prompt", default="chat")
    return parser.parse_args()


def _requests(options: argparse.Namespace) -> list[Request]:
    benchmark = BENCHMARKS.load("humanevalpack")
    settings = benchmark.settings.model_validate({"data": str(options.data)}, context={"base": Path.cwd()})
    language, prompt = LANGUAGES.load(options.language), PROMPTS.load(options.prompt)
    problems = list(benchmark.problems(settings, options.language, "synthesize"))[: options.count]
    return [
        Request(
            problem=each.id,
            benchmark=each.benchmark,
            language=each.language,
            task=each.task,
            sample=0,
            prompt=asking_text(prompt, each, language),
            stops=(),
            seed=0,
            chat=prompt.chat,
        )
        for each in problems
    ]


def _library(requests: list[Request], options: argparse.Namespace) -> list[str]:
    tokenizer = AutoTokenizer.from_pretrained(options.model, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=getattr(torch, options.dtype)).eval()
    texts = [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": each.prompt}], add_generation_prompt=True, tokenize=False
        )
        if each.chat
        else each.prompt
        for each in requests
    ]
    answers: list[str] = []
    for first in range(0, len(texts), _BATCH):
        rows = tokenizer(
            texts[first : first + _BATCH],
            return_tensors="pt",
            padding=True,
            add_special_tokens=not requests[0].chat,
        )
        with torch.inference_mode():
            whole = model.generate(**rows, max_new_tokens=options.max_new_tokens, do_sample=False)
        new = whole[:, rows["input_ids"].shape[1] :]
        answers += tokenizer.batch_decode(new, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return answers


def _session(requests: list[Request], options: argparse.Namespace, batching: str) -> list[str]:
    back_end = BACK_ENDS.load("transformers")
    decoding = Decoding(max_new_tokens=options.max_new_tokens, batch_size=_BATCH)
    settings = back_end.settings.model_validate({"dtype": options.dtype, "batching": batching})
    with back_end.open(options.model, decoding, settings) as session:
        found = {}
        for position, answer in filter(None, session.answers(requests, ())):
            found[position] = answer.text
            print(f"\r{len(found)} of {len(requests)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return [found[position] for position in range(len(requests))]


if __name__ == "__main__":
    sys.exit(main())
