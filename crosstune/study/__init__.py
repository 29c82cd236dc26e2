"""An experiment as one file: specification, plan, store, run."""

from crosstune.study._explain import changes
from crosstune.study._open import OpenRun, Outcome, open_run
from crosstune.study._plan import Plan, Step, make_plan
from crosstune.study._recorded import recorded_verdicts
from crosstune.study._run import Board, Listener, State, survey
from crosstune.study._spec import Study, StudySpec, load_study
from crosstune.study._store import Artifact, Store

__all__ = [
    "Artifact",
    "Board",
    "Listener",
    "OpenRun",
    "Outcome",
    "Plan",
    "State",
    "Step",
    "Store",
    "Study",
    "StudySpec",
    "changes",
    "load_study",
    "make_plan",
    "open_run",
    "recorded_verdicts",
    "survey",
]
