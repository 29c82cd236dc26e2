"""`crosstune benchmarks`: list them, show a problem, judge their own solutions, make a form for one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli import _gate, _gate_all
from crosstune.cli._benchmark_settings import BenchmarkSet

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark

app = typer.Typer(
    name="benchmarks",
    help="List benchmarks, show their problems, and bring your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Data = Annotated[Path | None, typer.Option("--data", help="The folder with the benchmark's files.")]
Partial = Annotated[
    bool,
    typer.Option("--allow-partial", help="Leave out rows that make no problem, instead of refusing all."),
]


def list_(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="BENCHMARK...", help="Default: all; or files of forms.")
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", metavar="BENCHMARK=DIR", help="The folder of its files; repeatable."),
    ] = None,
) -> None:
    """List benchmarks with their languages, tasks, and the problems that are on this machine."""
    from rich.console import Console

    from crosstune.benchmarks import BENCHMARKS
    from crosstune.cli._benchmark_settings import known_settings
    from crosstune.cli._corpus_filter import benchmark_settings
    from crosstune.tables import PROSE, TEXT, listed, print_table

    given = benchmark_settings(data or [])
    rows, notes = [], []
    for name in names or [*BENCHMARKS.names(), *(each for each in given if each not in BENCHMARKS.names())]:
        benchmark = BENCHMARKS.load(name)
        found, bad = _found(benchmark, given.get(name, {}))
        tasks = f"tasks {', '.join(benchmark.tasks)}; " if len(benchmark.tasks) > 1 else ""
        own = ", ".join(known_settings(benchmark)) if names else ""
        rows.append((benchmark.name, f"{tasks}{found}{f'; settings {own}' if own else ''}"))
        notes += bad
    print_table(listed([("benchmark", TEXT), ("problems", PROSE)], rows))
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for note in notes:
        console.print(note, markup=False)


def _found(benchmark: Benchmark, given: dict[str, str]) -> tuple[str, list[str]]:
    """The number of problems by language, and what is wrong with the data."""
    import pydantic

    from crosstune.errors import DataError

    languages = ", ".join(benchmark.languages)
    values = {**benchmark.defaults, **given}
    if "allow_partial" in benchmark.settings.model_fields:
        values["allow_partial"] = "true"
    try:
        settings = benchmark.settings.model_validate(values, context={"base": Path.cwd()})
    except pydantic.ValidationError:
        return f"{languages}: give --data {benchmark.name}=DIR ({benchmark.hub or 'see its form'})", []
    counts, bad = [], []
    for language in benchmark.languages:
        try:
            counts.append(f"{language} {len(benchmark.problems(settings, language, benchmark.tasks[0]))}")
        except DataError as error:
            counts.append(f"{language} none")
            bad.append(f"{benchmark.name}: {error}")
            continue
        if benchmark.left_out:
            bad += [f"left out: {each}" for each in benchmark.left_out(settings, language)]
    return ", ".join(counts), bad


def show(
    benchmark: Annotated[str, typer.Argument(metavar="BENCHMARK", help="Its name, or the file of a form.")],
    problem: Annotated[str, typer.Argument(metavar="ID", help="The problem.")],
    *,
    language: Annotated[str, typer.Option("--language", help="Its language.")] = "python",
    task: Annotated[str | None, typer.Option("--task", help="Default: the benchmark's first.")] = None,
    data: Data = None,
    prompt: Annotated[str, typer.Option("--prompt", help="The prompt template.")] = "chat",
    allow_partial: Partial = False,
    benchmark_set: BenchmarkSet = None,
) -> None:
    """Print a problem as a model sees it, and the program as it is judged.

    The program has the benchmark's own solution, or the declaration where there is none.
    """
    from crosstune.cli._problems import BenchmarkProblems, UnknownProblem
    from crosstune.errors import UsageError
    from crosstune.languages import LANGUAGES
    from crosstune.prompts import PROMPTS, asking_text

    problems = BenchmarkProblems(benchmark, data, allow_partial=allow_partial, changes=benchmark_set or ())
    template = PROMPTS.load(prompt)
    try:
        found = problems.find(language, task or problems.benchmark.tasks[0], problem)
    except UnknownProblem as error:
        raise UsageError(str(error)) from None
    asked = asking_text(template, problems.benchmark.last_question(found), LANGUAGES.load(language))
    program = problems.benchmark.program(found, found.canonical or found.declaration)
    parts = {
        f"prompt ({prompt})": asked,
        "before the candidate": program.setup,
        "candidate: the benchmark's solution" if found.canonical else "candidate: the declaration": (
            program.candidate
        ),
        "tests": program.tests,
        f"cases ({len(program.cases)}, compared: {program.comparison.kind})": _cases(program.cases),
        "known defect": found.defect,
        "limits": _limits(program.limits),
        "ends a continuation": " ".join(map(repr, found.stops)),
        "called": ", ".join(program.entry_points),
    }
    for title, text in parts.items():
        if text:
            typer.echo(f"----- {title} -----\n{text.rstrip()}\n")


def _cases(cases: tuple[Any, ...], most: int = 3) -> str:
    shown = "\n".join(f"{case!r:.500}" for case in cases[:most])
    return f"{shown}\n…" if len(cases) > most else shown


def _limits(limits: Any) -> str:
    return f"{limits.cpu_seconds:g} s of CPU time, {limits.memory_bytes >> 20} MiB" if limits else ""


def extract_form(
    rows: Annotated[
        Path, typer.Argument(metavar="FILE", help="Rows: JSON lines, JSON or Parquet, also .gz.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FORM.yaml", help="Default: print the form.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The benchmark's; default: the file's.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Default: the rows' column, or else python.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if there is one.")] = False,
) -> None:
    """Propose a form for rows: which column is the question, the tests, the solution.

    Read it before you use it: `crosstune benchmarks show` shows a problem, `crosstune gate` judges the
    solutions.
    """
    from crosstune.benchmarks import propose_form
    from crosstune.errors import UsageError
    from crosstune.files import check_target, write_text

    proposal = propose_form(rows, name, language)
    if out is None:
        typer.echo(proposal, nl=False)
        return
    if out.is_file() and not replace and out.read_bytes() != proposal.encode():
        raise UsageError(f"{out}: there is such a file already; choose another name, or give --replace")
    check_target(out)
    write_text(out, proposal)
    typer.echo(f"{out}: try it with `crosstune benchmarks list {out}` and `crosstune gate {out}`")


app.command("list")(list_)
app.command("show")(show)
app.command("gate")(_gate.gate)
app.command("gate-all")(_gate_all.gate_all)
app.command("extract-form")(extract_form)
