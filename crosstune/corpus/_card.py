"""The data card of a mined corpus: what the Hub and a reader want to know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import yaml

from crosstune.corpus._statistics import Lengths, Statistics
from crosstune.sources import Funnel

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(
    *,
    files: Mapping[str, str],
    funnel: Funnel,
    statistics: Statistics,
    licences: Mapping[str, int],
    repositories: Sequence[str],
    rules: str,
) -> str:
    """The README.md. ``files`` is language to file, relative to the corpus; ``licences`` counts rows."""
    front = yaml.safe_dump(_front(files, statistics.rows, licences), sort_keys=False, allow_unicode=True)
    parts = [
        f"---\n{front}---\n",
        f"# {statistics.rows:,} commits as instructions\n",
        _opening(funnel, repositories, rules),
        "## The funnel\n",
        _table(("rule", "dropped", "left"), [("commits", "", funnel.commits), *funnel.rows()]),
        "## Languages\n",
        _table(("language", "rows"), statistics.languages.items()),
        "## Licences\n",
        "As the texts at the root of each repository's HEAD say; the rights in each row stay its authors'.\n",
        _table(("licence", "rows"), licences.items()),
        "## Lengths\n",
        "In characters.\n",
        _table(
            ("", "least", "median", "90 %", "most", "total"),
            [_lengths("prompt", statistics.prompts), _lengths("completion", statistics.completions)],
        ),
    ]
    if funnel.unreadable:
        parts += ["## Not read\n", _table(("repository", "why"), funnel.unreadable.items())]
    return "\n".join(parts)


def _opening(funnel: Funnel, repositories: Sequence[str], rules: str) -> str:
    return (
        f"{funnel.kept:,} single-file commits ({funnel.additions:,} of them add a file) out of"
        f" {funnel.commits:,}, from {_listed(repositories)}, chosen by the rules `{rules}`. Each row asks"
        " with a commit's subject and the file before it (`prompt`) for the file after it (`completion`);"
        " `provenance` is a JSON object with repository, commit, path, blob ids, licence and full message."
        f" Tokens were {funnel.tokens}.\n"
    )


def _front(files: Mapping[str, str], rows: int, licences: Mapping[str, int]) -> dict[str, object]:
    known = [name for names in licences for name in names.split(" + ")]
    everything = {"config_name": "default", "data_files": sorted(files.values())}
    by_language = [
        {"config_name": language, "data_files": [file]} for language, file in files.items() if len(files) > 1
    ]
    return {
        "license": list(dict.fromkeys(known)) or ["unknown"],
        "task_categories": ["text-generation"],
        "language": ["code", "en"],
        "tags": ["code", "commits", "instruction-tuning"],
        "size_categories": [next((name for most, name in SIZES if rows < most), "n>1M")],
        "configs": [everything, *by_language],
    }


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 10 else f"{len(names)} repositories"


def _lengths(name: str, lengths: Lengths) -> tuple[str | int, ...]:
    return (name, lengths.least, lengths.median, lengths.ninetieth, lengths.most, lengths.total)


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: str | int) -> str:
    text = f"{value:,}" if isinstance(value, int) else value
    return text.replace("|", "\\|").replace("\n", " ")
