"""The kinds of hostile programs: what each attacks and the verdict it must end with.

A kind is told once, here; ``<language>.txt`` beside this gives the code (see `suite`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crosstune.records import Label


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``label`` and ``stage`` are the verdict wherever a language's file tells no other one, with a reason.

    ``answer`` is what the program answers to the tests when its attack is over. ``cpu_seconds`` and
    ``wall_seconds`` are smaller limits for what runs into them on purpose; ``build_seconds`` is CPU
    time. ``twice``: it is run two times in a row, and sees in the second what the first has left.
    """

    family: str
    attacks: str
    label: Label
    answer: Literal["right", "wrong"] = "right"
    stage: str = "run"
    cpu_seconds: float = 2.0
    wall_seconds: float = 60.0
    build_seconds: float = 0.0
    twice: bool = False


def _kinds(family: str, *rows: tuple[str, Label, str], **common: object) -> dict[str, Kind]:
    return {
        name: Kind(family=family, attacks=attacks, label=label, **common)  # type: ignore[arg-type]
        for name, label, attacks in rows
    }


_SHORT_CPU, _SHORT_WALL = 0.6, 1.5

KINDS: dict[str, Kind] = {
    **_kinds(
        "time",
        ("busy_loop", Label.TIMEOUT, "the processor"),
        ("ignored_signals", Label.TIMEOUT, "ending it by signals that it may ignore"),
        ("busy_children", Label.TIMEOUT, "the time of children, who wait for nobody"),
        cpu_seconds=_SHORT_CPU,
        wall_seconds=30.0,
    ),
    **_kinds(
        "time",
        ("sleep", Label.TIMEOUT, "a limit that counts CPU time alone"),
        ("stops_itself", Label.TIMEOUT, "a judge that waits for an end"),
        wall_seconds=_SHORT_WALL,
    ),
    **_kinds(
        "time",
        ("compile_bomb", Label.TIMEOUT, "the compiler"),
        stage="build",
        build_seconds=8.0,
        wall_seconds=40.0,
    ),
    **_kinds("time", ("waits_for_input", Label.PASSED, "a terminal that nobody sits at")),
    **_kinds(
        "memory",
        ("heap", Label.MEMORY_LIMIT, "memory, piece by piece"),
        ("mapped", Label.MEMORY_LIMIT, "memory outside of the heap or shared with others"),
        ("recursion", Label.RUNTIME_ERROR, "the stack"),
        ("huge_statics", Label.MEMORY_LIMIT, "memory that is there from the start"),
        ("memory_of_children", Label.MEMORY_LIMIT, "a limit that each process has for itself"),
    ),
    # A thread of node costs 20 to 30 ms of CPU: as many as are allowed can take 2 s.
    **_kinds(
        "processes",
        ("fork_bomb", Label.PROCESS_LIMIT, "the number of processes"),
        ("thread_bomb", Label.PROCESS_LIMIT, "the number of threads"),
        cpu_seconds=10.0,
    ),
    **_kinds(
        "processes",
        ("daemon", Label.PASSED, "what lives on in a session of its own"),
        ("kills_parent", Label.PASSED, "the process that waits for it"),
        ("kills_everything", Label.PASSED, "every process that it may kill"),
        ("orphan_holds_stdout", Label.PASSED, "a judge that reads to the end of the output"),
    ),
    **_kinds(
        "files",
        ("reads_secret", Label.PASSED, "files outside"),
        ("writes_outside", Label.PASSED, "files outside"),
        ("deletes_outside", Label.PASSED, "files outside"),
        ("link_escape", Label.PASSED, "a working folder left through links and '..'"),
        ("proc_escape", Label.PASSED, "the root folder and the memory of others, in /proc"),
        ("fills_disk", Label.DISK_LIMIT, "the disk"),
        ("many_inodes", Label.DISK_LIMIT, "the number of files"),
        ("large_file", Label.DISK_LIMIT, "the disk, with one file"),
        ("fills_shared_memory", Label.DISK_LIMIT, "/dev/shm"),
    ),
    **_kinds("files", ("fifo", Label.TIMEOUT, "opening what nobody else opens"), wall_seconds=_SHORT_WALL),
    **_kinds(
        "output",
        ("stdout_flood", Label.OUTPUT_LIMIT, "whoever keeps its output"),
        ("stderr_flood", Label.OUTPUT_LIMIT, "whoever keeps its errors"),
        ("broken_text", Label.PASSED, "readers of text: NUL and what is no UTF-8"),
        ("markup", Label.PASSED, "terminals and pages that show it"),
    ),
    **_kinds(
        "network",
        ("loopback", Label.PASSED, "servers of this machine"),
        ("name_lookup", Label.PASSED, "name servers"),
        ("metadata", Label.PASSED, "a cloud's metadata address"),
        ("abstract_socket", Label.PASSED, "sockets of this machine that have no file"),
        ("secret_in_environment", Label.PASSED, "the environment of the judge"),
    ),
    **_kinds(
        "forgery",
        ("exits", Label.INCOMPLETE, "status 0 during a test"),
        ("exits_at_start", Label.INCOMPLETE, "status 0 before the tests"),
        ("exits_from_thread", Label.INCOMPLETE, "status 0 beside the tests"),
        ("exit_handler", Label.WRONG_ANSWER, "status 0 after a failed test"),
        ("kills_itself", Label.RUNTIME_ERROR, "an end that is no exit"),
        ("printed_pass", Label.WRONG_ANSWER, "a judge that reads the output"),
        ("always_equal", Label.WRONG_ANSWER, "comparison: an answer that equals everything"),
        ("redefined_assert", Label.WRONG_ANSWER, "what the tests check with"),
        ("own_entry", Label.WRONG_ANSWER, "where the tests are called from"),
        ("descriptors", Label.INCOMPLETE, "the report, with what can be read from open descriptors"),
        ("guesses_secret", Label.INCOMPLETE, "the report, with a guess"),
        ("memory_scan", Label.INCOMPLETE, "the secret in its own memory"),
        ("reads_tests", Label.WRONG_ANSWER, "the expected values, in files that the tests were built from"),
        ("frames", Label.WRONG_ANSWER, "callers' frames, the stack, reflection"),
        answer="wrong",
    ),
    **_kinds(
        "forgery",
        ("swallows_tests", Label.COMPILE_ERROR, "the text of the tests"),
        stage="build",
    ),
    **_kinds("forgery", ("tracer", Label.PASSED, "other processes, as a debugger does")),
    **_kinds(
        "across",
        ("left_file", Label.PASSED, "the folder of the next program"),
        ("poisoned_cache", Label.PASSED, "compilers' caches, modules, what stands ready for the next"),
        ("held_port", Label.PASSED, "the network of the next program"),
        ("left_ipc", Label.PASSED, "shared memory and queues that outlive their makers"),
        ("locked_folder", Label.PASSED, "the folder of the next program, by its permissions"),
        ("slows_others", Label.PASSED, "the priority and the processors of those who judge"),
        twice=True,
    ),
}
FAMILIES = tuple(dict.fromkeys(kind.family for kind in KINDS.values()))
