"""JavaScript, run by node with a ``console.assert`` that throws: node's own only prints that it failed."""

from crosstune.languages._shared.node import runtime
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, joined


def _commands(program: Program, runner: SandboxRunner) -> PlainCommands:
    node = runtime.executable(runner.sandbox_path)
    strict = "console.assert = require('node:assert').ok;\n"
    return PlainCommands(
        {"p.js": joined(program), "strict.js": strict},
        (node, "--check", "p.js"),
        run=(node, "--require", "./strict.js", "p.js"),
    )


PLAIN = PlainWay(_commands, runtime.mounts)
