"""Programming languages, one folder each: how to build and run programs, and write values as source."""

from crosstune.languages._install import install
from crosstune.languages._language import (
    BuildPlan,
    CompileResult,
    CompileServer,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    WholePrograms,
)
from crosstune.languages._registry import LANGUAGES, language_name
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Preparation, Tool

__all__ = [
    "LANGUAGES",
    "BuildPlan",
    "CompileResult",
    "CompileServer",
    "JudgeTask",
    "Judging",
    "Language",
    "Method",
    "Preparation",
    "SandboxPath",
    "Syntax",
    "Tool",
    "WholePrograms",
    "install",
    "language_name",
]
