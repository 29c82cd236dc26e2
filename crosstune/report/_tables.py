"""What goes into the tables of a study: columns with units, rows of plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosstune.analysis import Contrast, Findings, Gain, Matrix, Rate, TaskKey, published_comparisons
from crosstune.records import Status
from crosstune.report._words import basis, language_title, task_title

Value = str | float | int | None
"""None: nothing to tell here (not judged, undefined)."""


@dataclass(frozen=True, slots=True)
class Column:
    """``digits`` after the point for a reader (a CSV file has them all); ``signed``: + before gains."""

    title: str
    digits: int = 1
    signed: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """``name`` is the file's, ``title`` a sentence that says what, in which unit."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def data_tables(findings: Findings) -> tuple[DataTable, ...]:
    """Every table there is something to say in, in the order of the report."""
    made = (
        _transfer(findings),
        _gains(findings, "gains", findings.gains, "Gains over the baseline, in points"),
        _gains(findings, "control", findings.against_control, "Differences to the control, in points"),
        _at_k(findings),
        _averages(findings),
        _abilities(findings),
        _exchanges(findings),
        _balances(findings),
        _mixed(findings),
        *_correlations(findings),
        _problems(findings),
        _failures(findings),
        _flagged(findings),
        _beside(findings),
    )
    return tuple(table for table in made if table.rows)


def _transfer(found: Findings) -> DataTable:
    columns = (Column("model"), *(Column(task_title(task_key, found)) for task_key in found.task_keys))
    rates = {key: 100 * rate.value for key, rate in found.rates.items()}
    rows = tuple(
        (model, *(rates.get((model, task_key)) for task_key in found.task_keys)) for model in found.models
    )
    return DataTable("transfer", f"pass@1 in percent, over {basis(found)}", columns, rows)


_TESTED = (Column("p", 4), Column("p (Holm)", 4), Column("mark"), Column("problems"), Column("seeds"))


def _spans(title: str) -> tuple[Column, ...]:
    return Column(title, signed=True), Column("low", signed=True), Column("high", signed=True)


def _tested(one: Gain | Contrast) -> tuple[Value, ...]:
    return one.value, one.low, one.high, one.p, one.p_holm, one.stars, one.problems, one.seeds


def _gains(found: Findings, name: str, gains: Mapping[tuple[str, TaskKey], Gain], title: str) -> DataTable:
    columns = (Column("model"), Column("cell"), Column("tuned on it"), Column("pass@1"))
    order = [
        (model, task_key)
        for model in found.models
        for task_key in found.task_keys
        if (model, task_key) in gains
    ]
    rows = tuple(
        (
            model,
            task_title(task_key, found),
            "yes" if found.trained(model, task_key) else "no",
            100 * found.rates[model, task_key].value,
            *_tested(gains[model, task_key]),
        )
        for model, task_key in order
    )
    return DataTable(name, f"{title}, with 95 % intervals", (*columns, *_spans("gain"), *_TESTED), rows)


def _at_k(found: Findings) -> DataTable:
    columns = (Column("model"), Column("cell"), Column("k"), Column("pass@k"), Column("low"), Column("high"))
    rows = tuple(
        (model, task_title(task_key, found), one.k, 100 * one.value, 100 * one.low, 100 * one.high)
        for (model, task_key), several in found.at_k.items()
        for one in several
    )
    return DataTable("pass-at-k", "pass@k in percent, with 95 % intervals", columns, rows)


def _averages(found: Findings) -> DataTable:
    columns = (Column("task"), Column("model"), Column("pass@1"), Column("low"), Column("high"))
    rows = tuple(
        (one.task, one.model, 100 * one.value, 100 * one.low, 100 * one.high, one.languages)
        for one in found.averages.values()
    )
    title = "Mean pass@1 over the languages of a task, in percent, with 95 % intervals"
    return DataTable("tasks", title, (*columns, Column("languages")), rows)


def _abilities(found: Findings) -> DataTable:
    rows = tuple((model, str(kind), *_tested(one)) for (model, kind), one in found.abilities.items())
    title = "Mean gain by how a cell stands to what was taught, in points, with 95 % intervals"
    columns = (Column("model"), Column("cells"), *_spans("mean gain"), *_TESTED)
    return DataTable("abilities", title, columns, rows)


def _exchanges(found: Findings) -> DataTable:
    rows = tuple(
        (language_title(one.language), kind, *_tested(part))
        for one in found.exchanges
        for kind, part in (("gives", one.gives), ("takes", one.takes), ("gives minus takes", one.net))
        if part
    )
    title = "What a language gives to the others and takes from them, in points, with 95 % intervals"
    columns = (Column("language"), Column("what"), *_spans("points"), *_TESTED)
    return DataTable("exchanges", title, columns, rows)


