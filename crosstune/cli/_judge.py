"""`crosstune judge`: judge a file of programs or answers, and write a file of verdicts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosstune.cli._benchmark_settings import BenchmarkSet
from crosstune.cli._sharded import OnOption, ShardOption

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.cli._answers import AnswerReader
    from crosstune.execution import Judgement, TakesPrograms
    from crosstune.records import Isolation
    from crosstune.sandbox import Kind
    from crosstune.sharding import Shard

_COMPLAINTS = 20


def judge(
    programs: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROGRAMS.jsonl",
            help="One object per line: id, language, candidate, and tests or cases; optional: setup, limits.",
        ),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="VERDICTS.jsonl", help="One verdict per line.")],
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="ANSWERS.jsonl",
            help="Instead: one object per line: problem, language, answer; optional: task, id, sample.",
        ),
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", help="The benchmark that the answers are to.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder with the benchmark's files.")
    ] = None,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Leave out rows of the benchmark that make no problem.")
    ] = False,
    benchmark_set: BenchmarkSet = None,
    cpu_seconds: Annotated[
        float | None,
        typer.Option(
            "--cpu-seconds", min=0.001, help="CPU seconds for each answer; default: the language's."
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs at the same time; 0 means one for each core.")
    ] = 0,
    sandbox: Annotated[
        str,
        typer.Option("--sandbox", help="bubblewrap, or none for code that is known to be harmless."),
    ] = "bubblewrap",
    isolation: Annotated[
        str,
        typer.Option(
            "--isolation",
            help="Whether tests and candidate have processes of their own: separate, shared, or auto "
            "(separate where the tests need only values).",
        ),
    ] = "auto",
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="FILE", help="Also store verdicts in this file, for other runs."),
    ] = None,
    shard: ShardOption = None,
    on: OnOption = None,
) -> None:
    """Judge programs, each in a sandbox of its own, and write their verdicts in the same order.

    With --answers, the program that each answer means is extracted (see `crosstune extract`) and judged by
    the tests of its problem. A verdict then has the program (candidate) and how it was found.

    "cases" is a list of {"stdin": …, "stdout": …}: the candidate is then a whole program, built once and run
    for each case. "comparison" says how outputs are compared: "exact" (the default), "tokens", "floats"
    ({"kind": "floats", "absolute": 1e-6, "relative": 1e-6}) or "checker" ({"kind": "checker", "language": …,
    "source": …}). "stop_at_first_failure": true skips the cases after it.

    A stopped run continues when it is started again: a verdict in VERDICTS.jsonl is kept while the program,
    its limits and the tools are the same. A bad line is reported and left out (exit status 4); programs whose
    tools are missing or broken keep the verdict they have, or get harness_error (exit status 3).
    Unknown columns of a row are copied to its verdict, under "extra".
    """
    from crosstune.cli._isolation import isolation_of
    from crosstune.cli._sharded import begin, mark_judged, marker_names, shard_of
    from crosstune.errors import UsageError
    from crosstune.storage import writing

    if sandbox not in ("bubblewrap", "none"):
        raise UsageError(f"--sandbox {sandbox}: expected bubblewrap or none")
    kind: Kind = "none" if sandbox == "none" else "bubblewrap"
    if kind == "none":
        typer.echo("crosstune: no sandbox: these programs can do everything that you can", err=True)
    changes = benchmark_set or []
    source, reader = _source(
        programs, answers, benchmark, data, cpu_seconds, allow_partial=allow_partial, changes=changes
    )
    share = shard_of(shard)
    out = share.path(out)
    made_with = {
        "benchmark": benchmark,
        "cpu_seconds": cpu_seconds,
        "sandbox": sandbox,
        "isolation": isolation,
        **({"benchmark_set": changes} if changes else {}),
    }
    with writing(out, after=marker_names(out, share)) as target:
        begin(target, share)
        with _opened(on, workers, kind, cache, isolation_of(isolation)) as judge_:
            result = _judged(source, target, reader=reader, judge_=judge_, shard=share)
        tools = result.tools | {"the sandbox": _enforced(kind)}
        mark_judged(source, target, share, reader, made_with=made_with, tools=tools)
    _print(result, out)
    _check(result, out)


def _enforced(kind: Kind) -> str:
    """What the sandbox can do here; verdicts depend on it."""
    from crosstune.sandbox import probe

    lacking = probe(kind).lacking
    return f"{kind} without {', '.join(lacking)}" if lacking else kind


@contextlib.contextmanager
def _opened(
    on: str | None, workers: int, sandbox: Kind, cache: Path | None, isolation: Isolation
) -> Iterator[TakesPrograms]:
    """The judge of this machine, or that of the cluster ``on``."""
    from crosstune import hardware
    from crosstune.errors import UsageError
    from crosstune.execution import Judge

    if on is None:
        with Judge(workers or hardware.cores(), sandbox, cache, isolation=isolation) as here:
            yield here
        return
    if cache or workers:
        raise UsageError(f"--on uses all cores of the nodes: leave out {'--cache' if cache else '--workers'}")
    from crosstune.cluster import ClusterJudge, connected

    with connected(on) as ray, ClusterJudge(ray, sandbox, isolation=isolation) as there:
        yield there


def _judged(
    source: Path, out: Path, *, reader: AnswerReader | None, judge_: TakesPrograms, shard: Shard
) -> Judgement:
    """Judge the file, show the progress, and print what is wrong with its lines."""
    from rich.console import Console

    from crosstune import stopping
    from crosstune.cli._measured import Measured
    from crosstune.execution import judge_file

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    complaints = _Complaints(console)
    with (
        stopping.keeps(f"finished verdicts are in {out}; the same command judges only the others"),
        Measured("judging", "programs", console) as progress,
    ):
        result = judge_file(
            source,
            out,
            judge_,
            complain=complaints.take,
            progress=progress,
            reader=reader,
            shard=shard,
        )
    complaints.close()
    return result


def _source(
    programs: Path | None,
    answers: Path | None,
    benchmark: str | None,
    data: Path | None,
    cpu_seconds: float | None,
    *,
    allow_partial: bool,
    changes: Sequence[str],
) -> tuple[Path, AnswerReader | None]:
    """The file to read, and what reads it.

    Raises:
        UsageError: the options do not fit together, or see `BenchmarkProblems`.
    """
    from crosstune.errors import UsageError
    from crosstune.storage import local_copy

    if (programs is None) == (answers is None):
        raise UsageError("expected either PROGRAMS.jsonl or --answers ANSWERS.jsonl")
    if programs is not None:
        given = {
            "--benchmark": benchmark,
            "--data": data,
            "--cpu-seconds": cpu_seconds,
            "--allow-partial": allow_partial or None,
            "--benchmark-set": changes or None,
        }
        if unused := [option for option, value in given.items() if value is not None]:
            raise UsageError(f"{unused[0]} belongs to --answers")
        return local_copy(programs), None
    from crosstune.cli._answers import AnswerReader
    from crosstune.cli._problems import BenchmarkProblems

    assert answers is not None
    if benchmark is None:
        raise UsageError("--answers needs --benchmark, the benchmark that the answers are to")
    return local_copy(answers), AnswerReader(
        BenchmarkProblems(benchmark, data, allow_partial=allow_partial, changes=changes), cpu_seconds
    )


class _Complaints:
    """Prints the first complaints, and of the others only their number."""

    def __init__(self, console: Console) -> None:
        self._console, self._count = console, 0

    def take(self, text: str) -> None:
        self._count += 1
        if self._count <= _COMPLAINTS:
            self._console.print(f"crosstune: {text}", markup=False)

    def close(self) -> None:
        if self._count > _COMPLAINTS:
            self._console.print(f"crosstune: and {self._count - _COMPLAINTS} more such lines")


def _print(result: Judgement, out: Path) -> None:
    from rich.console import Console

    from crosstune.records import Status
    from crosstune.storage import shown
    from crosstune.tables import COUNT, TEXT, listed, print_table

    given = [status for status in Status if any(counts[status] for counts in result.statuses.values())]
    columns = [("language", TEXT), ("programs", COUNT), *((str(status), COUNT) for status in given)]
    rows = [
        (language, counts.total(), *(counts[status] or None for status in given))
        for language, counts in sorted(result.statuses.items())
    ]
    console = Console()
    print_table(listed(columns, rows), console)
    console.print(
        f"{result.judged} judged, {result.kept} kept from before: {shown(out)}", markup=False, soft_wrap=True
    )


def _check(result: Judgement, out: Path) -> None:
    """
    Raises:
        PrerequisiteError: tools are missing, or tests cannot judge anything.
        Incomplete: some programs have no verdict for other reasons.
    """
    from crosstune.errors import Incomplete, PrerequisiteError
    from crosstune.execution import reasons_text

    reasons = []
    if lacking := {f"{language}: {each}" for language, errors in result.lack.items() for each in errors}:
        reasons.append("; ".join(sorted(lacking)) + "; then run again")
    if result.tests_errors:
        programs = sum(counts.total() for counts in result.tests_errors.values())
        reasons.append(
            f"the tests of {programs} programs cannot judge any candidate (harness_error):\n"
            f"{reasons_text(result.tests_errors)}"
        )
    if others := _others(result):
        reasons.append(f"{out}: {others}; correct what is reported and run again to judge only those")
    if reasons:
        kind = PrerequisiteError if lacking or result.tests_errors else Incomplete
        raise kind("\n".join(reasons))


def _others(result: Judgement) -> str:
    """Lines without a verdict that neither missing tools nor tests explain; empty if there are none."""
    reasons = [f"{result.bad} bad lines have no verdict"] if result.bad else []
    unjudged = result.unjudged - sum(counts.total() for counts in result.tests_errors.values())
    if unjudged > 0 and not result.lack:
        reasons.append(f"{unjudged} programs could not be judged (harness_error)")
    return "; ".join(reasons)
