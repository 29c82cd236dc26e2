"""Programming languages, one folder each: how to build and run programs, and write values as source."""

from crosstune.languages._arguments import (
    CallPlan,
    CallTarget,
    DoesNotFit,
    Likeness,
    TextValues,
    dropping,
    making,
    question,
)
from crosstune.languages._docstring import rewritten
from crosstune.languages._install import install
from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    CompileResult,
    CompileServer,
    Description,
    JudgeTask,
    Judging,
    Language,
    LanguageSet,
    Part,
    ResidentProcess,
    SandboxPath,
    SeparateProcesses,
    TestsProcess,
    TestsReport,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._layout import Layout
from crosstune.languages._mutants import OPERATORS, WORDS, mutants
from crosstune.languages._page import updated as updated_page
from crosstune.languages._registry import LANGUAGES, language_name
from crosstune.languages._shared.prepared_state import folder as prepared_folder
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Preparation, Tool
from crosstune.languages._typed import Declared, Signature, TypedSyntax, ValueType, fitted
from crosstune.languages._value_types import declared_type, signature_of, type_of

__all__ = [
    "LANGUAGES",
    "OPERATORS",
    "WORDS",
    "BrokenTests",
    "BuildPlan",
    "CallPlan",
    "CallTarget",
    "CompileResult",
    "CompileServer",
    "Declared",
    "Description",
    "DoesNotFit",
    "JudgeTask",
    "Judging",
    "Language",
    "LanguageSet",
    "Layout",
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
    "TextValues",
    "Tool",
    "TypedSyntax",
    "UndefinedNames",
    "ValueType",
    "WholePrograms",
    "declared_type",
    "dropping",
    "fitted",
    "install",
    "language_name",
    "making",
    "mutants",
    "prepared_folder",
    "question",
    "rewritten",
    "signature_of",
    "type_of",
    "updated_page",
]
