"""Python, run by the interpreter that runs crosstune."""

import sys
from pathlib import Path

from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, joined


def _commands(program: Program, _: SandboxRunner) -> PlainCommands:
    python = str(Path(sys.executable).resolve())
    parse = "compile(open('p.py').read(), 'p.py', 'exec')"
    return PlainCommands({"p.py": joined(program)}, (python, "-I", "-c", parse), run=(python, "-I", "p.py"))


PLAIN = PlainWay(_commands)
