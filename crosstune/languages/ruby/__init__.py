"""Ruby, run by the system's interpreter (runner.rb).

Candidate and tests are evaluated one after the other in the top level of one process, a fork of an
interpreter that has started; the tests were compiled before the candidate runs. The tests see the
candidate's local variables, as in one file. Test classes of test-unit and minitest run at the end. Neither
file is the main program while the candidate is loaded (``__FILE__ == $0``).

Defended: exiting before the tests have ended (``exit``, ``exit!``, handlers, threads, signals); printed
success; ``raise``, ``==`` and other methods that decide (`BUILT_IN`, `DECIDING` in runner.rb), and the
assertions of test-unit and what its classes inherit, replaced before the tests (the original ones are back
when these begin) or while they run (found at the end); objects of the candidate's own classes that equal
numbers, texts or collections, unless the tests name the class; the text of the tests. The nonce exists only
in local variables of a method without blocks, masked.

Not defended: methods replaced while a test runs and put back before the end; ``TracePoint`` and
``ObjectSpace`` with knowledge of runner.rb; ``method_missing`` in the place of ``==``; methods of other
libraries, and assertions of minitest; ``define_method`` on singleton classes of the judge's own modules."""

import re
from pathlib import Path

from crosstune.languages._arguments import FREE, Likeness
from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.called_first import called_first
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.ruby._exercises import IDIOMS, format_literal
from crosstune.languages.ruby._typed import TYPED
from crosstune.records import Program

_FOLDER = Path(__file__).parent
_TOOL = Tool(name="ruby", package="ruby", purpose="running Ruby")
_TEST_UNIT = Tool(
    name="test-unit",
    package="ruby-test-unit",
    path="/usr/share/rubygems-integration/all/gems/test-unit-*",
    purpose="tests of MultiPL-E",
    required=False,
)
_CHECKER = _FOLDER / "checker.rb"


def _preload(program: Program) -> tuple[str, ...]:
    return ("test/unit",) if "test/unit" in program.tests and _TEST_UNIT.installed else ()


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    return f"def {name}(*values) = {owner}{'.new' if is_new else ''}.{method}(*values)"


RUBY = Interpreter(
    tool=_TOOL,
    runner=_FOLDER / "runner.rb",
    server=_FOLDER / "server.rb",
    extension=".rb",
    check=("-c",),
    preload=_preload,
    checker_words=lambda path: (f"-r{path(_CHECKER)}",),
    data=(_CHECKER,),
)

_SETS_UP = re.compile(
    r"\A\s*(?:require\b(?!.*(?:minitest|test/unit|rspec))|(?:using|include|extend|prepend)\b"
    r"|[$@]\w+\s*(?:\|\|)?="
    r"|[A-Z]\w*\.(?:class_eval|instance_eval|class_exec|include|prepend|extend|define_method|alias_method)\b)"
)


def _call_method(method: Method) -> str:
    return (
        f"def {method.name}(...)\n  owner = {method.owner}\n"
        f"  (owner.respond_to?(:{method.name}) ? owner : owner.new).{method.name}(...)\nend\n"
    )


LANGUAGE = Language(
    name="ruby",
    title="Ruby",
    extensions=(".rb",),
    fences=("ruby", "rb"),
    line_comment="#",
    stops=("\ndef ", "\nclass ", "\nmodule ", "\n#", "\nputs ", "\nrequire ", "\n```"),
    tools=(_TOOL, _TEST_UNIT),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="ruby",
        names={
            "method": ("name",),
            "singleton_method": ("name",),
            "class": ("name",),
            "module": ("name",),
            "assignment": ("left",),
        },
        imports=frozenset(),
        functions=frozenset({"method", "singleton_method"}),
        identifiers=frozenset({"constant", "global_variable", "instance_variable"}),
        classes=frozenset({"class", "module"}),
        traits=frozenset({"class", "module"}),
        statements=True,
        kept_statements=_SETS_UP,
        call_method=_call_method,
        closers=("\nend", "\nend\nend"),
    ),
    typed=TYPED,
    judging=Judging(
        version=3,
        broken_tests=BrokenTests(
            errors=re.compile(r"tests-\w+\.rb:\d+: (.*) \(SyntaxError\)|(cannot load such file -- \S+)"),
            undefined=UndefinedNames(
                message=re.compile(r"undefined (?:local variable or )?method [`'](\w+[?!]?)' for main\b"),
                stub="def NAME(...) = Process.kill(:KILL, Process.pid)",
                arranged=called_first("ruby"),
            ),
        ),
        smoke_test=("def add(a, b) = a + b\n", "raise 'wrong' unless add(1, 2) == 3\n"),
        limits=RUN_LIMITS,
        plan=RUBY.plan,
        toolchain=RUBY.toolchain,
        mounts=RUBY.mounts,
        out_of_memory_messages=("failed to allocate memory",),
        separate=calls_only(
            version=1,
            candidate=RUBY.plan_server,
            calls=planner(_wrapper, FREE, Likeness()),
        ),
    ),
    whole_programs=WholePrograms(plan=RUBY.plan_whole_program),
    benchmarks={"mceval": {}},
    language_set="tests",
    description=Description(
        tested="Ruby 3.1",
        run=(
            "candidate and tests are evaluated one after the other in a fork of a started interpreter; "
            "tests fail by raising, and classes of test-unit and minitest run at the end"
        ),
        undefended=(
            "`TracePoint` and `ObjectSpace` with knowledge of the runner; methods that are replaced and "
            "put back while a test runs; assertions of minitest"
        ),
    ),
)
