"""C++, compiled and linked by g++."""

from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, joined, tool


def _commands(program: Program, _: SandboxRunner) -> PlainCommands:
    build = (tool("g++"), "-std=gnu++17", "-w", "p.cpp", "-o", "program", "-lcrypto", "-lssl")
    return PlainCommands({"p.cpp": joined(program)}, build)


PLAIN = PlainWay(_commands)
