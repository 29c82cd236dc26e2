"""The data card of a corpus: what the Hub and a reader want to know of it."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crosstune.corpus import _folder
from crosstune.corpus._statistics import Lengths, Statistics, statistics
from crosstune.corpus._store import INDEX, guarded, read
from crosstune.corpus._store import count as rows_of
from crosstune.errors import DataError, MissingExtra
from crosstune.mining import Funnel
from crosstune.records import Example

CARD = "README.md"
PLOT = "lengths"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
NO_ROWS = (
    "**It holds no rows.** `datasets.load_dataset` refuses a split without rows; with `streaming=True` it"
    " gives an empty one.\n"
)

ROWS = (
    "Each row asks (`prompt`) for an answer (`completion`); `provenance` is a JSON object that says where it"
    " comes from.\n"
)


def card(
    *,
    files: Mapping[str, Sequence[str]],
    funnel: Funnel,
    statistics: Statistics,
    licences: Mapping[str, int],
    repositories: Sequence[str],
    rules: str,
    pictured: bool,
) -> str:
    """The README.md of a mined corpus. ``files`` is language to files, relative to the corpus; ``licences``
    counts rows; ``pictured``: lengths.png stands beside it."""
    parts = [
        front(files, statistics.rows, licences, ("commits",)),
        f"# {statistics.rows:,} commits as instructions\n",
        *([] if statistics.rows else [NO_ROWS]),
        _opening(funnel, repositories, rules),
        "## The funnel\n",
        _table(("rule", "dropped", "left"), [("commits", "", funnel.commits), *funnel.rows()]),
        "## Languages\n",
        _table(("language", "rows"), statistics.languages.items()),
        "## Licences\n",
        "As the texts at the repository's root said at each commit; the rights in a row stay its authors'.\n",
        _table(("licence", "rows"), licences.items()),
        *_lengths_section(statistics, pictured),
    ]
    if funnel.unreadable:
        parts += ["## Not read\n", _table(("repository", "why"), funnel.unreadable.items())]
    if funnel.stale:
        parts += ["## Not brought up to date\n", "Used as they were fetched before.\n"]
        parts += [_table(("repository", "why"), funnel.stale.items())]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the rows of a corpus are: numbers, and rows by (source, licence)."""

    statistics: Statistics
    origins: Mapping[tuple[str, str], int]


def contents(examples: Iterable[Example]) -> Contents:
    """One pass; the licence is what a row's provenance says."""
    origins: Counter[tuple[str, str]] = Counter()

    def noted() -> Iterator[Example]:
        for each in examples:
            origins[each.source, each.provenance.get("licence") or "unknown"] += 1
            yield each

    found = statistics(noted())
    return Contents(found, dict(sorted(origins.items(), key=lambda item: (-item[1], item[0]))))


def write_card(folder: Path, told: Mapping[str, Any], *, plot: bool = False) -> Contents:
    """Write the README.md of a corpus folder, of which funnel.json says ``told``; what stands in it. A
    picture that stands there (`picture`) is shown in it; with ``plot`` one is drawn, where that can be.

    Raises:
        DataError: the folder holds no corpus.
        Incomplete: the disk is full.
    """
    found = contents(read(folder))
    if plot and found.statistics.rows:
        with contextlib.suppress(MissingExtra):  # the table says the same, and the command how to get it
            picture(folder, read(folder))
    names = told.get("files") or [str(path.relative_to(folder)) for path in folder.rglob("*.parquet")]
    text = _text(found, dict(_folder.by_language(names)), told, pictured=(folder / f"{PLOT}.png").is_file())
    aside = folder / f".{CARD}.part"

    def put() -> None:
        aside.write_text(text, "utf-8")
        aside.replace(folder / CARD)

    try:
        guarded(folder, put)
    finally:
        aside.unlink(missing_ok=True)
    return found


def picture(folder: Path, examples: Iterable[Example]) -> None:
    """Write `lengths.svg` and `lengths.png` into ``folder``.

    Raises:
        MissingExtra: what draws is not installed.
        Incomplete: the disk is full.
    """
    from crosstune.corpus._plot import draw

    guarded(folder, lambda: draw(examples, folder / PLOT))


