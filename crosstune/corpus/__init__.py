"""Examples filtered, de-duplicated, mixed and stored."""

from crosstune.corpus._assemble import Assembled, Assembly, assemble, filter_requirements
from crosstune.corpus._blend import Blended, blend
from crosstune.corpus._blend_spec import Blend, MixSpec, PartSpec, Replay, load_mix, mixes
from crosstune.corpus._card import Contents, contents, describe
from crosstune.corpus._convert import convert, forms
from crosstune.corpus._input import load
from crosstune.corpus._mine import Mining, mine
from crosstune.corpus._mix import Mixture, Part, Taken, mix, sample
from crosstune.corpus._push import push
from crosstune.corpus._rework import Reworked, Work, rework
from crosstune.corpus._statistics import Cell, Lengths, Statistics, statistics
from crosstune.corpus._store import count, read, write
from crosstune.corpus.filters._decontaminate import Decontamination, Gate, Guarded
from crosstune.corpus.filters._filter import Dropped, Filter, Seen, Sifted, sift
from crosstune.corpus.filters._known_problems import Known, known_problems
from crosstune.corpus.filters._near_duplicates import Cluster, Near, NearDuplicates
from crosstune.corpus.filters._private import Privacy, Scrubber
from crosstune.corpus.filters._select import Selection, Selector

__all__ = [
    "Assembled",
    "Assembly",
    "Blend",
    "Blended",
    "Cell",
    "Cluster",
    "Contents",
    "Decontamination",
    "Dropped",
    "Filter",
    "Gate",
    "Guarded",
    "Known",
    "Lengths",
    "Mining",
    "MixSpec",
    "Mixture",
    "Near",
    "NearDuplicates",
    "Part",
    "PartSpec",
    "Privacy",
    "Replay",
    "Reworked",
    "Scrubber",
    "Seen",
    "Selection",
    "Selector",
    "Sifted",
    "Statistics",
    "Taken",
    "Work",
    "assemble",
    "blend",
    "contents",
    "convert",
    "count",
    "describe",
    "filter_requirements",
    "forms",
    "known_problems",
    "load",
    "load_mix",
    "mine",
    "mix",
    "mixes",
    "push",
    "read",
    "rework",
    "sample",
    "sift",
    "statistics",
    "write",
]
