"""Judge, mine and generate on a cluster, by Ray (extra ``ray``); what else runs there uses the same nodes.

Ray moves tasks to nodes and notices nodes that die; crosstune repeats what these had not finished. The
results are written by the process that was started, as without a cluster, so a stopped command continues.
"""

from crosstune.cluster._connection import cause_of, check_address, connected
from crosstune.cluster._folders import Files, packed, unpack
from crosstune.cluster._generation import on_cluster
from crosstune.cluster._judge import ClusterJudge
from crosstune.cluster._mining import mine_names, record_name
from crosstune.cluster._nodes import Node, Nodes, on_node

__all__ = [
    "ClusterJudge",
    "Files",
    "Node",
    "Nodes",
    "cause_of",
    "check_address",
    "connected",
    "mine_names",
    "on_cluster",
    "on_node",
    "packed",
    "record_name",
    "unpack",
]
