"""Data in object stores: read and written through a copy on this machine, by fsspec (extra ``storage``).

A remote path is a `Path` whose first part is a protocol: ``Path("s3://bucket/a.jsonl")``. So commands take
one where they take a path, and ``with_name``, ``parent`` and ``/`` work as they do on others.
"""

from crosstune.storage._copies import copies_beside, local_copy
from crosstune.storage._output import CHECKPOINT_SECONDS, writing
from crosstune.storage._remote import PROTOCOLS, check_here, is_remote, shown, staging

__all__ = [
    "CHECKPOINT_SECONDS",
    "PROTOCOLS",
    "check_here",
    "copies_beside",
    "is_remote",
    "local_copy",
    "shown",
    "staging",
    "writing",
]
