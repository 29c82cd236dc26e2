"""Divide inputs over independent processes, and join their outputs: none missing, none doubled."""

from crosstune.sharding._inputs import Inputs, Item
from crosstune.sharding._join import check_nothing_missing, join_lines
from crosstune.sharding._marker import Marker, marker_path, write_marker
from crosstune.sharding._shard import WHOLE, Shard, parse_shard
from crosstune.sharding._verify import align, finished_shards

__all__ = [
    "WHOLE",
    "Inputs",
    "Item",
    "Marker",
    "Shard",
    "align",
    "check_nothing_missing",
    "finished_shards",
    "join_lines",
    "marker_path",
    "parse_shard",
    "write_marker",
]
