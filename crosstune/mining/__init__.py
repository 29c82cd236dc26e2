"""Mine git history: a repository's commits become instruction examples."""

from crosstune.mining._explain import Explained, Step, explain
from crosstune.mining._findings import Aside, incomplete
from crosstune.mining._funnel import Funnel
from crosstune.mining._mining import Mined, fingerprint, mine_repository, references, state, unread
from crosstune.mining._profile import Profile, load_profile, profiles
from crosstune.mining._repositories import join, mine_each, record_name
from crosstune.mining.repository._remotes import Fetched, clones, fetched, listed

__all__ = [
    "Aside",
    "Explained",
    "Fetched",
    "Funnel",
    "Mined",
    "Profile",
    "Step",
    "clones",
    "explain",
    "fetched",
    "fingerprint",
    "incomplete",
    "join",
    "listed",
    "load_profile",
    "mine_each",
    "mine_repository",
    "profiles",
    "record_name",
    "references",
    "state",
    "unread",
]
