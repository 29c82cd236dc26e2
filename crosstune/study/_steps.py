"""What each kind of step does: frozen descriptions that a worker process can be handed and run.

All that is in a step's fields goes into its key, but for paths, of which the contents count.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from crosstune.benchmarks import BENCHMARKS
from crosstune.corpus import Decontamination, NearDuplicates, Privacy
from crosstune.generation import Decoding
from crosstune.records import (
    Completion,
    EvaluatedSample,
    Example,
    Problem,
    Program,
    Progress,
    Status,
    Verdict,
    from_json,
    to_json,
)
from crosstune.settings import Settings
from crosstune.tuning import Recipe

EXAMPLES = "examples.parquet"
COMPLETIONS = "completions.jsonl"
JUDGED = "judged.jsonl.gz"
MODEL = "model"
LOSSES = "losses.jsonl"
REPORT = "report.json"
"""What a source may leave in its work folder: how its examples came about, in figures."""
QUARANTINE = "quarantine.jsonl"
"""What else it may leave there: the rows that it could not use, each with the reason."""


@dataclass(frozen=True)
class Desk:
    """What a step works with: its inputs' folders, an empty folder to fill, a folder that outlives
    kills, the cache of verdicts, and whom to tell how far it is."""

    inputs: Mapping[str, Path]
    out: Path
    work: Path
    verdicts: Path
    progress: Progress


@dataclass(frozen=True)
class Cells:
    """Part of a benchmark: languages x tasks."""

    benchmark: str
    version: int
    settings: Settings
    languages: tuple[str, ...]
    tasks: tuple[str, ...]

    def problems(self) -> Iterator[Problem]:
        benchmark = BENCHMARKS.load(self.benchmark)
        for language in self.languages:
            for task in self.tasks:
                yield from benchmark.problems(self.settings, language, task)


@dataclass(frozen=True)
class TakeCorpus:
    """A corpus out of one source."""

    kind: ClassVar[str] = "corpus"
    version: ClassVar[int] = 2
    source: str
    source_version: int
    settings: Settings
    size: int | None
    seed: int
    guarded: tuple[Cells, ...]
    gate: Decontamination
    near: NearDuplicates | None = None
    private: Privacy | None = None

    def run(self, desk: Desk) -> Mapping[str, Any]:
        from crosstune import corpus
        from crosstune.sources import SOURCES

        source = SOURCES.load(self.source)
        examples = source.examples(self.settings, desk.work, desk.progress)
        made = corpus.assemble(
            [corpus.Part(name=self.source, share=1, examples=examples)],
            size=self.size,
            seed=self.seed,
            problems=[problem for cells in self.guarded for problem in cells.problems()],
            gate=self.gate,
            near=self.near,
            private=self.private,
        )
        corpus.write(desk.out / EXAMPLES, made.examples)
        if (desk.work / QUARANTINE).exists():
            shutil.copyfile(desk.work / QUARANTINE, desk.out / QUARANTINE)
        told = desk.work / REPORT
        source_report = json.loads(told.read_bytes()) if told.exists() else None
        return {"corpus": dataclasses.asdict(made.report), "source": source_report}


@dataclass(frozen=True)
class MixCorpora:
    """A corpus mixed from others (inputs ``part 1``, ``part 2`` …), of a size of its own."""

    kind: ClassVar[str] = "corpus"
    version: ClassVar[int] = 1
    shares: tuple[float, ...]
    size: int
    seed: int

    def run(self, desk: Desk) -> Mapping[str, Any]:
        from crosstune import corpus

        parts = [
            corpus.Part(name=f"part {number}", share=share, examples=_examples(desk, f"part {number}"))
            for number, share in enumerate(self.shares, 1)
        ]
        mixed = corpus.mix(parts, size=self.size, seed=self.seed)
        corpus.write(desk.out / EXAMPLES, mixed.examples)
        return {
            "corpus": {
                "seed": self.seed,
                "parts": [dataclasses.asdict(taken) for taken in mixed.taken],
                "statistics": dataclasses.asdict(corpus.statistics(mixed.examples)),
            }
        }


def _examples(desk: Desk, role: str) -> Iterator[Example]:
    from crosstune import corpus

    return corpus.read(desk.inputs[role] / EXAMPLES)


@dataclass(frozen=True)
class Tune:
    """A model out of a corpus, and of a base: an input, a path or a hub's name, or none (from scratch)."""

    kind: ClassVar[str] = "tune"
    version: ClassVar[int] = 1
    base: str | Path | None
    recipe: Recipe
    prompt: str
    seed: int

    def run(self, desk: Desk) -> Mapping[str, Any]:
        from crosstune import tuning
        from crosstune.prompts import PROMPTS

        return tuning.tune(
            base=desk.inputs["base"] / MODEL if "base" in desk.inputs else self.base,
            examples=_examples(desk, "corpus"),
            recipe=self.recipe,
            prompt=PROMPTS.load(self.prompt),
            seed=self.seed,
            out=desk.out,
            work=desk.work,
            progress=desk.progress,
        )


