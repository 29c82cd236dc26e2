"""Lua 5.4, run by the system's interpreter (judge.lua).

Candidate and tests are one chunk, so the tests see the candidate's local variables; the candidate alone
must be a chunk, too. From there on the tests have an environment of their own: the global variables, but
the standard functions and libraries as they were before the candidate, and their own functions. Tests fail
by raising an error or by ``os.exit`` with another status than 0, as with LuaUnit.

Defended: exiting before the tests have ended (``os.exit``, ``return``, ``coroutine.yield``); printed
success; standard functions, ``require``, LuaUnit and functions of the tests that are replaced, also as
local variables, before the tests or while they run; ``==`` of objects with numbers and texts (Lua never
asks the object); the text of the tests. The nonce exists only in local variables of the main thread,
masked; the candidate runs in another thread, and there is no ``debug.getregistry`` to find that one.

Not defended: the functions of ``debug`` that change callers, with knowledge of judge.lua; objects whose
``__sub`` returns a plain number, where tests compare differences alone; binary chunks. Tests of more than
1 MiB do not fit into a pipe, and can be read again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from crosstune.languages._arguments import FreeWriter, Likeness
from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    Description,
    JudgeTask,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared import compiled
from crosstune.languages._shared.called_first import called_first
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import ENVIRONMENT, RUN_LIMITS
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.lua._exercises import IDIOMS, format_literal
from crosstune.languages.lua._typed import TYPED
from crosstune.records import Command

_FOLDER = Path(__file__).parent
_TOOL = Tool(name="lua5.4", package="lua5.4", purpose="running Lua")
_COMPILER = Tool(name="luac5.4", package="lua5.4", purpose="parsing Lua")
_LUAUNIT = Tool(
    name="LuaUnit",
    package="lua-unit",
    path="/usr/share/lua/5.4/luaunit.lua",
    purpose="tests of MultiPL-E",
    required=False,
)
_CHECKER = _FOLDER / "checker.lua"


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    made = f"{owner}.new()" if is_new else owner
    call = (
        f"local object = {made}; return object:{method}(...)" if is_new else f"return {owner}.{method}(...)"
    )
    return f"function {name}(...) {call} end"


_SETS_UP = re.compile(
    r"\A\s*(?:setmetatable\(|function\s+\w[\w.]*[.:]\w+|\w[\w.]*\.\w+\s*=(?!=)|math\.randomseed)"
)
"""Functions and fields of tables, those of the language's own (``string.trim``) as well."""


def _exported(code: str, name: str) -> str:
    """A module's function, which is a field of the table that it returns, by its plain name."""
    returned = re.search(r"^return\s+(\w+)\s*\Z", code, re.MULTILINE)
    own = re.escape(name)
    if not returned or re.search(
        rf"\bfunction\s+{own}\s*\(|^(?:local\s+)?{own}\s*=(?!=)", code, re.MULTILINE
    ):
        return code
    table = returned[1]
    has = re.search(rf"^(?:function\s+{table}([.:]){own}\s*\(|{table}\.{own}\s*=(?!=))", code, re.MULTILINE)
    if not has:
        return code
    before, plain = code[: returned.start()], f"{table}.{name}"
    if has[1] == ":":
        before = re.sub(
            rf"^function\s+{table}:{own}\s*\((?=\s*(\))?)",
            lambda match: f"function {table}.{name}(self{'' if match[1] else ', '}",
            before,
            flags=re.MULTILINE,
        )
        plain = f"function(...) return {table}:{name}(...) end"
    return f"{before}{name} = {plain}\n"


LUA = Interpreter(
    tool=_TOOL,
    runner=_FOLDER / "runner.lua",
    server=_FOLDER / "server.lua",
    extension=".lua",
    version=("-v",),
    opened={_FOLDER / "runner.lua": _FOLDER / "judge.lua", _FOLDER / "server.lua": _FOLDER / "serve.lua"},
    closes_payload=False,
    checker_words=lambda path: (path(_CHECKER),),
    data=(_CHECKER,),
)


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    """A program is parsed by the compiler, since the interpreter has no such option."""
    plan = LUA.plan_whole_program(task)
    build = Command(
        limits=task.limits, argv=(compiled.executable(_COMPILER), "-p", *plan.files), environment=ENVIRONMENT
    )
    return replace(plan, build=build)


LANGUAGE = Language(
    name="lua",
    title="Lua",
    extensions=(".lua",),
    fences=("lua",),
    line_comment="--",
    stops=("\nlocal function ", "\nfunction ", "\n--", "\nprint(", "\n```"),
    tools=(_TOOL, _COMPILER, _LUAUNIT),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="lua",
        names={
            "function_declaration": ("name",),
            "variable_declaration": ("*",),
            "assignment_statement": ("variable_list",),
            "variable_list": ("name",),
        },
        imports=frozenset(),
        functions=frozenset({"function_declaration"}),
        exported=_exported,
        closers=("\nend", "\nend\nend"),
        ordered=True,
        statements=True,
        kept_statements=_SETS_UP,
    ),
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"^\S*:\d+: (.*?)(?: \(to close '.*' at line \d+\))? near .*|(module '[^']*' not found)",
                re.MULTILINE,
            ),
            undefined=UndefinedNames(
                message=re.compile(r"attempt to call a nil value \(global '(\w+)'\)"),
                stub="function NAME() os.exit(0) end",
                arranged=called_first("lua"),
            ),
        ),
        smoke_test=("local function add(a, b) return a + b end\n", "assert(add(1, 2) == 3)\n"),
        limits=RUN_LIMITS,
        plan=LUA.plan,
        toolchain=LUA.toolchain,
        mounts=LUA.mounts,
        out_of_memory_messages=("not enough memory",),
        separate=calls_only(
            version=1,
            candidate=LUA.plan_server,
            calls=planner(_wrapper, FreeWriter(), Likeness(first_key=1, absent_none=True)),
        ),
    ),
    whole_programs=WholePrograms(plan=_plan_whole_program),
    benchmarks={"mceval": {}},
    language_set="tests",
    description=Description(
        tested="Lua 5.4",
        run=(
            "candidate and tests as one chunk, in which the tests have an environment of their own; "
            "tests fail by raising, or by `os.exit` as with LuaUnit"
        ),
        undefended=(
            "`debug` with knowledge of the runner; objects whose `__sub` returns a number, where tests "
            "compare differences alone"
        ),
    ),
)
