"""The settings of a benchmark that a command names: its files, and what ``--benchmark-set`` changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

    from crosstune.benchmarks import Benchmark

_OPTION = "--benchmark-set"
_WITH_OPTIONS = ("data", "form", "allow_partial")
BenchmarkSet = Annotated[
    list[str] | None,
    typer.Option(
        _OPTION,
        metavar="KEY=VALUE",
        help="A setting of the benchmark, as in a study: compare=statement, checkers=DIR. Repeatable.",
    ),
]


def settings_of(
    benchmark: Benchmark, data: Path | None, *, allow_partial: bool = False, changes: Sequence[str] = ()
) -> Any:
    """The benchmark's settings with its files in ``data``; ``allow_partial``: bad rows are left out.

    ``changes`` are those of `BenchmarkSet`.

    Raises:
        UsageError: it needs ``data``, or takes none; or a setting is unknown or wrong.
    """
    from pydantic import ValidationError

    from crosstune.cli._changes import merged, nested
    from crosstune.errors import UsageError

    given = {"data": str(data)} if data else {}
    if allow_partial and "allow_partial" in benchmark.settings.model_fields:
        given["allow_partial"] = "true"
    own = nested(changes, _OPTION, "compare=statement")
    values = merged({**benchmark.defaults, **given}, own)
    try:
        return benchmark.settings.model_validate(values, context={"base": Path.cwd()})
    except ValidationError as error:
        raise UsageError(_reason(benchmark, error, data)) from None


def _reason(benchmark: Benchmark, error: ValidationError, data: Path | None) -> str:
    """Why the settings are wrong: an unknown one first, as a misspelt one is then also missing."""
    from crosstune.errors import suggestion

    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    name = ".".join(map(str, first["loc"]))
    if name == "data" and first["type"] in ("missing", "extra_forbidden"):
        what = "takes no --data" if data else "needs --data DIR, the folder of its files"
        return f"{benchmark.name} {what}"
    if first["type"] == "extra_forbidden":
        known = known_settings(benchmark)
        hint = suggestion(name, known) if known else "it has none"
        return f"{_OPTION} {name}: {benchmark.name} has no such setting; {hint}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{'--data' if name == 'data' else f'{_OPTION} {name}=…'}: {message}"


def known_settings(benchmark: Benchmark) -> list[str]:
    """The benchmark's settings that have no option of their own."""
    return [name for name in benchmark.settings.model_fields if name not in _WITH_OPTIONS]


def shared_out(benchmarks: Mapping[str, Benchmark], changes: Sequence[str]) -> dict[str, list[str]]:
    """The changes of each of several benchmarks: those that name it (``code-contests.checkers=DIR``), and
    those without a name that it has.

    Raises:
        UsageError: a change is of no benchmark.
    """
    from crosstune.errors import UsageError

    found: dict[str, list[str]] = {name: [] for name in benchmarks}
    for change in changes:
        place, sign, value = change.partition("=")
        owner, _, key = place.rpartition(".")
        if not sign or not key:
            raise UsageError(f"{_OPTION} {change}: expected [BENCHMARK.]KEY=VALUE, as in compare=statement")
        for name in _owners(benchmarks, owner, key):
            found[name].append(f"{key}={value}")
    return found


def _owners(benchmarks: Mapping[str, Benchmark], owner: str, key: str) -> list[str]:
    from crosstune.errors import UsageError, suggestion

    if owner:
        found = [name for name, each in benchmarks.items() if owner in (name, each.name)]
        if not found:
            raise UsageError(
                f"{_OPTION} {owner}.{key}: {owner} is not judged; {suggestion(owner, benchmarks)}"
            )
        return found
    found = [name for name, each in benchmarks.items() if key in known_settings(each)]
    if not found:
        known = {setting for each in benchmarks.values() for setting in known_settings(each)}
        raise UsageError(f"{_OPTION} {key}: no benchmark here has this setting; {suggestion(key, known)}")
    return found
