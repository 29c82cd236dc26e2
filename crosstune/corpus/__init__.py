"""Examples filtered, de-duplicated, mixed and stored."""

from crosstune.corpus._assemble import Assembled, Assembly, assemble
from crosstune.corpus._decontaminate import Decontamination, decontaminate
from crosstune.corpus._mine import Mining, mine
from crosstune.corpus._mix import Mixture, Part, Taken, mix, sample
from crosstune.corpus._sift import Dropped, Seen, Sifted, deduplicate
from crosstune.corpus._statistics import Cell, Lengths, Statistics, statistics
from crosstune.corpus._store import count, read, write

__all__ = [
    "Assembled",
    "Assembly",
    "Cell",
    "Decontamination",
    "Dropped",
    "Lengths",
    "Mining",
    "Mixture",
    "Part",
    "Seen",
    "Sifted",
    "Statistics",
    "Taken",
    "assemble",
    "count",
    "decontaminate",
    "deduplicate",
    "mine",
    "mix",
    "read",
    "sample",
    "statistics",
    "write",
]
