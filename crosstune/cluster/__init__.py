"""Judge and mine on a cluster, by Ray (extra ``ray``).

Ray moves tasks to nodes and notices nodes that die; crosstune repeats what these had not finished. The
results are written by the process that was started, as without a cluster, so a stopped command continues.
"""

from crosstune.cluster._connection import check_address, connected
from crosstune.cluster._judge import ClusterJudge
from crosstune.cluster._mining import mine_names, record_name

__all__ = ["ClusterJudge", "check_address", "connected", "mine_names", "record_name"]
