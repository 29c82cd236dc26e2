"""Problems, a benchmark and a scripted back end for the tests of generation."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune.benchmarks import Benchmark
from crosstune.generation import BackEnd, Decoding, GeneratedAnswer, Request, generate
from crosstune.prompts import PROMPTS
from crosstune.records import Completion, Problem, Program, from_json
from crosstune.settings import Settings


def problem(number: int, language: str = "python", **given: Any) -> Problem:
    declaration = f"def f{number}(x):\n" if language == "python" else f"const f{number} = (x) => {{\n"
    row: dict[str, Any] = {
        "id": str(number),
        "benchmark": "small",
        "task": "synthesize",
        "language": language,
        "instruction": f"Write a function that adds {number} to a number." + " Please." * (number % 3),
        "declaration": declaration,
        "entry_point": f"f{number}",
        "tests": "",
    }
    return Problem(**(row | given))


def benchmark(follow_up: Callable[[Problem, str], Problem | None] | None = None) -> Benchmark:
    return Benchmark(
        name="small",
        title="Small",
        version=1,
        languages=("python", "javascript"),
        tasks=("synthesize",),
        settings=Settings,
        problems=lambda _settings, _language, _task: [],
        program=lambda asked, candidate: Program(asked.id, asked.language, candidate, asked.tests),
        requirements=lambda _settings, _language: (),
        follow_up=follow_up,
    )


class Killed(BaseException):
    """Simulates a kill."""


@dataclass
class Script:
    """Answers by a function of the request, records what was asked, and dies after ``dies_after`` answers."""

    answer: Callable[[Request], GeneratedAnswer] = lambda request: GeneratedAnswer(
        f" # {request.prompt[-9:]}", "stop", 3, 5, 1
    )
    dies_after: int | None = None
    reverse: bool = True
    asked: list[str] = field(default_factory=list)
    opened: int = 0

    def back_end(self) -> BackEnd:
        @contextlib.contextmanager
        def opening(_model: str, _decoding: Decoding, _options: Any) -> Iterator[Script]:
            self.opened += 1
            yield self

        return BackEnd(
            name="script",
            version=1,
            settings=Settings,
            open=opening,
            requirements=lambda _model, _options: (),
        )

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        positions = [position for position in range(len(requests)) if position not in done]
        for position in reversed(positions) if self.reverse else positions:
            if self.dies_after is not None and len(self.asked) >= self.dies_after:
                raise Killed
            self.asked.append(requests[position].problem)
            yield position, self.answer(requests[position])


def run(folder: Path, problems: Sequence[Problem], back_end: BackEnd, **given: Any) -> dict[str, Any]:
    """`generate` into ``folder``; returns its counts."""
    arguments: dict[str, Any] = {
        "model": "some-model",
        "benchmark": benchmark(),
        "prompt": PROMPTS.load("plain"),
        "back_end": back_end,
        "options": given.get("options") or back_end.settings(),
        "decoding": Decoding(),
        "out": folder / "completions.jsonl",
        "work": folder / "work",
        "progress": lambda _done, _total: None,
    }
    counts: dict[str, Any] = generate(problems, **(arguments | given))["generation"]
    return counts


def completions(folder: Path) -> list[Completion]:
    lines = (folder / "completions.jsonl").read_bytes().splitlines()
    return [from_json(Completion, line) for line in lines]
