"""TypeScript, compiled by tsc and run by node with a ``console.assert`` that throws."""

from crosstune.languages._shared.node import runtime
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, joined


def _commands(program: Program, runner: SandboxRunner) -> PlainCommands:
    node = runtime.executable(runner.sandbox_path)
    modules = runner.sandbox_path(runtime.modules())
    strict = "console.assert = require('node:assert').ok;\n"
    options = ("--target", "es2023", "--lib", "es2023", "--module", "commonjs", "--moduleDetection", "force")
    types = ("--types", "node", "--typeRoots", f"{modules}/@types", "--esModuleInterop", "--skipLibCheck")
    return PlainCommands(
        {"p.ts": joined(program), "strict.js": strict},
        (node, f"{modules}/typescript/bin/tsc", *options, *types, "p.ts"),
        run=(node, "--require", "./strict.js", "p.js"),
    )


PLAIN = PlainWay(_commands, runtime.mounts)