def describe(folder: Path) -> Contents:
    """Write the card of the corpus in ``folder`` anew, with its picture; what stands in it. Of a mined one
    it is the card that `mine` writes.

    Raises:
        DataError: no corpus there.
        MissingExtra: what draws is not installed.
        Incomplete: the disk is full.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; expected a corpus")
    told = _folder.index(folder)
    if "funnel" in told and "repositories" not in told:
        raise DataError(f"{folder / INDEX}: does not say which repositories were read; mine it again")
    if rows_of(folder):
        picture(folder, read(folder))
    return write_card(folder, told)


def _text(
    found: Contents, files: Mapping[str, Sequence[str]], told: Mapping[str, Any], *, pictured: bool
) -> str:
    numbers = found.statistics
    if "funnel" in told:
        return card(
            files=files,
            funnel=Funnel(**told["funnel"]),
            statistics=numbers,
            licences=told["licences"],
            repositories=told["repositories"],
            rules=told["rules"],
            pictured=pictured,
        )
    licences: Counter[str] = Counter()
    for (_, licence), rows in found.origins.items():
        licences[licence] += rows
    report = told.get("made", {}).get("report", {})
    parts = [
        front(files, numbers.rows, dict(licences.most_common()), tuple(numbers.sources)),
        f"# {numbers.rows:,} rows of instructions\n",
        *([] if numbers.rows else [NO_ROWS]),
        ROWS,
        "## Sources\n",
        "The licence is what each row's provenance says; the rights stay its authors'.\n",
        _table(("source", "licence", "rows"), [(*origin, rows) for origin, rows in found.origins.items()]),
        "## The funnel\n",
        _table(("step", "dropped", "left"), list(funnel_rows(told))),
        *_gate_section(report),
        *_private_section(report),
        "## Languages\n",
        _table(("language", "rows"), [(name or "(prose)", rows) for name, rows in numbers.languages.items()]),
        *_lengths_section(numbers, pictured),
    ]
    return "\n".join(parts)


def funnel_rows(told: Mapping[str, Any]) -> Iterator[tuple[str, str | int, str | int]]:
    """(what, dropped, left), from the first reading to the last step, of what a funnel.json says."""
    if "funnel" in told:
        funnel = Funnel(**told["funnel"])
        yield "commits", "", funnel.commits
        yield from funnel.rows()
        return
    made = told.get("made")
    if not made:
        return
    for each in made["inputs"]:
        yield from funnel_rows(each)
    left = made["read"]
    yield f"{made['step']}: rows of {', '.join(each['name'] for each in made['inputs'])}", "", left
    gone = {f"unusable, {reason}": count for reason, count in made["quarantined"].items()} | made["dropped"]
    for reason, count in gone.items():
        left -= count
        yield f"{made['step']}: {reason}", count, left
    if made["rows"] != left:
        yield f"{made['step']}: rows taken", "", made["rows"]


def _gate_section(report: Mapping[str, Any]) -> list[str]:
    if not (guarded := report.get("guarded")):
        return []
    rows = [
        (each["benchmark"], each["language"], each["problems"], len(each["flagged"]), each["examples"])
        for each in guarded
    ]
    head = ("benchmark", "language", "problems", "met in some row", "rows that held one")
    lacking = [f"{name}: {why}" for name, why in report.get("lacking", {}).items()]
    said = ["Not searched for: " + "; ".join(lacking) + ".\n"] if lacking else []
    return ["## Decontamination\n", "Rows that held a problem were taken out.\n", _table(head, rows), *said]


def _private_section(report: Mapping[str, Any]) -> list[str]:
    if (found := report.get("private")) is None:
        return []
    none = "Secrets, e-mail and IP addresses were looked for; none was found.\n"
    return ["## Private data\n", _table(("found", "times"), found.items()) if found else none]


def front(
    files: Mapping[str, Sequence[str]], rows: int, licences: Mapping[str, int], tags: Iterable[str]
) -> str:
    """The YAML head that the Hub reads; ``files`` are those of each language."""
    known = [name for names in licences for name in names.split(" + ")]
    every = [{"config_name": "default", "data_files": sorted(name for own in files.values() for name in own)}]
    if len(files) > 1:
        every += [{"config_name": language, "data_files": list(own)} for language, own in files.items()]
    head = {
        "license": list(dict.fromkeys(known)) or ["unknown"],
        "task_categories": ["text-generation"],
        "language": ["code", "en"],
        "tags": list(dict.fromkeys(["code", *tags, "instruction-tuning"])),
        "size_categories": [next((name for most, name in SIZES if rows < most), "n>1M")],
        "configs": every,
    }
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n"


def _opening(funnel: Funnel, repositories: Sequence[str], rules: str) -> str:
    return (
        f"{funnel.kept:,} single-file commits ({funnel.additions:,} of them add a file) out of"
        f" {funnel.commits:,}, from {_listed(repositories)}, chosen by the rules `{rules}`. Each row asks"
        " with a commit's subject and the file before it (`prompt`) for the file after it (`completion`);"
        " `provenance` is a JSON object with repository, commit, path, blob ids, licence and full message."
        f" Tokens were {funnel.tokens}.\n"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 10 else f"{len(names)} repositories"


def _lengths_section(numbers: Statistics, pictured: bool) -> list[str]:
    head = ("", "least", "median", "90 %", "most", "total")
    rows = [_lengths("prompt", numbers.prompts), _lengths("completion", numbers.completions)]
    picture = [f"![Lengths of prompts and completions]({PLOT}.png)\n"] if pictured else []
    return ["## Lengths\n", "In characters.\n", _table(head, rows), *picture]


def _lengths(name: str, lengths: Lengths) -> tuple[str | int, ...]:
    return (name, lengths.least, lengths.median, lengths.ninetieth, lengths.most, lengths.total)


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: str | int) -> str:
    text = f"{value:,}" if isinstance(value, int) else value
    return text.replace("|", "\\|").replace("\n", " ")
