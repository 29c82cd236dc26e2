"""Java, compiled by javac and run on a new virtual machine, with assertions enabled.

Setup, candidate and tests are parsed by javac and stay compilation units of their own, in one package:
public types may have any name, and each text has its own imports; the candidate has those of the setup too,
and the tests those of both as far as they need them. Tests that are the rest of a class are put into the
candidate's. If both declare a class, that of the tests counts: the candidate's `Main` gets another name,
unless the tests ask for its members.

The judging class calls the `main` of the tests, in a thread with a large stack, and reports the nonce when
it has returned or the tests themselves have called `System.exit(0)`. It reads the nonce, from a pipe that
is then empty, before any class of the candidate is loaded, and keeps it masked. The tests' classes are
changed when they are compiled: `equals` asks both sides, and `System.exit` ends the tests. They are loaded
before all others, and their files removed.

javac is kept running between programs; it sees each of them in a separate file system in memory.

The memory limit is that of the heap; the machine may use more for itself.

Defended: exiting before the tests have ended (`System.exit` and `Runtime.halt`, in static initialisers and
through methods of the tests, too); printed success; a `Main` that the candidate defines; an `equals` that
is always true; classes that hide those of the platform that the tests name; reading what the tests expect
in their text or classes.

Not defended: `equals` where both sides are of the candidate's classes; a wrong `compareTo` or `hashCode`; a
class named like one of the platform's, if the tests name no other class of the candidate's or use it as the
platform's cannot be used; reflection into the class that has the nonce, or reading the process's memory,
with knowledge of the judging class's source.

Not run: JUnit's test methods (the tests need a `main`), instance methods `main`, preview features.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from crosstune.languages._language import (
    MIB,
    BuildPlan,
    CompileServer,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    WholePrograms,
)
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, RUN_LIMITS
from crosstune.languages.java import _prepared
from crosstune.languages.java._checks import fault_of_tests
from crosstune.languages.java._packages import TOOLS as PACKAGE_TOOLS
from crosstune.languages.java._packages import packages_here
from crosstune.languages.java._syntax import SYNTAX
from crosstune.records import Command, Limits

# The virtual machine alone has about two dozen threads.
_LIMITS = dataclasses.replace(
    RUN_LIMITS, cpu_seconds=15, wall_seconds=90, memory_bytes=1024 * MIB, processes=128
)
# What the virtual machine reserves for classes, code and stacks.
_RESERVE_BYTES = 2048 * MIB
# What the virtual machine needs in addition to its heap: for code and threads, for its tables of the heap,
# and for a stack that overflows, which it unwinds in two and a half times as much memory.
_MACHINE_BYTES = 128 * MIB
_HEAP_PER_BYTE_OF_TABLES = 16
_BYTES_PER_STACK_BYTE = 3.5
# The size of the heap's regions, by the least heap. Objects of half a region or more get whole regions, and
# the rest of these is lost: arrays of 1 MiB could fill only half of the heap with regions of that size.
_REGIONS_MIB = {1024: 16, 512: 8, 64: 4}
# The usual stack holds 800,000 calls of a small method.
_LEAST_STACK_BYTES, _USUAL_STACK_BYTES, _MOST_STACK_BYTES = 1 * MIB, 64 * MIB, 1023 * MIB
_STANDARDS = _prepared.standards()

_FLAGS = (
    # If the archive is not relocated, and with the collector whose heap can be mapped from it, the virtual
    # machine starts in two thirds of the time. Only the quick compiler: the other costs more than it saves.
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:ArchiveRelocationMode=0",
    "-Xshare:auto",
    "-XX:+UseG1GC",
    "-XX:ParallelGCThreads=1",
    "-XX:ConcGCThreads=1",
    "-XX:G1ConcRefinementThreads=1",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:G1ReservePercent=0",
    "-Xms16m",
    "-ea",
)
# Deeply nested expressions are compiled by recursion.
_COMPILER_FLAGS = (
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xss16m",
)


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    files = {"setup.java": program.setup, "candidate.java": program.candidate, "tests.java": program.tests}
    words = _machine(task)
    classes = ":".join((task.sandbox_path(_prepared.folder() / "judge"), *_class_path(task.sandbox_path)))
    return BuildPlan(
        files={name: text for name, text in files.items() if text},
        build=_build(task, "tests"),
        run=Command(
            limits=_with_machine(task.limits),
            argv=(*words, "-cp", classes, _prepared.JUDGE, str(_stack_bytes(task.limits))),
            payload=task.nonce,
            environment=ENVIRONMENT,
            reserve_bytes=_RESERVE_BYTES + _stack_bytes(task.limits),
        ),
    )


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Compile, and run the class that has a ``main``: the build writes its name."""
    stack = _stack_bytes(task.limits)
    folder = (task.sandbox_path(_prepared.folder() / "judge"),) if task.checker else ()
    classes = ":".join((*folder, *_class_path(task.sandbox_path)))
    files = {"setup.java": task.program.setup, "candidate.java": task.program.candidate}
    return BuildPlan(
        files={name: text for name, text in files.items() if text},
        build=_build(task, "checker" if task.checker else "whole"),
        run=Command(
            limits=_with_machine(task.limits),
            argv=(*_machine(task), f"-Xss{stack // 1024}k", "-cp", classes, "@crosstune.main"),
            environment=ENVIRONMENT,
            reserve_bytes=_RESERVE_BYTES + task.limits.processes * stack,
        ),
        outputs=("*.class", "crosstune.main"),
    )


