"""Programming languages, one folder each: how to build and run programs, and write values as source."""

from crosstune.languages._arguments import (
    CallPlan,
    CallTarget,
    DoesNotFit,
    Likeness,
    dropping,
    making,
    question,
)
from crosstune.languages._install import install
from crosstune.languages._language import (
    BuildPlan,
    CompileResult,
    CompileServer,
    JudgeTask,
    Judging,
    Language,
    Part,
    ResidentProcess,
    SandboxPath,
    SeparateProcesses,
    TestsProcess,
    TestsReport,
    WholePrograms,
)
from crosstune.languages._registry import LANGUAGES, language_name
from crosstune.languages._shared.prepared_state import folder as prepared_folder
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Preparation, Tool
from crosstune.languages._typed import Declared, Signature, TypedSyntax, ValueType, fitted

__all__ = [
    "LANGUAGES",
    "BuildPlan",
    "CallPlan",
    "CallTarget",
    "CompileResult",
    "CompileServer",
    "Declared",
    "DoesNotFit",
    "JudgeTask",
    "Judging",
    "Language",
    "Likeness",
    "Method",
    "Part",
    "Preparation",
    "ResidentProcess",
    "SandboxPath",
    "SeparateProcesses",
    "Signature",
    "Syntax",
    "TestsProcess",
    "TestsReport",
    "Tool",
    "TypedSyntax",
    "ValueType",
    "WholePrograms",
    "dropping",
    "fitted",
    "install",
    "language_name",
    "making",
    "prepared_folder",
    "question",
]
