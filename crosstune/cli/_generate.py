"""`crosstune generate`: ask a model to solve a benchmark's problems, and write a file of answers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._asking import Given
from crosstune.cli._sharded import OnOption, ShardOption
from crosstune.cli._shared_options import with_options
from crosstune.errors import Incomplete

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.cli._asking import Asking
    from crosstune.records import Completion, Progress
    from crosstune.sharding import Shard

COMPLETIONS = "completions.jsonl"
FEW_CUT = 0.02
"""The share of cut answers up to which a rate is hardly affected."""


@with_options(Given)
def generate(
    given: Given,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="ANSWERS.jsonl", help="One answer per line.")],
    shard: ShardOption = None,
    on: OnOption = None,
) -> None:
    """Ask a model to solve a benchmark's problems, and write its answers.

    The model is on this machine (a folder, or a name on the Hub), or on a server (--server); with --on, on
    each node of a cluster. `crosstune judge --answers` judges the file; `crosstune eval` does both at once.

    A stopped run continues when it is started again, and asks nothing twice, also with more languages, tasks,
    problems or samples. Exit status 4: some answers are missing; the same command asks for these.

      crosstune generate -m ./model -b humanevalpack --data DIR --languages python -o answers.jsonl

      crosstune generate -m NAME --server http://localhost:8000/v1 -b exercises --languages go -o go.jsonl
    """
    from rich.console import Console

    from crosstune import stopping
    from crosstune.cli._answers_file import AnswersFile, read_completions
    from crosstune.cli._asking import asking_of
    from crosstune.cli._measured import Measured
    from crosstune.cli._sharded import begin, divided, mark_generated, marker_names, shard_of
    from crosstune.storage import shown, writing

    share = shard_of(shard)
    _check_divided(given, share, on)
    out = share.path(out)
    asking, inputs = divided(asking_of(given, here=on is None), share)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    announce(asking, console)
    with writing(out, work=[f".{out.name}.work"], after=marker_names(out, share)) as file:
        target = AnswersFile(file, asking.made_with, replace=given.replace)
        kept = f"answers are in {target.work}; the same command asks only for the others"
        with stopping.keeps(kept), target.single_writer():
            begin(file, share)
            with _answering(asking, on) as able, Measured("generating", "answers", console) as progress:
                metrics = run(able, target.work, progress, console)
            target.write(read_completions(target.work / COMPLETIONS))
            mark_generated(asking, inputs, file, share)
    counts = metrics["generation"]
    print_counts(counts, asking, console)
    typer.echo(f"{counts['completions'] - counts['errors']:,} answers: {shown(out)}")
    if errors := missing(counts):
        raise Incomplete(errors)


def _check_divided(given: Given, shard: Shard, on: str | None) -> None:
    """
    Raises:
        UsageError: an option needs all problems in one process.
    """
    from crosstune.errors import UsageError

    option = "--on" if on is not None else "--shard"
    if given.replay and (on is not None or shard.count > 1):
        raise UsageError(f"--replay takes the answers of all problems from one file: leave out {option}")
    budget = any(each.startswith("server.budget=") for each in given.changes or [])
    if budget and on is not None:
        raise UsageError("each node would spend server.budget for itself: leave out --on, or the budget")


@contextlib.contextmanager
def _answering(asking: Asking, on: str | None) -> Iterator[Asking]:
    """What is asked, of this machine or of the nodes of the cluster ``on``."""
    if on is None:
        yield asking
        return
    from crosstune.cluster import connected, on_cluster

    with connected(on) as ray:
        yield replace(asking, back_end=on_cluster(ray, asking.back_end))


def run(
    asking: Asking,
    work: Path,
    progress: Progress,
    console: Console,
    on_completion: Callable[[Completion], None] = lambda _completion: None,
) -> Mapping[str, Any]:
    """As `generation.generate`; the completions are in ``work``. What they are computed with is printed."""
    from crosstune import generation

    def opened(description: Mapping[str, Any]) -> None:
        console.print(f"computed with: {generation.computed_with_text(description)}", markup=False)

    return generation.generate(
        asking.problems,
        model=asking.model,
        benchmark=asking.benchmark,
        prompt=asking.prompt,
        back_end=asking.back_end,
        options=asking.options,
        decoding=asking.decoding,
        out=work / COMPLETIONS,
        work=work,
        progress=progress,
        on_completion=on_completion,
        on_session=opened,
    )


def announce(asking: Asking, console: Console) -> None:
    """Print what will be asked, before it costs anything."""
    number, samples = len(asking.problems), asking.decoding.samples
    each = f" x {samples} samples" if samples > 1 else ""
    console.print(
        f"{asking.model}: {number:,} problems of {asking.benchmark.name}{each}, prompt template "
        f"{asking.prompt.name}",
        markup=False,
    )


def print_counts(counts: Mapping[str, Any], asking: Asking, console: Console) -> None:
    """Print tokens and cost, and what is unusual about the answers."""
    cost = f", cost {counts['cost']:.4f}" if "cost" in counts else ""
    tokens = f"{counts['prompt_tokens']:,} prompt and {counts['completion_tokens']:,} answer tokens"
    console.print(f"{tokens}{cost}", markup=False)
    answers = counts["answers"] - counts["errors"]
    if cut := counts["at_length_limit"]:
        warning = "Warning: " if cut > FEW_CUT * answers else ""
        where, how = f"at {asking.decoding.max_tokens} tokens", "raise --max-new-tokens"
        if at_end := counts["at_context_end"]:
            where, how = f"{where}, {at_end:,} of them earlier", "raise the length of the model's context"
        how = f"; they mostly fail: {how}" if warning else ""
        console.print(f"{warning}{cut:,} of {answers:,} answers were cut {where}{how}", markup=False)
    if empty := counts["empty"]:
        console.print(f"{empty:,} of {answers:,} answers are empty", markup=False)
    if prompts := counts["cut_prompts"]:
        console.print(
            f"Warning: {prompts:,} prompts did not fit into the model's context and lost their beginning",
            markup=False,
        )


def missing(counts: Mapping[str, Any]) -> str:
    """How many answers are missing, and why; empty if none is."""
    errors = counts["errors"]
    if not errors:
        return ""
    kinds = ", ".join(f"{kind} ({number})" for kind, number in counts["error_kinds"].items())
    final = errors - counts["temporary_errors"]
    lasting = f"; {final} would fail again, see their rows" if final else ""
    return (
        f"{errors} of {counts['answers']} answers are missing: {kinds}. Run again: only these are requested"
        f"{lasting}"
    )
