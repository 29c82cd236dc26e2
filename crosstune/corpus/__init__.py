"""Filter, de-duplicate, mix, convert and store examples."""

from crosstune.corpus._assemble import AssembledCorpus, CorpusReport, assemble, filter_requirements
from crosstune.corpus._card import Contents, contents, describe
from crosstune.corpus._convert import convert
from crosstune.corpus._input import load
from crosstune.corpus._mine import Mining, mine
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
    "mine",
    "mix",
    "mix_corpora",
    "mixture_names",
    "push",
    "read",
    "sample",
    "statistics",
    "transform",
    "write",
]