@dataclass(frozen=True)
class Generate:
    """One model's answers to some cells of one benchmark."""

    kind: ClassVar[str] = "generate"
    version: ClassVar[int] = 1
    model: str | Path | None
    prompt: str
    back_end: str
    back_end_version: int
    options: Settings
    cells: Cells
    decoding: Decoding

    def run(self, desk: Desk) -> Mapping[str, Any]:
        from crosstune import generation
        from crosstune.prompts import PROMPTS

        model = desk.inputs["model"] / MODEL if "model" in desk.inputs else self.model
        return generation.generate(
            list(self.cells.problems()),
            model=str(model),
            benchmark=BENCHMARKS.load(self.cells.benchmark),
            prompt=PROMPTS.load(self.prompt),
            back_end=generation.BACK_ENDS.load(self.back_end),
            options=self.options,
            decoding=self.decoding,
            out=desk.out / COMPLETIONS,
            work=desk.work,
            progress=desk.progress,
        )


@dataclass(frozen=True)
class JudgeAnswers:
    """Verdicts on one model's answers in one language."""

    kind: ClassVar[str] = "judge"
    version: ClassVar[int] = 1
    cells: Cells

    def run(self, desk: Desk) -> Mapping[str, Any]:
        from crosstune.execution import Judge

        problems = {(p.language, p.task, p.id): p for p in self.cells.problems()}
        answers = [
            answer
            for answer in _completions(desk.inputs["completions"] / COMPLETIONS)
            if (answer.language, answer.task, answer.problem) in problems
        ]
        programs = [self._program(problems, answer) for answer in answers]
        with (
            gzip.open(desk.out / JUDGED, "wt", encoding="utf-8") as file,
            Judge(cache=desk.verdicts) as judge,
        ):
            runnable = [program for program in programs if program is not None]
            verdicts = judge.run(runnable)
            for done, (answer, program) in enumerate(zip(answers, programs, strict=True), 1):
                problem = problems[answer.language, answer.task, answer.problem]
                file.write(to_json(_judged(problem, answer, program, verdicts)) + "\n")
                desk.progress(done, len(answers))
        return {"answers": len(answers), "unanswered": len(answers) - len(runnable)}

    def _program(
        self, problems: Mapping[tuple[str, str, str], Problem], answer: Completion
    ) -> Program | None:
        """The program to judge; None where the server never answered: that is no fault of the model."""
        from crosstune.extraction import extract
        from crosstune.languages import LANGUAGES

        if answer.finish_reason == "error":
            return None
        problem = problems[answer.language, answer.task, answer.problem]
        candidate = extract(LANGUAGES.load(problem.language), problem, answer.text)
        return BENCHMARKS.load(self.cells.benchmark).program(problem, candidate)


def _judged(
    problem: Problem, answer: Completion, program: Program | None, verdicts: Iterator[Verdict]
) -> EvaluatedSample:
    """The row without its model's name and seed: equal answers of two models share one artifact."""
    verdict = next(verdicts) if program else None
    return EvaluatedSample(
        model="",
        seed=0,
        benchmark=problem.benchmark,
        language=problem.language,
        task=problem.task,
        problem=problem.id,
        sample=answer.sample,
        prompt=answer.prompt,
        text=answer.text,
        candidate=program.candidate if program else "",
        status=verdict.status if verdict else Status.HARNESS_ERROR,
        stage=verdict.stage if verdict else "",
        stdout=verdict.stdout if verdict else "",
        stderr=verdict.stderr if verdict else answer.error,
        cpu_seconds=verdict.cpu_seconds if verdict else 0.0,
        defect=problem.defect,
    )


def _completions(path: Path) -> Iterator[Completion]:
    with path.open("rb") as file:
        for line in file:
            yield from_json(Completion, line)


Job = TakeCorpus | MixCorpora | Tune | Generate | JudgeAnswers
