"""Filter, de-duplicate, mix, convert and store examples.

Each name in ``__all__`` is imported on first use, because few commands need all of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosstune.corpus._assemble import AssembledCorpus, CorpusReport, assemble, filter_requirements
    from crosstune.corpus._card import Contents, contents, describe
    from crosstune.corpus._card_text import yield_rows
    from crosstune.corpus._convert import convert
    from crosstune.corpus._from_source import make
    from crosstune.corpus._input import load
    from crosstune.corpus._mine import Mining, mine, write_mined
    from crosstune.corpus._mine_shard import merge_mined, mine_shard
    from crosstune.corpus._mix import DrawnPart, Mixture, Part, mix, sample
    from crosstune.corpus._mixture import MixedCorpus, mix_corpora
    from crosstune.corpus._mixture_spec import (
        LoadedMixture,
        MixtureSpec,
        PartSpec,
        Replay,
        load_mixture,
        mixture_names,
    )
    from crosstune.corpus._push import push
    from crosstune.corpus._statistics import Lengths, Statistics, TaskCount, statistics
    from crosstune.corpus._store import count, read, write
    from crosstune.corpus._transform import Transformation, TransformResult, transform
    from crosstune.corpus.filters import (
        BenchmarkContamination,
        Cluster,
        ContaminationIndex,
        Decontamination,
        Dropped,
        ExactDedup,
        Filter,
        Filtered,
        KnownProblems,
        NearDedup,
        NearDuplicates,
        Privacy,
        Proof,
        Scrubber,
        Selection,
        Selector,
        apply_filters,
        known_problems,
    )
    from crosstune.corpus.formats import FORMATS, Format, format_names

__all__ = [
    "FORMATS",
    "AssembledCorpus",
    "BenchmarkContamination",
    "Cluster",
    "ContaminationIndex",
    "Contents",
    "CorpusReport",
    "Decontamination",
    "DrawnPart",
    "Dropped",
    "ExactDedup",
    "Filter",
    "Filtered",
    "Format",
    "KnownProblems",
    "Lengths",
    "LoadedMixture",
    "Mining",
    "MixedCorpus",
    "Mixture",
    "MixtureSpec",
    "NearDedup",
    "NearDuplicates",
    "Part",
    "PartSpec",
    "Privacy",
    "Proof",
    "Replay",
    "Scrubber",
    "Selection",
    "Selector",
    "Statistics",
    "TaskCount",
    "TransformResult",
    "Transformation",
    "apply_filters",
    "assemble",
    "contents",
    "convert",
    "count",
    "describe",
    "filter_requirements",
    "format_names",
    "known_problems",
    "load",
    "load_mixture",
    "make",
    "merge_mined",
    "mine",
    "mine_shard",
    "mix",
    "mix_corpora",
    "mixture_names",
    "push",
    "read",
    "sample",
    "statistics",
    "transform",
    "write",
    "write_mined",
    "yield_rows",
]

_NAMES: Mapping[str, str] = {
    "_assemble": "AssembledCorpus CorpusReport assemble filter_requirements",
    "_card": "Contents contents describe",
    "_card_text": "yield_rows",
    "_convert": "convert",
    "_from_source": "make",
    "_input": "load",
    "_mine": "Mining mine write_mined",
    "_mine_shard": "merge_mined mine_shard",
    "_mix": "DrawnPart Mixture Part mix sample",
    "_mixture": "MixedCorpus mix_corpora",
    "_mixture_spec": "LoadedMixture MixtureSpec PartSpec Replay load_mixture mixture_names",
    "_push": "push",
    "_statistics": "Lengths Statistics TaskCount statistics",
    "_store": "count read write",
    "_transform": "Transformation TransformResult transform",
    "filters": "BenchmarkContamination Cluster ContaminationIndex Decontamination Dropped ExactDedup"
    " Filter Filtered KnownProblems NearDedup NearDuplicates Privacy Proof Scrubber Selection Selector"
    " apply_filters known_problems",
    "formats": "FORMATS Format format_names",
}
"""The same names as above at run time, by module."""

_ORIGINS = {name: module for module, names in _NAMES.items() for name in names.split()}


if not TYPE_CHECKING:  # a type checker would take any name as exported

    def __getattr__(name: str) -> Any:
        if name not in _ORIGINS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{_ORIGINS[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
