"""Programming languages, one folder each: building and running a program, writing values as source."""

from crosstune.languages._language import (
    BuildPlan,
    CompileResult,
    CompileServer,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    Tool,
)
from crosstune.languages._registry import LANGUAGES, language_name

__all__ = [
    "LANGUAGES",
    "BuildPlan",
    "CompileResult",
    "CompileServer",
    "JudgeTask",
    "Judging",
    "Language",
    "SandboxPath",
    "Tool",
    "language_name",
]
