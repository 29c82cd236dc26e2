"""Examples filtered, de-duplicated, mixed and stored."""

from crosstune.corpus._assemble import Assembled, Assembly, assemble, filter_needs
from crosstune.corpus._decontaminate import Decontamination, Gate, Guarded, decontaminate
from crosstune.corpus._known import Known, known_problems
from crosstune.corpus._mine import Mining, mine
from crosstune.corpus._mix import Mixture, Part, Taken, mix, sample
from crosstune.corpus._near import Cluster, Near, NearDuplicates
from crosstune.corpus._private import Privacy, Scrubber
from crosstune.corpus._sift import Dropped, Filter, Seen, Sifted, deduplicate, sift
from crosstune.corpus._statistics import Cell, Lengths, Statistics, statistics
from crosstune.corpus._store import count, read, write

__all__ = [
    "Assembled",
    "Assembly",
    "Cell",
    "Cluster",
    "Decontamination",
    "Dropped",
    "Filter",
    "Gate",
    "Guarded",
    "Known",
    "Lengths",
    "Mining",
    "Mixture",
    "Near",
    "NearDuplicates",
    "Part",
    "Privacy",
    "Scrubber",
    "Seen",
    "Sifted",
    "Statistics",
    "Taken",
    "assemble",
    "count",
    "decontaminate",
    "deduplicate",
    "filter_needs",
    "known_problems",
    "mine",
    "mix",
    "read",
    "sample",
    "sift",
    "statistics",
    "write",
]
