"""The kinds of hostile programs: what each attacks and the verdict it must end with.

A kind is told once, here; ``<language>.txt`` beside this gives the code (see `suite`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crosstune.records import Status


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``status`` and ``stage`` are the verdict wherever a language's file tells no other one, with a reason.

    ``answer`` is what the program answers to the tests when its attack is over. ``cpu_seconds`` and
    ``wall_seconds`` are smaller limits for what runs into them on purpose; ``build_seconds`` is CPU
    time. ``twice``: it is run two times in a row, and sees in the second what the first has left.
    """

    family: str
    attacks: str
    status: Status
    answer: Literal["right", "wrong"] = "right"
    stage: str = "run"
    cpu_seconds: float = 2.0
    wall_seconds: float = 60.0
    build_seconds: float = 0.0
    twice: bool = False


def _kinds(family: str, *rows: tuple[str, Status, str], **common: object) -> dict[str, Kind]:
    return {
        name: Kind(family=family, attacks=attacks, status=status, **common)  # type: ignore[arg-type]
        for name, status, attacks in rows
    }


_SHORT_CPU, _SHORT_WALL = 0.6, 1.5

KINDS: dict[str, Kind] = {
    **_kinds(
        "time",
        ("busy_loop", Status.TIMEOUT, "the processor"),
        ("ignored_signals", Status.TIMEOUT, "ending it by signals that it may ignore"),
        ("busy_children", Status.TIMEOUT, "the time of children, who wait for nobody"),
        cpu_seconds=_SHORT_CPU,
        wall_seconds=30.0,
    ),
    **_kinds(
        "time",
        ("sleep", Status.TIMEOUT, "a limit that counts CPU time alone"),
        ("stops_itself", Status.TIMEOUT, "a judge that waits for an end"),
        wall_seconds=_SHORT_WALL,
    ),
    **_kinds(
        "time",
        ("compile_bomb", Status.TIMEOUT, "the compiler"),
        stage="build",
        build_seconds=8.0,
        wall_seconds=40.0,
    ),
    **_kinds("time", ("waits_for_input", Status.PASSED, "a terminal that nobody sits at")),
    **_kinds(
        "memory",
        ("heap", Status.MEMORY_LIMIT, "memory, piece by piece"),
        ("mapped", Status.MEMORY_LIMIT, "memory outside of the heap or shared with others"),
        ("recursion", Status.RUNTIME_ERROR, "the stack"),
        ("huge_statics", Status.MEMORY_LIMIT, "memory that is there from the start"),
        ("memory_of_children", Status.MEMORY_LIMIT, "a limit that each process has for itself"),
    ),
    # A thread of node costs 20 to 30 ms of CPU: as many as are allowed can take 2 s.
    **_kinds(
        "processes",
        ("fork_bomb", Status.PROCESS_LIMIT, "the number of processes"),
        ("thread_bomb", Status.PROCESS_LIMIT, "the number of threads"),
        cpu_seconds=10.0,
    ),
    **_kinds(
        "processes",
        ("daemon", Status.PASSED, "what lives on in a session of its own"),
        ("kills_parent", Status.PASSED, "the process that waits for it"),
        ("kills_everything", Status.PASSED, "every process that it may kill"),
        ("orphan_holds_stdout", Status.PASSED, "a judge that reads to the end of the output"),
    ),
    **_kinds(
        "files",
        ("reads_secret", Status.PASSED, "files outside"),
        ("writes_outside", Status.PASSED, "files outside"),
        ("deletes_outside", Status.PASSED, "files outside"),
        ("link_escape", Status.PASSED, "a working folder left through links and '..'"),
        ("proc_escape", Status.PASSED, "the root folder and the memory of others, in /proc"),
        ("fills_disk", Status.DISK_LIMIT, "the disk"),
        ("many_inodes", Status.DISK_LIMIT, "the number of files"),
        ("large_file", Status.DISK_LIMIT, "the disk, with one file"),
        ("fills_shared_memory", Status.DISK_LIMIT, "/dev/shm"),
    ),
    **_kinds("files", ("fifo", Status.TIMEOUT, "opening what nobody else opens"), wall_seconds=_SHORT_WALL),
    **_kinds(
        "output",
        ("stdout_flood", Status.OUTPUT_LIMIT, "whoever keeps its output"),
        ("stderr_flood", Status.OUTPUT_LIMIT, "whoever keeps its errors"),
        ("broken_text", Status.PASSED, "readers of text: NUL and what is no UTF-8"),
        ("markup", Status.PASSED, "terminals and pages that show it"),
    ),
    **_kinds(
        "network",
        ("loopback", Status.PASSED, "servers of this machine"),
        ("name_lookup", Status.PASSED, "name servers"),
        ("metadata", Status.PASSED, "a cloud's metadata address"),
        ("abstract_socket", Status.PASSED, "sockets of this machine that have no file"),
        ("secret_in_environment", Status.PASSED, "the environment of the judge"),
    ),
    **_kinds(
        "forgery",
        ("exits", Status.INCOMPLETE, "status 0 during a test"),
        ("exits_at_start", Status.INCOMPLETE, "status 0 before the tests"),
        ("exits_from_thread", Status.INCOMPLETE, "status 0 beside the tests"),
        ("exit_handler", Status.WRONG_ANSWER, "status 0 after a failed test"),
        ("kills_itself", Status.RUNTIME_ERROR, "an end that is no exit"),
        ("printed_pass", Status.WRONG_ANSWER, "a judge that reads the output"),
        ("always_equal", Status.WRONG_ANSWER, "comparison: an answer that equals everything"),
        ("redefined_assert", Status.WRONG_ANSWER, "what the tests check with"),
        ("own_entry", Status.WRONG_ANSWER, "where the tests are called from"),
        ("descriptors", Status.INCOMPLETE, "the report, with what can be read from open descriptors"),
        ("guesses_secret", Status.INCOMPLETE, "the report, with a guess"),
        ("memory_scan", Status.INCOMPLETE, "the secret in its own memory"),
        ("reads_tests", Status.WRONG_ANSWER, "the expected values, in files that the tests were built from"),
        ("frames", Status.WRONG_ANSWER, "callers' frames, the stack, reflection"),
        answer="wrong",
    ),
    **_kinds(
        "forgery",
        ("swallows_tests", Status.COMPILE_ERROR, "the text of the tests"),
        stage="build",
    ),
    **_kinds("forgery", ("tracer", Status.PASSED, "other processes, as a debugger does")),
    **_kinds(
        "across",
        ("left_file", Status.PASSED, "the folder of the next program"),
        ("poisoned_cache", Status.PASSED, "compilers' caches, modules, what stands ready for the next"),
        ("held_port", Status.PASSED, "the network of the next program"),
        ("left_ipc", Status.PASSED, "shared memory and queues that outlive their makers"),
        ("locked_folder", Status.PASSED, "the folder of the next program, by its permissions"),
        ("slows_others", Status.PASSED, "the priority and the processors of those who judge"),
        twice=True,
    ),
}
FAMILIES = tuple(dict.fromkeys(kind.family for kind in KINDS.values()))
