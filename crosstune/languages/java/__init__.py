"""Java, compiled by javac and run on a new virtual machine.

The judging class calls the tests' ``Main.main`` and reports the nonce when that has returned. It reads the
nonce, from a pipe that is then empty, before any class of the candidate is loaded, and keeps it masked.
It also loads the tests' classes, with ``equals`` replaced by a method that asks both sides.

javac is kept running between programs; it sees each of them in a separate file system in memory.

Defended: exiting before the tests have ended (``System.exit`` and ``Runtime.halt``, in static initialisers
too); printed success; a ``Main`` that the candidate defines; an ``equals`` that is always true; classes that
hide those of ``java.lang`` or ``java.util`` that the tests name; reading what the tests expect in their
text or classes.

Not defended: ``equals`` where both sides are of the candidate's classes; a wrong ``compareTo`` or
``hashCode``; classes that hide those of other packages; reflection into the class that has the nonce, or
reading the process's memory, with knowledge of the judging class's source.
"""

import dataclasses
import re
import shlex
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
from crosstune.languages.java import _prepared, _whole_program
from crosstune.languages.java._syntax import SYNTAX
from crosstune.records import Command

# The virtual machine alone has about two dozen threads.
_LIMITS = dataclasses.replace(
    RUN_LIMITS, cpu_seconds=15, wall_seconds=90, memory_bytes=1024 * MIB, processes=128
)
# What the virtual machine reserves for classes, code and stacks.
_RESERVE_BYTES = 2048 * MIB
# For whole programs: deep recursion is usual in contests.
_STACK_BYTES = 64 * MIB
_STACK = f"-Xss{_STACK_BYTES // MIB}m"

# HumanEval-X's prompts begin with a class of this name, which the tests declare again.
_EMPTY_MAIN = re.compile(r"public class Main \{\s*\}")
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
    "-Xms16m",
)
# Deeply nested expressions are compiled by recursion.
_COMPILER_FLAGS = (
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xss16m",
)
_OPTIONS = ("-nowarn", "-proc:none")


def _build_plan(task: JudgeTask) -> BuildPlan:
    heap = f"-Xmx{task.limits.memory_bytes // MIB // 2}m"
    classes = f"{task.sandbox_path(_prepared.folder() / 'judge')}:."
    flags = (f"-J{flag}" for flag in _COMPILER_FLAGS)
    compiled = (_command("javac", task.sandbox_path), *flags, *_OPTIONS, "-d", ".", "Main.java")
    # The tests' expected values must not be in the working folder while the program runs.
    script = f"{shlex.join(compiled)} && rm Main.java"
    return BuildPlan(
        files={"Main.java": _source(task)},
        build=Command(
            limits=dataclasses.replace(
                BUILD_LIMITS, processes=_LIMITS.processes, disk_bytes=task.limits.disk_bytes
            ),
            argv=("/bin/sh", "-c", script),
            environment=ENVIRONMENT,
            reserve_bytes=_RESERVE_BYTES,
        ),
        run=Command(
            limits=task.limits,
            argv=(_command("java", task.sandbox_path), *_FLAGS, heap, "-cp", classes, _prepared.JUDGE),
            payload=task.nonce,
            environment=ENVIRONMENT,
            reserve_bytes=_RESERVE_BYTES,
        ),
    )


def _source(task: JudgeTask) -> str:
    program = task.program
    candidate = _EMPTY_MAIN.sub("", program.candidate)
    return "\n\n".join(part for part in (program.setup, candidate, program.tests) if part)


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Compile as one file, and run the class that has a ``main``."""
    tested = _build_plan(task)
    *words, _, _ = tested.run.argv[:-1]
    name = _whole_program.checker_class(_whole_source(task)) if task.checker else _main_class(task)
    assert tested.build is not None
    return BuildPlan(
        files={"Main.java": _one_file(task)},
        build=tested.build,
        run=dataclasses.replace(
            tested.run,
            argv=(*words, _STACK, "-cp", ".", name),
            payload="",
            reserve_bytes=_RESERVE_BYTES + task.limits.processes * _STACK_BYTES,
        ),
        outputs=("*.class",),
    )


def _whole_source(task: JudgeTask) -> str:
    return "\n\n".join(filter(None, (task.program.setup, task.program.candidate)))


def _main_class(task: JudgeTask) -> str:
    return _whole_program.main_class(_whole_source(task))


def _one_file(task: JudgeTask) -> str:
    code = _whole_program.in_one_file(_whole_source(task))
    return code + _whole_program.checker_main(_main_class(task)) if task.checker else code


def _whole_request(task: JudgeTask) -> bytes | None:
    try:
        return _one_file(task).encode()
    except UnicodeEncodeError:
        return None


def _server(sandbox_path: SandboxPath) -> tuple[str, ...]:
    classes = sandbox_path(_prepared.folder() / "compiler")
    archive = _prepared.archive_flags(sandbox_path)
    flags = (*_COMPILER_FLAGS, "-Xmx192m", *archive, *_prepared.EXPORTS, "-cp", classes)
    return (_command("java", sandbox_path), *flags, _prepared.COMPILER, *_OPTIONS)


def _request(task: JudgeTask) -> bytes | None:
    """The source; None if it is not valid Unicode, which javac itself must report."""
    try:
        return _source(task).encode()
    except UnicodeEncodeError:
        return None


def _command(name: str, sandbox_path: SandboxPath) -> str:
    program = _prepared.home() / "bin" / name
    return str(program) if program.is_relative_to("/usr") else sandbox_path(program)


def _mounts() -> tuple[Path, ...]:
    """The JDK, the configuration to which Debian's JDKs have links, and crosstune's classes."""
    home = _prepared.home()
    own = () if home.is_relative_to("/usr") else (home,)
    return (*own, *sorted(Path("/etc").glob("java-*-openjdk")), _prepared.folder())


_COMPILE_SERVER = CompileServer(
    argv=_server,
    request=_request,
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
    tools=_prepared.TOOLS,
    syntax=SYNTAX,
    judging=Judging(
        version=3,
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
    ),
    whole_programs=WholePrograms(
        plan=_plan_whole_program,
        compile_server=dataclasses.replace(_COMPILE_SERVER, request=_whole_request),
    ),
)
