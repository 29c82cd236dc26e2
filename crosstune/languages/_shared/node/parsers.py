"""Ask the parsers of Node.js and TypeScript why a text does not parse. Nothing of it is run."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from crosstune.languages._shared.node import runtime

_SECONDS = 20
_TYPESCRIPT = """
const [, compiler, file] = process.argv;
const ts = require(compiler);
const text = require("node:fs").readFileSync(file, "utf8");
const source = ts.createSourceFile("tests.ts", text, ts.ScriptTarget.Latest);
const [first] = source.parseDiagnostics;
if (first) {
  const { line } = source.getLineAndCharacterOfPosition(first.start);
  console.log(`line ${line + 1}: ${ts.flattenDiagnosticMessageText(first.messageText, " ")}`);
}
"""


def javascript_error(text: str) -> str:
    """Why a text parses neither as a module nor as a script of Node.js; empty if it does, or nobody knows."""
    errors = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("tests.cjs", "tests.mjs"):
            file = Path(folder, name)
            file.write_text(text, "utf-8", "surrogatepass")
            message = _run("--check", str(file))
            if message is None:
                return ""
            errors.append(_shortened(message))
    return errors[re.search(r"^\s*(?:import|export)\b", text, re.MULTILINE) is not None]


def typescript_error(text: str) -> str:
    """The first error of TypeScript's parser; empty if there is none, or nobody knows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tests.ts")
        file.write_text(text, "utf-8", "surrogatepass")
        command = (runtime.program(), "-e", _TYPESCRIPT, runtime.modules() / "typescript", file)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return done.stdout.strip()


def _run(*words: str) -> str | None:
    """What node says about an error; None if there is none, or it could not be asked."""
    try:
        done = subprocess.run(
            (runtime.program(), *words), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stderr if done.returncode and "SyntaxError" in done.stderr else None


def _shortened(message: str) -> str:
    line = re.search(r"tests\.[cm]js:(\d+)", message)
    error = re.search(r"^SyntaxError: (.*)", message, re.MULTILINE)
    return f"line {line[1] if line else '?'}: {error[1] if error else 'a syntax error'}"