def _build(task: JudgeTask, kind: str) -> Command:
    limits = dataclasses.replace(BUILD_LIMITS, processes=_LIMITS.processes, disk_bytes=task.limits.disk_bytes)
    standard = task.program.standard
    release = "" if standard == _STANDARDS[0] else standard
    return Command(
        limits=limits,
        argv=(*_compiler(task.sandbox_path), "once", _jars(task.sandbox_path), release, kind),
        environment=ENVIRONMENT,
        reserve_bytes=_RESERVE_BYTES,
    )


def _machine(task: JudgeTask) -> tuple[str, ...]:
    """The virtual machine, whose heap may be as large as the memory limit."""
    heap = task.limits.memory_bytes // MIB
    region = next((size for least, size in _REGIONS_MIB.items() if heap >= least), 1)
    return (
        _command("java", task.sandbox_path),
        *_FLAGS,
        f"-XX:G1HeapRegionSize={region}m",
        f"-Xmx{max(heap, 2)}m",
    )


def _with_machine(limits: Limits) -> Limits:
    """The limits of the virtual machine's process: the program's memory is the heap."""
    tables, stack = (
        limits.memory_bytes // _HEAP_PER_BYTE_OF_TABLES,
        int(_BYTES_PER_STACK_BYTE * _stack_bytes(limits)),
    )
    memory = limits.memory_bytes + _MACHINE_BYTES + tables + stack
    return dataclasses.replace(limits, memory_bytes=memory, stack_bytes=0)


def _stack_bytes(limits: Limits) -> int:
    usual = limits.stack_bytes or min(limits.memory_bytes, _USUAL_STACK_BYTES)
    return min(max(usual, _LEAST_STACK_BYTES), _MOST_STACK_BYTES)


def _class_path(sandbox_path: SandboxPath) -> tuple[str, ...]:
    jars = _jars(sandbox_path)
    return (".", jars) if jars else (".",)


def _jars(sandbox_path: SandboxPath) -> str:
    return ":".join(_visible(jar, sandbox_path) for jar in packages_here())


def _compiler(sandbox_path: SandboxPath) -> tuple[str, ...]:
    classes = sandbox_path(_prepared.folder() / "compiler")
    archive = _prepared.archive_flags(sandbox_path)
    flags = (*_COMPILER_FLAGS, *archive, *_prepared.EXPORTS, "-cp", classes)
    return (_command("java", sandbox_path), *flags, _prepared.COMPILER)


def _server(sandbox_path: SandboxPath) -> tuple[str, ...]:
    java, *words = _compiler(sandbox_path)
    return (java, "-Xmx192m", *words, "serve", _jars(sandbox_path))


def _requests(kind: str) -> Callable[[JudgeTask], bytes | None]:
    def request(task: JudgeTask) -> bytes | None:
        """The texts; None if they are not valid Unicode, or for another release than the JDK's own."""
        program = task.program
        if program.standard not in ("", _STANDARDS[0]):
            return None
        letter = "c" if task.checker else kind
        try:
            return _prepared.request(letter, (program.setup, program.candidate, program.tests))
        except UnicodeEncodeError:
            return None

    return request


def _command(name: str, sandbox_path: SandboxPath) -> str:
    return _visible(_prepared.home() / "bin" / name, sandbox_path)


def _visible(path: Path, sandbox_path: SandboxPath) -> str:
    return str(path) if path.is_relative_to("/usr") else sandbox_path(path)


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
    syntax=SYNTAX,
    judging=Judging(
        version=4,
        smoke_test=(
            "class S { int add(int a, int b) { return a + b; } }\n",
            "class Main { public static void main(String[] w) { if (new S().add(1, 2) != 3) throw null;} }\n",
        ),
        limits=_LIMITS,
        plan=_build_plan,
        toolchain=_prepared.toolchain,
        mounts=_mounts,
        out_of_memory_messages=("java.lang.OutOfMemoryError",),
        compile_server=_COMPILE_SERVER,
        standards=_STANDARDS,
        check_tests=fault_of_tests,
    ),
    whole_programs=WholePrograms(
        plan=_plan_whole_program,
        compile_server=dataclasses.replace(_COMPILE_SERVER, request=_requests("w")),
    ),
)
