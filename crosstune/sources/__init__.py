"""Corpus sources, one file each: something outside becomes examples.

Beside them, the mining of git history in its parts, for those who want more than its examples.
"""

from crosstune.discovery import Shelf
from crosstune.sources._columns import Columns, pair, text
from crosstune.sources._explain import Explained, Step, explain
from crosstune.sources._findings import Aside, incomplete
from crosstune.sources._funnel import Funnel
from crosstune.sources._mining import Mined, fingerprint, mine_repository, state, unread
from crosstune.sources._profile import Profile, load_profile, profiles
from crosstune.sources._quarantine import Poison, Quarantine, checked
from crosstune.sources._remotes import Fetched, clones, fetched, listed
from crosstune.sources._repositories import join, mine_each, record_name
from crosstune.sources._rows import Row, rows
from crosstune.sources._source import Source
from crosstune.sources._transport import first_line, is_transport

SOURCES = Shelf("crosstune.sources", "SOURCE", "source", Source)

__all__ = [
    "SOURCES",
    "Aside",
    "Columns",
    "Explained",
    "Fetched",
    "Funnel",
    "Mined",
    "Poison",
    "Profile",
    "Quarantine",
    "Row",
    "Source",
    "Step",
    "checked",
    "clones",
    "explain",
    "fetched",
    "fingerprint",
    "first_line",
    "incomplete",
    "is_transport",
    "join",
    "listed",
    "load_profile",
    "mine_each",
    "mine_repository",
    "pair",
    "profiles",
    "record_name",
    "rows",
    "state",
    "text",
    "unread",
]
