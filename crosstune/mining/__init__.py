"""Mine git history: repositories → rules → contents → pieces → examples.

`mine` is the entry point; `explain` reports what each rule decides about one commit. Inside, `repository`
reads commits with git, `rules` check their messages, files and contents, `pieces` cuts out the changed part,
`stages` runs both in order of cost, and `_example` turns each kept commit into an instruction.
"""

from crosstune.mining._decisions import QuarantinedCommit, has_missing_objects
from crosstune.mining._example import to_examples
from crosstune.mining._explain import Explanation, RuleOutcome, explain
from crosstune.mining._fingerprint import fingerprint, rules_name
from crosstune.mining._funnel import Funnel
from crosstune.mining._mine import Mined, failed_repositories, mine, mine_fetched
from crosstune.mining._named import MinedName, join_named, join_streamed, mine_name
from crosstune.mining._one_repository import MinedRepository, references_digest, repository_state
from crosstune.mining._profile import Profile, load_profile, profiles
from crosstune.mining._repositories import record_name
from crosstune.mining.repository._remotes import Fetched, distinct, expand_lists, fetch, without_password

__all__ = [
    "Explanation",
    "Fetched",
    "Funnel",
    "Mined",
    "MinedName",
    "MinedRepository",
    "Profile",
    "QuarantinedCommit",
    "RuleOutcome",
    "distinct",
    "expand_lists",
    "explain",
    "failed_repositories",
    "fetch",
    "fingerprint",
    "has_missing_objects",
    "join_named",
    "join_streamed",
    "load_profile",
    "mine",
    "mine_fetched",
    "mine_name",
    "profiles",
    "record_name",
    "references_digest",
    "repository_state",
    "rules_name",
    "to_examples",
    "without_password",
]
