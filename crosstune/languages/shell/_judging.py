"""How programs are run in Bash."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.scripts.interpreter import Interpreter, payload
from crosstune.languages._tools import Tool

_JUDGE = Path(__file__).with_name("judge.sh")
TOOL = Tool(name="bash", package="bash", purpose="running shell scripts")
BASH = Interpreter(
    tool=TOOL,
    runner=_JUDGE,
    extension=".sh",
    check=("-O", "extglob", "-n"),
    # A template ends with a program that starts processes, and nearly all scripts do.
    warm=False,
)

_DECIDING = (
    *("exit", "return", "trap", "set", "eval", "let", "command"),
    *("[", "test", "true", "false", "echo", "printf"),
)
_FUNCTION = re.compile(r"(?:^|[\s;{])([\w\[][\w-]*)\s*\(\s*\)|\bfunction\s+([\w-]+)", re.MULTILINE)
_VARIABLE = re.compile(r"(?<![$\w{])([A-Za-z_]\w*)\+?=")
_DECLARED = re.compile(r"\b(?:read|local|declare|typeset)\s([^\n;=]*)")
_LOOP = re.compile(r"\bfor\s+([A-Za-z_]\w*)")
_READ_ONLY = re.compile(r"^.*\b(?:readonly|(?:declare|typeset|local)\s+-\w*r)\b.*$", re.MULTILINE)
_WORD = re.compile(r"(?<![$\w{-])[A-Za-z_]\w*")


def plan(task: JudgeTask) -> BuildPlan:
    """Run the tests of a program in the candidate's shell."""
    candidate, tests = BASH.program_of(task.program)
    functions = functions_of(tests)
    checked = "".join(f" {name}" for name in _DECIDING if name not in functions)
    own = "|".join(sorted(map(re.escape, functions | variables_of(tests)))) or "-"
    texts = ("''".join(task.nonce), candidate, " ".join(_DECIDING), checked, own, tests)
    # Bash skips zero characters, in scripts as well as in what it reads.
    return BuildPlan(run=BASH.script(task, _JUDGE, payload(*(each.replace("\0", "") for each in texts))))


def functions_of(tests: str) -> set[str]:
    """The functions that tests define."""
    return {name for found in _FUNCTION.findall(tests) for name in found if name}


def variables_of(tests: str) -> set[str]:
    """The variables that tests assign to, without those that they make read-only."""
    declared = {name for words in _DECLARED.findall(tests) for name in _WORD.findall(words)}
    own = {name for line in _READ_ONLY.findall(tests) for name in _WORD.findall(line)}
    return {*_VARIABLE.findall(tests), *_LOOP.findall(tests), *declared} - own
