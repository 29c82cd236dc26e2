"""`crosstune benchmarks gate-all`: judge the solutions of all benchmarks that are on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._gate import Cache, JsonFile, Languages, Workers

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark
    from crosstune.scoring import Gate, GateTask


def gate_all(
    benchmarks: Annotated[
        list[str] | None, typer.Argument(metavar="BENCHMARK...", help="Default: all; or files of forms.")
    ] = None,
    *,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="DIR|BENCHMARK=DIR",
            help="A folder with the folders of several benchmarks, named like them or their datasets; or the "
            "folder of one. Repeatable. Default: the Hub's cache.",
        ),
    ] = None,
    languages: Languages = None,
    benchmark_set: Annotated[
        list[str] | None,
        typer.Option(
            "--benchmark-set",
            metavar="[BENCHMARK.]KEY=VALUE",
            help="A setting of one benchmark, or of all that have it: compare=statement, "
            "code-contests.checkers=DIR. Repeatable.",
        ),
    ] = None,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Leave out rows that make no problem, and list them.")
    ] = False,
    workers: Workers = 0,
    cache: Cache = None,
    json_file: JsonFile = None,
) -> None:
    """Judge the solutions of all benchmarks whose files are here, language by language.

    Without --languages, those are judged that can be judged on this machine. MultiPL-E's rows have no
    solutions: see `crosstune gate --solutions`. Exit status 5: a gate failed.
    """
    import time

    from crosstune.cli._gate import judge_with_progress, named
    from crosstune.files import check_target, write_json

    if json_file:
        check_target(json_file)
    wanted = _known(named(languages)) if languages else _judged_here()
    tasks, missing = _tasks(
        benchmarks or [], data or [], wanted, benchmark_set or [], allow_partial=allow_partial
    )
    began = time.monotonic()
    results = judge_with_progress(tasks, workers, cache)
    if json_file:
        rows = {_title(task, tasks): result.rows() for task, result in zip(tasks, results, strict=True)}
        write_json(json_file, rows)
    _print(tasks, results, wanted, time.monotonic() - began)
    for line in missing:
        typer.echo(f"not judged: {line}", err=True)
    _check(results)


def _known(languages: list[str]) -> list[str]:
    """
    Raises:
        UnknownName: one is no language that can be judged.
    """
    from crosstune.errors import UnknownName
    from crosstune.execution import judged_languages

    known = judged_languages()
    for name in languages:
        if name not in known:
            raise UnknownName("language", name, known)
    return languages


def _judged_here() -> list[str]:
    from crosstune.execution import judged_languages, requirements

    return [name for name in judged_languages() if all(each.met for each in requirements(name))]


def _tasks(
    names: Sequence[str],
    data: Sequence[str],
    languages: Sequence[str],
    changes: Sequence[str],
    *,
    allow_partial: bool,
) -> tuple[list[GateTask], list[str]]:
    """What is judged, and why the other benchmarks are not.

    Raises:
        UsageError: a folder does not exist, or none has a benchmark's files; or a setting is of none.
    """
    from crosstune.benchmarks import BENCHMARKS, languages_found
    from crosstune.cli._benchmark_settings import shared_out
    from crosstune.cli._problems import print_left_out
    from crosstune.errors import UsageError
    from crosstune.scoring import GateTask

    folders = dict(_folders(data))
    chosen = {name: BENCHMARKS.load(name) for name in names or BENCHMARKS.names()}
    given = shared_out(chosen, changes)
    tasks, missing = list[GateTask](), list[str]()
    for name, own in chosen.items():
        settings = _settings(name, own, folders, given[name], allow_partial=allow_partial)
        if settings is None:
            missing.append(f"{name}: its files are not there ({own.hub or 'see its form'})")
            continue
        found = [each for each in languages_found(own, settings) if each in languages]
        print_left_out(own, settings, found)
        distinct = GateTask(benchmark=own, settings=settings, languages=found).distinct() if found else []
        tasks += distinct
        if not distinct:
            missing.append(f"{name}: no solutions in these languages")
    if not tasks:
        raise UsageError("\n".join(("nothing to judge; --data DIR names the folder of the files", *missing)))
    return tasks, missing


def _settings(
    name: str,
    own: Benchmark,
    folders: Mapping[str, Path],
    changes: Sequence[str],
    *,
    allow_partial: bool,
) -> Any | None:
    """The benchmark's settings; None: its files are not there.

    Raises:
        UsageError: a setting is unknown or wrong.
    """
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.cli._benchmark_settings import settings_of

    if name in folders:
        return settings_of(own, folders[name], allow_partial=allow_partial, changes=changes)
    found = BENCHMARKS.find_settings(name, folders.get(""))
    if found is None or not (changes or allow_partial):
        return found
    return settings_of(own, getattr(found, "data", None), allow_partial=allow_partial, changes=changes)


def _folders(data: Sequence[str]) -> Iterable[tuple[str, Path]]:
    """The folders by benchmark; that of several by the empty name."""
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.errors import UsageError

    for each in data:
        name, sign, folder = ("", "", each) if Path(each).exists() else each.partition("=")
        if sign:
            BENCHMARKS.load(name)
        path = Path(folder if sign else each)
        if not path.exists():
            raise UsageError(f"--data {each}: {path}: no such file or folder")
        yield name if sign else "", path


def _title(task: GateTask, tasks: Sequence[GateTask]) -> str:
    """The benchmark's name, with the task if there are several of it."""
    name = task.benchmark.name
    several = sum(each.benchmark.name == name for each in tasks) > 1
    return f"{name} ({task.task})" if several else name


def _print(tasks: Sequence[GateTask], results: Sequence[Gate], languages: Sequence[str], wall: float) -> None:
    from crosstune.tables import COUNT, NUMBERS, TEXT, duration, listed, number, print_table

    judged = [each for each in languages if any(each in result.languages for result in results)]
    columns: list[Any] = [("benchmark", TEXT), *((each, NUMBERS) for each in judged)]
    rows = []
    for task, result in zip(tasks, results, strict=True):
        sides = [each for own in result.languages.values() for each in own.values()]
        buggy = [own["buggy"] for own in result.languages.values()]
        passed = f"{sum(each.passed for each in buggy)}/{sum(each.total for each in buggy)}"
        known = sum(len(each.excused) for each in sides)
        seconds = sum(each.seconds for each in sides)
        cells = (_passed(result, each) for each in judged)
        rows.append((_title(task, tasks), *cells, passed, known, seconds))
    columns += [("buggy passed", NUMBERS), ("known defects", COUNT), ("seconds", number(1))]
    print_table(listed(columns, rows))
    count = sum(each.total for r in results for own in r.languages.values() for each in own.values())
    typer.echo(f"{count:,} solutions in {duration(wall)}")


def _passed(result: Gate, language: str) -> str:
    """Solutions that passed, of all: ``163/164``; empty if there are none."""
    counts = result.languages.get(language, {}).get("canonical")
    return f"{counts.passed}/{counts.total}" if counts and counts.total else ""


def _check(results: Sequence[Gate]) -> None:
    """
    Raises:
        GateFailed: a gate failed.
        PrerequisiteError: some solutions could not be judged here, and no other is wrong.
    """
    from crosstune.errors import GateFailed, PrerequisiteError

    failed, unjudged = list[str](), list[str]()
    for result in results:
        try:
            result.check()
        except GateFailed as error:
            failed.append(str(error))
        except PrerequisiteError as error:
            unjudged.append(f"{result.benchmark}: {error}")
    if failed:
        raise GateFailed("\n".join((*failed, *unjudged)))
    if unjudged:
        raise PrerequisiteError("\n".join(unjudged))
