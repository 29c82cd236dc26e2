"""An experiment defined in one file: read it, plan its steps, run them, and store their results."""

from crosstune.study._cluster import OnCluster
from crosstune.study._explain import changes
from crosstune.study._kind import STEP_KINDS, Resources, StepContext, StepKind, StepSpec, Subject, Usage
from crosstune.study._load import load_study
from crosstune.study._machine import Machine
from crosstune.study._open import OpenRun, RunResult, open_run
from crosstune.study._plan import Plan, Step, make_plan
from crosstune.study._power import Sight, sights
from crosstune.study._recorded import recorded_verdicts
from crosstune.study._spec import Evaluation, Study, StudySpec
from crosstune.study._state import Listener, RunState, StepState, survey
from crosstune.study._store import Artifact, Store

__all__ = [
    "STEP_KINDS",
    "Artifact",
    "Evaluation",
    "Listener",
    "Machine",
    "OnCluster",
    "OpenRun",
    "Plan",
    "Resources",
    "RunResult",
    "RunState",
    "Sight",
    "Step",
    "StepContext",
    "StepKind",
    "StepSpec",
    "StepState",
    "Store",
    "Study",
    "StudySpec",
    "Subject",
    "Usage",
    "changes",
    "load_study",
    "make_plan",
    "open_run",
    "recorded_verdicts",
    "sights",
    "survey",
]
