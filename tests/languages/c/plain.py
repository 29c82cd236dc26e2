"""C, compiled and linked by gcc."""

from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, joined, tool


def _commands(program: Program, _: SandboxRunner) -> PlainCommands:
    build = (tool("gcc"), "-std=gnu17", "-w", "p.c", "-o", "program", "-lm")
    return PlainCommands({"p.c": joined(program)}, build)


PLAIN = PlainWay(_commands)