def _balances(found: Findings) -> DataTable:
    rows = tuple(
        (
            f"{language_title(one.first)} to {language_title(one.second)}",
            one.there.value,
            one.back.value,
            *_tested(one.difference),
        )
        for one in found.balances
    )
    title = "Is the transfer there larger than the way back? In points, with 95 % intervals"
    columns = (Column("way"), Column("there", signed=True), Column("back", signed=True))
    return DataTable("balances", title, (*columns, *_spans("difference"), *_TESTED), rows)


def _mixed(found: Findings) -> DataTable:
    columns = (Column("mixed"), Column("mono"), Column("cell"), Column("rows"), Column("rows of mono"))
    rows = tuple(
        (
            one.gain.model,
            one.gain.against,
            task_title(one.gain.task_key, found),
            one.rows or None,
            one.against_rows or None,
            *_tested(one.gain),
        )
        for one in found.mixed
    )
    title = "Several languages against one, on that one's own cells, in points, with 95 % intervals"
    return DataTable("mixed", title, (*columns, *_spans("difference"), *_TESTED), rows)


def _correlations(found: Findings) -> Iterator[DataTable]:
    if found.correlations is None:
        return
    between = found.correlations
    task_keys = [task_title(task_key, found) for task_key in between.task_keys]
    sides = (("cells", task_keys, between.columns), ("models", between.models, between.rows))
    for side, names, matrices in sides:
        for kind, matrix in matrices.items():
            title = f"Pearson's r between {side}, of {_KINDS[kind]}"
            yield _square(f"correlations-{side}-{kind}", title, names, matrix)


_KINDS = {"raw": "pass@1", "gains": "gains", "centred": "double-centred pass@1"}


def _square(name: str, title: str, names: Sequence[str], matrix: Matrix) -> DataTable:
    columns = (Column(""), *(Column(one, 2) for one in names))
    rows: list[tuple[Value, ...]] = [(one, *row) for one, row in zip(names, matrix, strict=True)]
    return DataTable(name, title, columns, tuple(rows))


def _problems(found: Findings) -> DataTable:
    columns = (Column("cell"), Column("problem"), *(Column(model, 0) for model in found.models))
    return DataTable(
        "problems", "Share of samples that solved each problem, in percent", columns, tuple(_solved(found))
    )


def _solved(found: Findings) -> Iterator[tuple[Value, ...]]:
    for task_key, table in found.problems.items():
        rows = dict(zip(table.models, table.rates, strict=True))
        for at, problem in enumerate(table.problems):
            rates = (rows[model][at] if model in rows else None for model in found.models)
            yield (
                task_title(task_key, found),
                problem,
                *(None if rate is None else 100 * rate for rate in rates),
            )


def _failures(found: Findings) -> DataTable:
    statuses = [status for status in Status if any(status in counts for counts in found.failures.values())]
    columns = (Column("model"), Column("cell"), *(Column(str(status)) for status in statuses))
    order = [(model, task_key) for model in found.models for task_key in found.task_keys]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            model,
            task_title(task_key, found),
            *(found.failures[model, task_key].get(status, 0) for status in statuses),
        )
        for model, task_key in order
        if (model, task_key) in found.failures
    )
    return DataTable("verdicts", "Programs by verdict, over all seeds and samples", columns, rows)


def _flagged(found: Findings) -> DataTable:
    columns = (Column("model"), Column("cell"), Column("flagged problems"), Column("pass@1"))
    more = (Column("without them"), Column("low"), Column("high"))
    rows = tuple(
        (model, task_title(task_key, found), one.flagged, 100 * one.with_them.value, *_percent(one.without))
        for (model, task_key), one in found.flagged.items()
    )
    title = "pass@1 with and without problems that the training sources held, in percent"
    return DataTable("flagged", title, (*columns, *more), rows)


def _percent(rate: Rate | None) -> tuple[Value, Value, Value]:
    return (100 * rate.value, 100 * rate.low, 100 * rate.high) if rate else (None, None, None)


def _beside(found: Findings) -> DataTable:
    columns = (Column("paper"), Column("model"), Column("published as"), Column("cell"), Column("pass@1"))
    rows = tuple(
        (
            one.paper,
            one.model,
            one.published_model,
            task_title(one.task_key, found),
            100 * one.rate.value,
            100 * one.published,
            one.gain.value if one.gain else None,
            one.published_gain,
        )
        for one in published_comparisons(found)
    )
    more = (Column("published"), Column("gain", signed=True), Column("published gain", signed=True))
    return DataTable("published", "This study beside published figures", (*columns, *more), rows)
