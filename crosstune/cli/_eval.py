"""`crosstune eval`: generate answers, judge them while others are generated, and score them."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._asking import Given
from crosstune.cli._shared_options import with_options
from crosstune.errors import Incomplete

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rich.console import Console

    from crosstune.cli._asking import Asking
    from crosstune.execution import Judge
    from crosstune.records import (
        Completion,
        EvaluatedSample,
        Problem,
        Program,
        Progress,
        Score,
        Verdict,
    )

ANSWERS, JUDGED, RESULTS, CACHE = "answers.jsonl", "judged.jsonl.gz", "results.json", "verdicts.sqlite"


@with_options(Given)
def evaluate(
    given: Given,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of answers, verdicts and results.")
    ],
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs to judge at the same time; 0: one per core.")
    ] = 0,
    isolation: Annotated[
        str,
        typer.Option("--isolation", help="Processes of tests and candidate: auto, separate or shared."),
    ] = "auto",
) -> None:
    """Ask a model to solve a benchmark's problems, judge its answers, and print the rates.

    Answers are judged while others are generated. DIR then has answers.jsonl (as `crosstune generate` writes
    it), judged.jsonl.gz and results.json. A stopped run continues when it is started again, and asks nothing
    twice. Exit status 4: answers are missing or could not be judged; --allow-partial scores without them.

      crosstune eval -m ./model -b humanevalpack --data DIR --languages python,java -o results

      crosstune eval -m NAME --server http://localhost:8000/v1 -b exercises --languages go -o results
    """
    from rich.console import Console

    from crosstune import hardware, stopping
    from crosstune.cli._answers_file import AnswersFile, read_completions
    from crosstune.cli._asking import asking_of
    from crosstune.cli._generate import COMPLETIONS, announce, run
    from crosstune.cli._isolation import isolation_of
    from crosstune.cli._measured import Measured
    from crosstune.execution import Judge
    from crosstune.storage import shown, writing

    chosen = isolation_of(isolation)
    asking = asking_of(given)
    _check_judging(asking)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    announce(asking, console)
    kept = f"answers and verdicts are in {shown(out)}; the same command continues"
    with stopping.keeps(kept), writing(out, work=[out.name], last=RESULTS) as folder:
        target = AnswersFile(folder / ANSWERS, asking.made_with, replace=given.replace)
        # A data base that is being written cannot be copied to a store; verdicts can be made again.
        cache = folder / CACHE if folder == out else folder.with_name(f"{folder.name}.{CACHE}")
        with (
            target.single_writer(),
            Judge(workers or hardware.cores(), cache=cache, isolation=chosen) as judge,
        ):
            evaluation = _Evaluation(asking, judge)
            with Measured("generating", "answers", console) as progress:
                metrics = run(asking, target.work, progress, console, evaluation.add)
            target.write(read_completions(target.work / COMPLETIONS))
            with Measured("judging", "answers", console) as progress:
                samples = evaluation.samples(progress)
        _write(samples, metrics["generation"], asking, folder)
        _conclude(
            samples, metrics["generation"], asking, out, allow_partial=given.allow_partial, console=console
        )


def _check_judging(asking: Asking) -> None:
    """
    Raises:
        PrerequisiteError: the tools of a language are missing. Nothing has been paid for yet.
    """
    from crosstune import execution
    from crosstune.cli._asking import check

    libraries = asking.benchmark.libraries
    languages = dict.fromkeys(problem.language for problem in asking.problems)
    needed = [each for language in languages for each in execution.requirements(language)]
    needed += [each for language in languages for each in (libraries(language) if libraries else ())]
    check(needed)


@dataclasses.dataclass
class _Judged:
    problem: Problem
    completion: Completion
    program: Program | None
    verdict: Future[Verdict] | None


class _Evaluation:
    """Judges completions as they arrive."""

    def __init__(self, asking: Asking, judge: Judge) -> None:
        self._model, self._benchmark, self._judge = asking.model, asking.benchmark, judge
        self._problems = {(each.language, each.task, each.id): each for each in asking.problems}
        self._judged: dict[tuple[str, str, str, int], _Judged] = {}

    def add(self, completion: Completion) -> None:
        from crosstune.scoring import program_of

        key = (completion.language, completion.task, completion.problem)
        program = program_of(self._benchmark, self._problems[key], completion)
        verdict = self._judge.submit(program) if program else None
        self._judged[(*key, completion.sample)] = _Judged(self._problems[key], completion, program, verdict)

    def samples(self, progress: Progress) -> list[EvaluatedSample]:
        """All samples in the order of the problems, when each has its verdict."""
        from crosstune.scoring import evaluated

        order = {key: number for number, key in enumerate(self._problems)}
        keys = sorted(self._judged, key=lambda key: (order[key[:3]], key[3]))
        samples = []
        for done, key in enumerate(keys, 1):
            each = self._judged[key]
            verdict = each.verdict.result() if each.verdict else None
            samples.append(evaluated(each.problem, each.completion, each.program, verdict, model=self._model))
            progress(done, len(keys))
        return samples


def _write(samples: Sequence[EvaluatedSample], counts: Mapping[str, Any], asking: Asking, out: Path) -> None:
    """Write the verdicts and the results."""
    from crosstune import files
    from crosstune.records import to_json
    from crosstune.scoring import score

    with files.atomic_write(out / JUDGED) as temporary, gzip.open(temporary, "wt", encoding="utf-8") as file:
        file.writelines(f"{to_json(sample)}\n" for sample in samples)
    scores = score(samples, allow_partial=True)
    results = {
        "made_with": asking.made_with,
        "benchmark_set": list(asking.benchmark_set),
        "samples": asking.decoding.samples,
        "generation": dict(counts),
        "scores": [dataclasses.asdict(each) for each in scores],
        "pass_at_k": _pass_at_k(samples, asking.decoding.samples),
    }
    files.write_json(out / RESULTS, results)


def _conclude(
    samples: Sequence[EvaluatedSample],
    counts: Mapping[str, Any],
    asking: Asking,
    out: Path,
    *,
    allow_partial: bool,
    console: Console,
) -> None:
    """Print the results.

    Raises:
        Incomplete: answers are missing or could not be judged, and ``allow_partial`` is not set.
    """
    from crosstune.cli._generate import missing, print_counts
    from crosstune.scoring import score
    from crosstune.storage import shown

    print_counts(counts, asking, console)
    _print(score(samples, allow_partial=True), _pass_at_k(samples, asking.decoding.samples))
    typer.echo(f"results: {shown(out / RESULTS)}")
    if errors := missing(counts):
        if not allow_partial:
            raise Incomplete(errors)
        console.print(errors, markup=False)
    score(samples, allow_partial=allow_partial)


def _pass_at_k(samples: Sequence[EvaluatedSample], number: int) -> list[dict[str, Any]]:
    """pass@k for several samples, over the problems of which all were judged."""
    from crosstune.scoring import pass_at_k, tally

    if number == 1:
        return []
    rows: list[dict[str, Any]] = []
    for key, counts in sorted(tally(samples).items()):
        whole = [problem for problem, judged in counts.judged.items() if judged == number]
        for k in sorted({k for k in (1, 5, 10, 100) if k < number} | {number}):
            values = [pass_at_k(number, counts.passed[problem], k) for problem in whole]
            if values:
                value = sum(values) / len(values)
                rows.append({**key._asdict(), "k": k, "problems": len(values), "pass_at_k": value})
    return rows


def _print(scores: Sequence[Score], at_k: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console

    from crosstune.tables import COUNT, NUMBERS, TEXT, bounds, listed, percent, print_table

    columns = [
        ("language", TEXT),
        ("task", TEXT),
        ("pass@1", NUMBERS),
        ("95 %", NUMBERS),
        ("problems", COUNT),
        ("not judged", COUNT),
        ("cut", COUNT),
    ]
    rows = [
        (
            each.language,
            each.task,
            percent(each.pass_at_1),
            bounds(100 * each.low, 100 * each.high),
            each.n,
            each.asked - each.judged or None,
            each.cut or None,
        )
        for each in scores
    ]
    console = Console()
    print_table(listed(columns, rows), console)
    for each in scores:
        if each.repeated:
            counted = f"{each.repeated:,} of {each.asked:,} answers repeat the code to repair unchanged"
            console.print(f"{each.language} {each.task}: {counted}", highlight=False)
    for row in at_k:
        if row["k"] > 1:
            where = f"{row['language']} {row['task']}"
            console.print(f"pass@{row['k']} {where}: {percent(row['pass_at_k'])}", highlight=False)
