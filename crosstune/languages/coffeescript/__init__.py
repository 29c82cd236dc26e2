"""CoffeeScript: compiled to JavaScript by a compiler that is kept running, then run like JavaScript.

Candidate and tests are compiled apart (``coffee --bare --compile``) and run in one process. The tests see
the candidate's variables, but for those that they declare themselves and names of the language. `runner`
lists what is defended and what is not."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from pathlib import Path

from crosstune.languages._language import (
    MIB,
    BrokenTests,
    BuildPlan,
    CompileResult,
    CompileServer,
    Description,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    WholePrograms,
)
from crosstune.languages._layout import Layout
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.node import calls, names, runner, runtime, separate, whole_program
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.interpreter import joined
from crosstune.languages._tools import Tool
from crosstune.languages.coffeescript._exercises import IDIOMS
from crosstune.languages.coffeescript._typed import TYPED
from crosstune.records import Command

_COMPILER = Path(__file__).with_name("compiler.cjs")
_PACKAGE = Path("/usr/share/nodejs/coffeescript")
_TOOL = Tool(
    name="coffee", package="coffeescript", path=f"{_PACKAGE}/package.json", purpose="compiling CoffeeScript"
)
_REQUEST = "request.json"
_WORD = re.compile(r"[\w$]+")
_KEPT = frozenset(
    {"arguments", "eval", "undefined", "NaN", "Infinity", "globalThis", "console", "require", "module"}
)
_KEPT |= {"exports"}
"""Names that the runner keeps otherwise."""
_REQUIRED = re.compile(r"""\brequire\(?\s*["']([\w:@/-]+)["']""")


def _compiler(sandbox_path: SandboxPath) -> tuple[str, ...]:
    return (runtime.executable(sandbox_path), "--single-threaded-gc", sandbox_path(_COMPILER), str(_PACKAGE))


def _request(task: JudgeTask, *, whole: bool = False) -> bytes:
    program = task.program
    tests = {} if whole else {"tests": program.tests}
    return json.dumps({"candidate": joined(program.setup, program.candidate), **tests}).encode()


def _reply(data: bytes) -> CompileResult | None:
    """None if the compiler itself failed, or wrote what is not Unicode."""
    answer = json.loads(data)
    if "errors" in answer:
        return CompileResult(refused=True, stdout=answer["errors"])
    try:
        return CompileResult(files={name: text.encode() for name, text in answer["files"].items()})
    except (KeyError, UnicodeEncodeError):
        return None


_COMPILE_SERVER = CompileServer(
    argv=_compiler,
    mounts=lambda: (_COMPILER,),
    request=_request,
    reply=_reply,
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=400 * MIB,
    requests=5000,
    environment=ENVIRONMENT,
)


def _plan(task: JudgeTask, request: bytes, run: Command, *outputs: str) -> BuildPlan:
    build = Command(
        limits=dataclasses.replace(BUILD_LIMITS, processes=64, disk_bytes=task.limits.disk_bytes),
        argv=(*_compiler(task.sandbox_path), _REQUEST),
        environment=ENVIRONMENT,
    )
    return BuildPlan(files={_REQUEST: request.decode()}, build=build, run=run, outputs=outputs)


def _build_plan(task: JudgeTask) -> BuildPlan:
    payload = {
        "files": {"candidate": "candidate.js", "tests": "tests.js"},
        "candidateAwaits": False,
        "testsAwait": False,
        "bound": _bound(task.program.tests),
        "modules": _modules(joined(task.program.setup, task.program.declaration, task.program.tests)),
    }
    return _plan(task, _request(task), runner.run_command(task, payload))


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    payload = {"file": "candidate.js", "awaits": False, "names": task.program.entry_points}
    return _plan(task, _request(task), separate.candidate_command(task, payload), "candidate.js")


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    return f"{name} = (values...) -> {f'(new {owner}())' if is_new else owner}.{method} values..."


def _bound(tests: str) -> list[str]:
    """Names of the language and of Node.js in the tests, which mean the same without a candidate."""
    return sorted((names.LANGUAGE | names.NODE) & set(_WORD.findall(tests)) - _KEPT)


def _modules(text: str) -> list[str]:
    """The modules that the tests load, which no candidate may change."""
    return sorted({*_REQUIRED.findall(text), "assert"})


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    run = whole_program.command(task, whole_program.FILE)
    return _plan(task, _request(task, whole=True), run, whole_program.FILE)


def _mounts() -> tuple[Path, ...]:
    return (*runner.mounts(), _COMPILER)


def _toolchain() -> str:
    manifest = json.loads((_PACKAGE / "package.json").read_text("utf-8"))
    return f"CoffeeScript {manifest['version']}; {runtime.toolchain()}"


_EXPORTS = r"(?:module\.exports|exports|globalThis|global|window|root|this|@)"


def _exported(code: str, name: str) -> str:
    """``root.add = …`` and a module's ``module.exports = …`` also define the plain name."""
    if re.search(rf"^{re.escape(name)}\s*=(?![=>])", code, re.MULTILINE):
        return code
    own = re.escape(name)
    field = re.compile(rf"^(?={_EXPORTS}\.?{own}\s*=(?![=>])(?!\s*{own}\s*$))", re.MULTILINE)
    if field.search(code):
        return field.sub(f"{name} = ", code)
    fields = re.compile(
        rf"^(?=(?:module\.)?exports\s*=(?:[ \t]*\{{)?[ \t]*\n(?:[ \t].*\n|\n)*?[ \t]+{own}\s*:)", re.MULTILINE
    )
    if fields.search(code):
        return fields.sub(f"{{{name}}} = ", code)
    return re.sub(
        r"^(?=module\.exports\s*=\s*(?:\([^()]*\)\s*)?[-=]>)", f"{name} = ", code, flags=re.MULTILINE
    )


LANGUAGE = Language(
    name="coffeescript",
    title="CoffeeScript",
    extensions=(".coffee",),
    fences=("coffeescript", "coffee"),
    line_comment="#",
    stops=("\nclass ", "\nconsole.", "\n#", "\n```"),
    tools=(runtime.TOOL, _TOOL),
    idioms=IDIOMS,
    format_literal=json.dumps,
    layout=Layout(
        defines=re.compile(r"class\s+([\w$]+)|([\w$]+|[{\[][\w$:, \t]+[}\]])\s*=(?![=>])"),
        belongs=re.compile(r"([\w$]+)\s*(?:::|\.|\[)[^=\n]*=(?![=>])"),
        extends=re.compile(
            r"(?:Array|String|Number|Object|Function|Map|Set|Date|Math)\s*(?:::|\.)[^=\n]*=(?![=>])"
        ),
        continues=re.compile(r"[)}\]]|(?:else|catch|finally|when|then)\b"),
        comment="#",
        quotes=('"""', "'''", "###"),
        exported=_exported,
    ),
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(r"tests\.coffee:\d+:\d+: error: (.*)|(Cannot find module '[^'.][^']*')"),
            undefined=dataclasses.replace(
                runner.UNDEFINED, stub="NAME = -> process.kill process.pid, 'SIGKILL'"
            ),
        ),
        smoke_test=("add = (a, b) -> a + b\n", "throw new Error 'wrong' unless add(1, 2) is 3\n"),
        limits=runtime.LIMITS,
        plan=_build_plan,
        toolchain=_toolchain,
        mounts=_mounts,
        out_of_memory_messages=runner.OUT_OF_MEMORY_MESSAGES,
        compile_server=_COMPILE_SERVER,
        separate=calls_only(
            version=separate.VERSION,
            candidate=_plan_candidate,
            calls=planner(_wrapper, calls.WRITER, calls.LIKENESS),
        ),
    ),
    whole_programs=WholePrograms(
        plan=_plan_whole_program,
        compile_server=dataclasses.replace(_COMPILE_SERVER, request=functools.partial(_request, whole=True)),
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="CoffeeScript 2.7",
        run=(
            "candidate and tests are compiled apart by a compiler that is kept running, and run like "
            "JavaScript; the tests see the candidate's variables"
        ),
        undefended="as in JavaScript",
    ),
)
