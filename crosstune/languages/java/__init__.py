"""Java, compiled by javac and run on a new virtual machine, with assertions enabled.

Setup, candidate and tests are parsed by javac and stay compilation units of their own, in one package:
public types may have any name, and each text has its own imports; the candidate has those of the setup too,
and the tests those of both as far as they need them. Tests that are the rest of a class are put into the
candidate's. If both declare a class, that of the tests counts: the candidate's `Main` gets another name,
unless the tests ask for its members.

The judging class calls the `main` of the tests, in a thread with a large stack, and reports the nonce when
it has returned or the tests themselves have called `System.exit(0)`. It reads the nonce, from a pipe that
is then empty, before any class of the candidate is loaded, and keeps it masked. The tests' classes are
changed when they are compiled: `equals` asks both sides, the platform's first, as do arrays, collections and
`compareTo`, and `System.exit` ends the tests. They are loaded before all others, and their files removed. The
candidate does not compile if it uses the tests' main class.

javac is kept running between programs; it sees each of them in a separate file system in memory.

Where tests and candidate run apart (`_separate`), only leaving is changed in the tests' classes, a machine
that is kept runs them, and the candidate gets a class that calls it (`_apart`, server.java).

The memory limit is that of the heap; the machine may use more for itself.

Defended: exiting before the tests have ended (`System.exit` and `Runtime.halt`, in static initialisers and
through methods of the tests, too); printed success; a `Main` that the candidate defines; an `equals` or
`compareTo` that is always true or overloaded, or that becomes what it is compared with; classes that hide
those of the platform that the tests name; methods of its own types in the place of a declared type of the
platform's; calling the tests again; reading what the tests expect in their text or classes.

Not defended: `equals` where both sides are of the candidate's classes; a wrong `hashCode`; what its own
collections say besides `contains`, such as `containsKey` and their iterators; method references such as
`Objects::equals`; a class named like one of the platform's, if the tests name no other class of the
candidate's or use it as the platform's cannot be used; calling the tests by reflection; reflection into
the class that has the nonce, or reading the process's memory, with knowledge of the judging class's
source.

Not run: JUnit's test methods (the tests need a `main`), instance methods `main`, preview features.
"""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from crosstune.languages._language import (
    MIB,
    BrokenTests,
    BuildPlan,
    CompileServer,
    Description,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.limits import ENVIRONMENT
from crosstune.languages.java import _prepared, _results
from crosstune.languages.java._checks import tests_error
from crosstune.languages.java._exercises import IDIOMS, format_literal
from crosstune.languages.java._machine import (
    LIMITS,
    STANDARDS,
    build_command,
    class_path,
    compiler,
    jars,
    machine,
    stack_bytes,
    with_machine,
)
from crosstune.languages.java._packages import TOOLS as PACKAGE_TOOLS
from crosstune.languages.java._separate import SEPARATE
from crosstune.languages.java._separate import request as separate_request
from crosstune.languages.java._syntax import SYNTAX
from crosstune.languages.java._typed import TYPED
from crosstune.records import Command, Program


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = _results.with_held_results(task.program)
    files = {"setup.java": program.setup, "candidate.java": program.candidate, "tests.java": program.tests}
    words = machine(task)
    classes = ":".join((task.sandbox_path(_prepared.folder() / "judge"), *class_path(task.sandbox_path)))
    return BuildPlan(
        files={name: text for name, text in files.items() if text},
        build=build_command(task, "tests"),
        run=Command(
            limits=with_machine(task.limits),
            argv=(*words, "-cp", classes, _prepared.JUDGE, str(stack_bytes(task.limits))),
            payload=task.nonce,
            environment=ENVIRONMENT,
        ),
    )


def _arranged(program: Program, _name: str) -> Program:
    """The declaration in the place of the candidate: javac says nothing of a call whose arguments it does not
    know."""
    declared = program.declaration
    return replace(program, candidate=declared + "}" * (declared.count("{") - declared.count("}")))


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Compile, and run the class that has a ``main``: the build writes its name."""
    stack = stack_bytes(task.limits)
    folder = (task.sandbox_path(_prepared.folder() / "judge"),) if task.checker else ()
    classes = ":".join((*folder, *class_path(task.sandbox_path)))
    files = {"setup.java": task.program.setup, "candidate.java": task.program.candidate}
    return BuildPlan(
        files={name: text for name, text in files.items() if text},
        build=build_command(task, "checker" if task.checker else "whole"),
        run=Command(
            limits=with_machine(task.limits),
            argv=(*machine(task), f"-Xss{stack // 1024}k", "-cp", classes, "@crosstune.main"),
            environment=ENVIRONMENT,
        ),
        outputs=("*.class", "crosstune.main"),
    )


def _server(sandbox_path: SandboxPath) -> tuple[str, ...]:
    java, *words = compiler(sandbox_path)
    return (java, "-Xmx192m", *words, "serve", jars(sandbox_path))


def _requests(kind: str) -> Callable[[JudgeTask], bytes | None]:
    def request(task: JudgeTask) -> bytes | None:
        """The texts; None if they are not valid Unicode, or for another release than the JDK's own."""
        if task.part != "whole":
            return separate_request(task)
        program = _results.with_held_results(task.program)
        if program.standard not in ("", STANDARDS[0]):
            return None
        letter = "c" if task.checker else kind
        return _prepared.request(letter, (program.setup, program.candidate, program.tests))

    return request


def _mounts() -> tuple[Path, ...]:
    """The JDK, the configuration to which Debian's JDKs have links, and crosstune's classes."""
    home = _prepared.home()
    own = () if home.is_relative_to("/usr") else (home,)
    return (*own, *sorted(Path("/etc").glob("java-*-openjdk")), _prepared.folder())


_COMPILE_SERVER = CompileServer(
    argv=_server,
    request=_requests("t"),
    reply=_prepared.reply,
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=400 * MIB,
    requests=5000,
    environment=ENVIRONMENT,
)

LANGUAGE = Language(
    name="java",
    title="Java",
    extensions=(".java",),
    fences=("java",),
    line_comment="//",
    stops=(
        "\nclass ",
        "\npublic ",
        "\nfinal class ",
        "\nabstract class ",
        "\ninterface ",
        "\nenum ",
        "\nimport ",
        "\npackage ",
        "\n//",
        "\n/*",
        "\n```",
    ),
    tools=(*_prepared.TOOLS, *PACKAGE_TOOLS),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=Judging(
        version=8,
        broken_tests=BrokenTests(
            missing=re.compile(r"Tests\.java:\d+: error: package ([\w.]+) does not exist"),
            imports=re.compile(r"^\s*import\s+(?:static\s+)?([\w.]+)", re.MULTILINE),
            undefined=UndefinedNames(
                message=re.compile(r"symbol:\s+(?:method|variable|class) (\w+)"), arranged=_arranged
            ),
        ),
        smoke_test=(
            "class S { int add(int a, int b) { return a + b; } }\n",
            "class Main { public static void main(String[] w) { if (new S().add(1, 2) != 3) throw null;} }\n",
        ),
        limits=LIMITS,
        plan=_build_plan,
        toolchain=_prepared.toolchain,
        mounts=_mounts,
        out_of_memory_messages=("java.lang.OutOfMemoryError",),
        compile_server=_COMPILE_SERVER,
        standards=STANDARDS,
        check_tests=tests_error,
        separate=SEPARATE,
    ),
    whole_programs=WholePrograms(
        plan=_plan_whole_program,
        compile_server=dataclasses.replace(_COMPILE_SERVER, request=_requests("w")),
    ),
    language_set="usual",
    description=Description(
        tested="Java 17",
        run=(
            "setup, candidate and tests as compilation units of one package, each with its own imports; "
            "what `javac --release …` and `java -ea` would do; the `main` of the tests runs; `equals` in "
            "the tests must hold from both sides"
        ),
        undefended=(
            "an `equals` where both sides are of the candidate's classes, other methods of its "
            "collections (`containsKey`, `iterator`), methods of its own types where there is no "
            "declaration, reflection; JUnit's test methods are not run"
        ),
    ),
)
