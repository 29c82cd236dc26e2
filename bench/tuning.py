"""Compare the speed of training with TRL's SFTTrainer as it comes: the same base, rows and settings.

    python -m bench.tuning --rows ../shared/data/commitpackft/FILE.jsonl

Each turn trains one epoch, each way with one thread in a process of its own, both at the same time. Speed is
in the rows' own tokens, without padding, per second of CPU, from the first step's end to the last one's.
Losses are those of held-out rows.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import datasets
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

from crosstune.corpus import load
from crosstune.prompts import PROMPTS, example_text
from crosstune.records import Example
from crosstune.sources import Quarantine
from crosstune.tuning import Architecture, Recipe, tune

BATCH, LENGTH, RATE, SEED = 8, 512, 1e-3, 0
HELD_OUT = 24


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=Path, required=True, help="a corpus, or a file of rows")
    parser.add_argument("--count", type=int, default=72, help="the number of rows")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--one", choices=("crosstune", "trl", "base"), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(WAYS[options.one](options.work)))
        return
    with tempfile.TemporaryDirectory() as work:
        _compare(options, Path(work))


def _compare(options: argparse.Namespace, work: Path) -> None:
    usable = (each for each in load(options.rows, Quarantine(None)) if each.prompt)
    plain = PROMPTS.load("plain")
    texts = [example_text(plain, each) for each in islice(usable, options.count + HELD_OUT)]
    for name, part in (("train", texts[HELD_OUT:]), ("held-out", texts[:HELD_OUT])):
        rows = [{"prompt": before, "completion": after} for before, after in part]
        (work / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    print(f"base      loss {_run('base', work)['loss']:.4f}")
    speeds: dict[str, list[float]] = {"crosstune": [], "trl": []}
    for _ in range(options.turns):
        for name, found in _together(list(speeds), work).items():
            seen = speeds[name]
            seen.append(found["tokens"] / found["seconds"])
            print(f"{name:9} {seen[-1]:8.0f} tokens/s  {found['steps']} steps  loss {found['loss']:.4f}")
    ours, theirs = (statistics.median(speeds[name]) for name in ("crosstune", "trl"))
    print(f"ratio     {ours / theirs:.2f}")


def _together(names: Sequence[str], work: Path) -> dict[str, dict[str, Any]]:
    """Both ways at the same time, so that other work on the machine slows them alike."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(lambda name: _run(name, work), names), strict=True))


def _run(name: str, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.tuning", "--rows", ".", "--one", name, "--work", str(work)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rows(work: Path, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((work / f"{name}.json").read_text("utf-8"))
    return rows


def _base(work: Path) -> dict[str, Any]:
    """A Llama of 1.4 million weights with a tokenizer of its own, hardly trained."""
    shape = Architecture(
        vocabulary=4096, hidden=128, inner=344, layers=4, heads=4, positions=LENGTH, initializer_range=0.06
    )
    _tune(work, work / "base", None, architecture=shape, steps=1)
    return {"loss": _loss(work / "base" / "model", _rows(work, "held-out"))}


def _ours(work: Path) -> dict[str, Any]:
    clock = _Clock()
    with tempfile.TemporaryDirectory() as out:
        metrics = _tune(work, Path(out), work / "base" / "model", clock, epochs=1)
        loss = _loss(Path(out, "model"), _rows(work, "held-out"))
    return clock.result(metrics["tokens"]) | {"loss": loss}


class _Clock:
    """A progress callback that records CPU time."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self, _done: int, _total: int) -> None:
        self.times.append(time.process_time())

    def result(self, tokens: int) -> dict[str, float]:
        """The first step warms up: its share of the tokens is left out, as is its time."""
        steps = len(self.times)
        seconds = self.times[-1] - self.times[0]
        return {"steps": steps, "seconds": seconds, "tokens": tokens * (steps - 1) / steps}


def _tune(work: Path, out: Path, base: Path | None, progress: Any = None, **settings: Any) -> Any:
    examples = [
        Example(str(number), row["prompt"], row["completion"].removeprefix("\n"), "", "instruct", "bench")
        for number, row in enumerate(_rows(work, "train"))
    ]
    recipe = Recipe(
        max_length=LENGTH, batch_size=BATCH, learning_rate=RATE, schedule="constant_with_warmup", **settings
    )
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        return tune(
            base=base,
            examples=examples,
            recipe=recipe,
            prompt=PROMPTS.load("plain"),
            seed=SEED,
            out=out,
            work=Path(scratch),
            progress=progress or (lambda _done, _total: None),
        )


def _trl(work: Path) -> dict[str, Any]:
    torch.set_num_threads(1)
    clock = _Clock()

    class Callback(TrainerCallback):  # type: ignore[misc]  # transformers ships no types
        def on_step_end(self, *_: Any, **_options: Any) -> None:
            clock(0, 0)

    with tempfile.TemporaryDirectory() as out:
        settings = SFTConfig(
            output_dir=out,
            use_cpu=True,
            bf16=False,  # the same precision as the other way
            per_device_train_batch_size=BATCH,
            max_length=LENGTH,
            num_train_epochs=1,
            learning_rate=RATE,
            lr_scheduler_type="constant_with_warmup",
            seed=SEED,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        trainer = SFTTrainer(
            model=str(work / "base" / "model"),
            args=settings,
            train_dataset=datasets.Dataset.from_list(_rows(work, "train")),
            processing_class=AutoTokenizer.from_pretrained(work / "base" / "model"),
            callbacks=[Callback()],
        )
        trainer.train()
        trainer.save_model(out)
        loss = _loss(Path(out), _rows(work, "held-out"))
        tokens = sum(min(len(row["input_ids"]), LENGTH) for row in trainer.train_dataset)
    return clock.result(tokens) | {"loss": loss}


def _loss(model: Path, rows: Sequence[dict[str, str]]) -> float:
    """The mean loss of the completions' tokens."""
    tokenizer, network = AutoTokenizer.from_pretrained(model), AutoModelForCausalLM.from_pretrained(model)
    total = count = 0.0
    for row in rows:
        head, tail = (tokenizer(row[name], add_special_tokens=False)["input_ids"] for name in row)
        ids = torch.tensor([(head + tail)[:LENGTH]])
        labels = ids.clone()
        labels[:, : len(head)] = -100
        learned = int((labels[:, 1:] != -100).sum())
        if learned:
            with torch.inference_mode():
                total += float(network(input_ids=ids, labels=labels).loss) * learned
            count += learned
    return total / count


WAYS = {"crosstune": _ours, "trl": _trl, "base": _base}

if __name__ == "__main__":
    main()
