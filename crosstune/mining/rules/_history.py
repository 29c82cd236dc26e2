"""Rules on a commit's position in the history: merges, and commits whose parents a shallow clone left out."""

from __future__ import annotations

from collections.abc import Collection

from crosstune.mining.repository._log import PARENTS, Entry
from crosstune.mining.rules._rule import Rule

MERGE = "merge commit"
SHALLOW = "cut off by a shallow clone"


def history_rules(shallow: Collection[str]) -> list[Rule[Entry]]:
    """Rules on log entries; ``shallow`` are the commits whose parents a shallow clone left out."""
    cut_off = {commit.encode() for commit in shallow}
    return [
        Rule(MERGE, "", lambda entry: b" " in entry[PARENTS], _parents),
        Rule(SHALLOW, "", lambda entry: entry[0] in cut_off, _parents),
    ]


def _parents(entry: Entry) -> str:
    parents = entry[PARENTS].decode().split()
    return f"parents {', '.join(parent[:12] for parent in parents)}" if parents else "no parents"
