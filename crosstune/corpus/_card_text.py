"""The text of data cards: the Hub's metadata, then tables in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from crosstune.corpus._licences import licence_metadata
from crosstune.corpus._statistics import Lengths, Statistics
from crosstune.mining import Funnel

PLOT = "lengths"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
NO_ROWS = (
    "**This corpus has no rows.** `datasets.load_dataset` refuses a split without rows; with `streaming=True`"
    " it returns an empty one.\n"
)
ROWS = (
    "Each row has an instruction (`prompt`) and its answer (`completion`); `provenance` is a JSON object with"
    " the row's origin.\n"
)


def mined_card(
    *,
    files: Mapping[str, Sequence[str]],
    funnel: Funnel,
    statistics: Statistics,
    licences: Mapping[str, int],
    repositories: Sequence[str],
    rules: str,
    has_plot: bool,
) -> str:
    """The card of a mined corpus.

    ``files`` maps a language to its files, relative to the corpus; ``licences`` counts rows; ``has_plot``
    says whether the folder has a lengths.png.
    """
    parts = [
        _metadata(files, statistics.rows, licences, ("commits",)),
        f"# {statistics.rows:,} commits as instructions\n",
        *([] if statistics.rows else [NO_ROWS]),
        _mined_introduction(funnel, repositories, rules),
        "## The funnel\n",
        _table(("rule", "dropped", "left"), [("commits", "", funnel.commits), *funnel.rows()]),
        "## Languages\n",
        _table(("language", "rows"), statistics.languages.items()),
        "## Licences\n",
        "Recognised from the texts at the repository's root at each commit. Authors keep their rights.\n",
        _table(("licence", "rows"), licences.items()),
        *_lengths_section(statistics, has_plot),
    ]
    if funnel.unreadable:
        parts += ["## Not read\n", _table(("repository", "why"), funnel.unreadable.items())]
    if funnel.stale:
        parts += ["## Not updated\n", "These repositories were used as last fetched.\n"]
        parts += [_table(("repository", "why"), funnel.stale.items())]
    if funnel.incomplete:
        parts += ["## Not complete\n", _table(("repository", "why"), funnel.incomplete.items())]
    return "\n".join(parts)


def transformed_card(
    *,
    files: Mapping[str, Sequence[str]],
    statistics: Statistics,
    origins: Mapping[tuple[str, str], int],
    index: Mapping[str, Any],
    has_plot: bool,
) -> str:
    """The card of any other corpus; ``origins`` counts rows by (source, licence); ``index``: funnel.json."""
    licences: Counter[str] = Counter()
    for (_, licence), rows in origins.items():
        licences[licence] += rows
    report = index.get("made", {}).get("report", {})
    languages = [(name or "(prose)", rows) for name, rows in statistics.languages.items()]
    parts = [
        _metadata(files, statistics.rows, dict(licences.most_common()), tuple(statistics.sources)),
        f"# {statistics.rows:,} rows of instructions\n",
        *([] if statistics.rows else [NO_ROWS]),
        ROWS,
        "## Sources\n",
        "The licence is the one in each row's provenance. Authors keep their rights.\n",
        _table(("source", "licence", "rows"), [(*origin, rows) for origin, rows in origins.items()]),
        "## The funnel\n",
        _table(("step", "dropped", "left"), list(_funnel_rows(index))),
        *_yield_section(report, statistics.rows),
        *_contamination_section(report),
        *_private_section(report),
        "## Languages\n",
        _table(("language", "rows"), languages),
        *_lengths_section(statistics, has_plot),
    ]
    return "\n".join(parts)


def _funnel_rows(index: Mapping[str, Any]) -> Iterator[tuple[str, str | int, str | int]]:
    """(step, dropped, left) from the first input to the last step, as funnel.json records them."""
    if "funnel" in index:
        funnel = Funnel(**index["funnel"])
        yield "commits", "", funnel.commits
        yield from funnel.rows()
        return
    made = index.get("made")
    if not made:
        return
    for each in made["inputs"]:
        yield from _funnel_rows(each)
    left = made["read"]
    yield f"{made['step']}: rows of {', '.join(each['name'] for each in made['inputs'])}", "", left
    removed = {f"unusable, {reason}": count for reason, count in made["quarantined"].items()}
    for reason, count in (removed | made["dropped"]).items():
        left -= count
        yield f"{made['step']}: {reason}", count, left
    if made["rows"] != left:
        yield f"{made['step']}: rows taken", "", made["rows"]


def _yield_section(report: Mapping[str, Any], kept: int) -> list[str]:
    """How far the rows of a source came that translates them."""
    own = report.get("source") or {}
    if not own.get("yield"):
        return []
    table = _table(("stage", "rows", "of the stage before", "of all"), yield_rows(own["yield"], kept))
    counts = own.get("mutants", {})
    mutants = f"Of {counts.get('ran', 0):,} mutants that ran, the tests killed {counts.get('killed', 0):,}.\n"
    parts = ["## The yield\n", "Each row that reached a stage reached all before it.\n", table, mutants]
    for name, what in (("untranslated", "assertion left out"), ("answers", "answer not used")):
        if own.get(name):
            parts.append(_table((what, "times"), own[name].items()))
    return parts


def yield_rows(stages: Mapping[str, int], kept: int) -> Iterator[tuple[str, int, str, str]]:
    """Each stage, how many rows reached it, and their shares; last those that the corpus has."""
    total = before = next(iter(stages.values()), 0)
    for stage, rows in {**stages, "kept": kept}.items():
        yield stage, rows, _share(rows, before), _share(rows, total)
        before = rows


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def _contamination_section(report: Mapping[str, Any]) -> list[str]:
    if not (benchmarks := report.get("guarded")):
        return []
    rows = [
        (each["benchmark"], each["language"], each["problems"], len(each["flagged"]), each["examples"])
        for each in benchmarks
    ]
    head = ("benchmark", "language", "problems", "problems found", "rows dropped")
    missing = [f"{name}: {why}" for name, why in report.get("lacking", {}).items()]
    note = ["Not searched for: " + "; ".join(missing) + ".\n"] if missing else []
    return ["## Decontamination\n", "Rows that contain a problem were dropped.\n", _table(head, rows), *note]


def _private_section(report: Mapping[str, Any]) -> list[str]:
    if (counts := report.get("private")) is None:
        return []
    none = "The filter searched for secrets, e-mail addresses and IP addresses and found none.\n"
    return ["## Private data\n", _table(("kind", "matches"), counts.items()) if counts else none]


def _metadata(
    files: Mapping[str, Sequence[str]], rows: int, licences: Mapping[str, int], tags: Iterable[str]
) -> str:
    """The YAML metadata that the Hub reads."""
    configs = [
        {"config_name": "default", "data_files": sorted(name for own in files.values() for name in own)}
    ]
    if len(files) > 1:
        configs += [{"config_name": language, "data_files": list(own)} for language, own in files.items()]
    metadata = {
        **licence_metadata(licences),
        "task_categories": ["text-generation"],
        "language": ["code", "en"],
        "tags": list(dict.fromkeys(["code", *tags, "instruction-tuning"])),
        "size_categories": [next((name for most, name in SIZES if rows < most), "n>1M")],
        "configs": configs,
    }
    return f"---\n{yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)}---\n"


def _mined_introduction(funnel: Funnel, repositories: Sequence[str], rules: str) -> str:
    return (
        f"{funnel.kept:,} single-file commits ({funnel.additions:,} of them add a file) out of"
        f" {funnel.commits:,}, from {_listed(repositories)}, selected by the rules `{rules}`. In each row,"
        " `prompt` is a commit's subject and the file before the commit, `completion` is the file after it;"
        " `provenance` is a JSON object with repository, commit, path, blob ids, licence and full message."
        f" Tokens were {funnel.tokens}.\n"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 10 else f"{len(names)} repositories"


def _lengths_section(statistics: Statistics, has_plot: bool) -> list[str]:
    head = ("", "least", "median", "90 %", "most", "total")
    rows = [_lengths("prompt", statistics.prompts), _lengths("completion", statistics.completions)]
    plot = [f"![Lengths of prompts and completions]({PLOT}.png)\n"] if has_plot else []
    return ["## Lengths\n", "In characters.\n", _table(head, rows), *plot]


def _lengths(name: str, lengths: Lengths) -> tuple[str | int, ...]:
    return (name, lengths.least, lengths.median, lengths.ninetieth, lengths.most, lengths.total)


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: str | int) -> str:
    text = f"{value:,}" if isinstance(value, int) else value
    return text.replace("|", "\\|").replace("\n", " ")
