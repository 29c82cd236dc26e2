"""Filters, one file each: an example is kept, perhaps changed, or dropped with a reason.

A filter is any callable from an example to an example or `Dropped`; `apply_filters` runs several.
"""

from crosstune.corpus.filters._contamination import (
    BenchmarkContamination,
    ContaminationIndex,
    Decontamination,
)
from crosstune.corpus.filters._exact_duplicates import ExactDedup
from crosstune.corpus.filters._filter import (
    Dropped,
    Filter,
    Filtered,
    apply_filters,
    filter_one,
    package_requirement,
)
from crosstune.corpus.filters._known_problems import KnownProblems, known_problems
from crosstune.corpus.filters._near_duplicates import Cluster, NearDedup, NearDuplicates
from crosstune.corpus.filters._private import Privacy, Scrubber
from crosstune.corpus.filters._proof import Proof
from crosstune.corpus.filters._select import Selection, Selector

__all__ = [
    "BenchmarkContamination",
    "Cluster",
    "ContaminationIndex",
    "Decontamination",
    "Dropped",
    "ExactDedup",
    "Filter",
    "Filtered",
    "KnownProblems",
    "NearDedup",
    "NearDuplicates",
    "Privacy",
    "Proof",
    "Scrubber",
    "Selection",
    "Selector",
    "apply_filters",
    "filter_one",
    "known_problems",
    "package_requirement",
]
