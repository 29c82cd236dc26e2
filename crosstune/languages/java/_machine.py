"""The virtual machines that run programs and the compiler: their flags, class paths and memory."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from crosstune.languages._language import MIB, JudgeTask, SandboxPath
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, RUN_LIMITS
from crosstune.languages.java import _prepared
from crosstune.languages.java._packages import packages_here
from crosstune.records import Command, Limits

# The virtual machine alone has about two dozen threads.
LIMITS = dataclasses.replace(
    RUN_LIMITS, cpu_seconds=15, wall_seconds=90, memory_bytes=1024 * MIB, processes=128
)
STANDARDS = _prepared.standards()
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
    # Compile a method after 2,000 calls, not 200: most programs end before that pays. Loops are as before.
    "-XX:Tier3InvocationThreshold=2000",
    "-XX:Tier3MinInvocationThreshold=1000",
    "-XX:Tier3CompileThreshold=4000",
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


def machine(task: JudgeTask) -> tuple[str, ...]:
    """The virtual machine, whose heap may be as large as the memory limit."""
    heap = task.limits.memory_bytes // MIB
    region = next((size for least, size in _REGIONS_MIB.items() if heap >= least), 1)
    return (
        command("java", task.sandbox_path),
        *_FLAGS,
        f"-XX:G1HeapRegionSize={region}m",
        f"-Xmx{max(heap, 2)}m",
    )


def with_machine(limits: Limits) -> Limits:
    """The limits of the virtual machine's process: the program's memory is the heap."""
    tables, stack = (
        limits.memory_bytes // _HEAP_PER_BYTE_OF_TABLES,
        int(_BYTES_PER_STACK_BYTE * stack_bytes(limits)),
    )
    memory = limits.memory_bytes + _MACHINE_BYTES + tables + stack
    return dataclasses.replace(limits, memory_bytes=memory, stack_bytes=0)


def stack_bytes(limits: Limits) -> int:
    usual = limits.stack_bytes or min(limits.memory_bytes, _USUAL_STACK_BYTES)
    return min(max(usual, _LEAST_STACK_BYTES), _MOST_STACK_BYTES)


def class_path(sandbox_path: SandboxPath) -> tuple[str, ...]:
    packages = ":".join(visible(jar, sandbox_path) for jar in packages_here())
    return (".", packages) if packages else (".",)


def jars(sandbox_path: SandboxPath) -> str:
    """The packages that programs may use, as a class path, and crosstune's own."""
    own = sandbox_path(_prepared.folder() / _prepared.APART_JAR)
    return ":".join((*(visible(jar, sandbox_path) for jar in packages_here()), own))


def compiler(sandbox_path: SandboxPath) -> tuple[str, ...]:
    classes = sandbox_path(_prepared.folder() / "compiler")
    archive = _prepared.archive_flags(sandbox_path)
    flags = (*_COMPILER_FLAGS, *archive, *_prepared.EXPORTS, "-cp", classes)
    return (command("java", sandbox_path), *flags, _prepared.COMPILER)


def build_command(task: JudgeTask, kind: str) -> Command:
    """Compile the texts in the working folder once; see compiler.java."""
    limits = dataclasses.replace(BUILD_LIMITS, processes=LIMITS.processes, disk_bytes=task.limits.disk_bytes)
    standard = task.program.standard
    release = "" if standard == STANDARDS[0] else standard
    return Command(
        limits=limits,
        argv=(*compiler(task.sandbox_path), "once", jars(task.sandbox_path), release, kind),
        environment=ENVIRONMENT,
    )


def command(name: str, sandbox_path: SandboxPath) -> str:
    return visible(_prepared.home() / "bin" / name, sandbox_path)


def visible(path: Path, sandbox_path: SandboxPath) -> str:
    return str(path) if path.is_relative_to("/usr") else sandbox_path(path)
