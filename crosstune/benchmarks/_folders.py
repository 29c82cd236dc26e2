"""Find a benchmark's files in a folder that has those of several benchmarks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pydantic

from crosstune.benchmarks._benchmark import Benchmark

_DEEPEST = 2
_HUB_CACHE = re.compile(r"datasets--(?P<owner>.+)--(?P<name>.+)")


def find_settings(benchmark: Benchmark, names: Iterable[str], folder: Path | None) -> Any | None:
    """Settings with which the benchmark finds the files of a language at least; None: there are none.

    It needs no data, or they are in ``folder`` itself or at most two folders below it, in one that has one of
    ``names`` or the name of the dataset on the Hub, or they are in the Hub's cache. Case and punctuation in
    names do not matter.
    """
    wanted = {_plain(name) for name in (*names, benchmark.hub.rpartition("/")[2]) if name}
    for place in (*(_named(folder, wanted, benchmark.hub) if folder else ()), None):
        values = {**benchmark.defaults, **({"data": str(place)} if place else {})}
        try:
            settings = benchmark.settings.model_validate(values, context={"base": Path.cwd()})
        except pydantic.ValidationError:
            continue
        if languages_found(benchmark, settings):
            return settings
    return None


def languages_found(benchmark: Benchmark, settings: Any) -> list[str]:
    """The languages whose files are there."""
    return [
        language
        for language in benchmark.languages
        if all(each.met for each in benchmark.requirements(settings, language))
    ]


def _named(folder: Path, wanted: Collection[str], hub: str) -> Iterator[Path]:
    for place in (folder, *_folders(folder, _DEEPEST)):
        cached = _HUB_CACHE.fullmatch(place.name)
        if cached and f"{cached['owner']}/{cached['name']}" == hub:
            yield from sorted(place.glob("snapshots/*"))
        elif _plain(place.name) in wanted:
            yield place


def _folders(folder: Path, deep: int) -> Iterator[Path]:
    for place in sorted(each for each in folder.iterdir() if each.is_dir()):
        yield place
        if deep > 1:
            yield from _folders(place, deep - 1)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
