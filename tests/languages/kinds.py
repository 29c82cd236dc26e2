"""The kinds of programs and answers that every judged language is tested with, and the verdict of each.

Each kind is defined once, here; ``<language>/cases.txt`` has the code (its format: see `cases`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from crosstune.records import Limits, Status


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``about`` says what a program does or attacks; ``status`` and ``stage`` are its verdict, unless a
    language's file expects another one and gives the reason.

    ``answer`` is what a hostile program returns to the tests after its attack. The limits are such that
    only one of them can be reached, however fast the machine is: ``cpu_seconds``, ``wall_seconds`` and
    ``half_memory`` (of the language's usual limit) limit the run; ``build_seconds``, where it is not 0, is
    the CPU time of the build, whose memory is then ample. ``twice``: the program is run two times in a
    row, and the second run checks what the first one left.
    """

    family: str
    about: str
    status: Status
    answer: Literal["right", "wrong"] = "right"
    stage: str = "run"
    cpu_seconds: float = 30.0
    wall_seconds: float = 120.0
    half_memory: bool = False
    build_seconds: float = 0.0
    twice: bool = False

    def limits(self, usual: Limits) -> Limits:
        return replace(
            usual,
            cpu_seconds=self.cpu_seconds,
            wall_seconds=self.wall_seconds,
            memory_bytes=usual.memory_bytes // (2 if self.half_memory else 1),
            output_bytes=400_000,
        )


def _kinds(family: str, *rows: tuple[str, Status, str], **common: object) -> dict[str, Kind]:
    return {
        name: Kind(family=family, about=about, status=status, **common)  # type: ignore[arg-type]
        for name, status, about in rows
    }


_SHORT_CPU, _SHORT_WALL = 0.6, 1.5

EVERYDAY: dict[str, Kind] = {
    **_kinds(
        "everyday",
        ("right_answer", Status.PASSED, "adds"),
        ("wrong_answer", Status.WRONG_ANSWER, "subtracts instead"),
        ("crash", Status.RUNTIME_ERROR, "fails during a test"),
        ("output_flood", Status.OUTPUT_LIMIT, "prints without end"),
        ("leaves_before_the_tests", Status.INCOMPLETE, "exits with status 0 before or during the tests"),
        ("prints_success_and_leaves", Status.INCOMPLETE, "the same, after printing that it passed"),
        ("prints_too", Status.PASSED, "prints 'hello' and adds"),
    ),
    **_kinds(
        "everyday",
        ("compile_error", Status.COMPILE_ERROR, "is not valid in the language"),
        stage="build",
    ),
    **_kinds("everyday", ("endless_loop", Status.TIMEOUT, "never returns"), cpu_seconds=2.0),
    **_kinds("everyday", ("memory", Status.MEMORY_LIMIT, "allocates without end"), half_memory=True),
}

ANSWERS: dict[str, Kind] = {
    **_kinds(
        "answers",
        ("answer_whole_function", Status.PASSED, "prose around a fenced block with the whole function"),
        ("answer_with_helpers", Status.PASSED, "a helper in a block of its own, or after the function"),
        ("answer_with_usage_example", Status.PASSED, "an example of use that would break the tests"),
        ("answer_continues_declaration", Status.PASSED, "a base model's: the body, then something else"),
        ("answer_is_wrong", Status.WRONG_ANSWER, "well-formed, but the function multiplies"),
    ),
    **_kinds(
        "answers",
        ("answer_is_cut_off", Status.COMPILE_ERROR, "ends in the middle of the function"),
        ("answer_without_code", Status.COMPILE_ERROR, "prose only"),
        stage="build",
    ),
}

BROKEN_TESTS: dict[str, Kind] = _kinds(
    "tests",
    ("tests_do_not_parse", Status.HARNESS_ERROR, "a right candidate with tests that do not parse"),
    ("tests_need_what_is_missing", Status.HARNESS_ERROR, "the same with tests that load a missing package"),
    stage="build",
)

UNDEFINED_NAMES: dict[str, Kind] = _kinds(
    "undefined names",
    (
        "tests_call_an_undefined_function",
        Status.HARNESS_ERROR,
        "a right candidate with tests that call a function which nobody was asked for",
    ),
    (
        "candidate_calls_an_undefined_function",
        Status.RUNTIME_ERROR,
        "calls such a function itself; the tests call it only where something fails",
    ),
    (
        "undefined_function_after_a_failure",
        Status.RUNTIME_ERROR,
        "a wrong candidate with tests that call such a function only where something fails",
    ),
)
"""Only for languages that say how their tools name what is not defined."""

WHOLE_PROGRAMS: dict[str, Kind] = {
    **_kinds(
        "whole programs",
        ("whole_sum", Status.PASSED, "prints the sum of the whole numbers in stdin"),
        ("whole_byte_count", Status.PASSED, "prints the number of bytes in stdin, without a newline"),
        ("whole_crash", Status.RUNTIME_ERROR, "ends with an error of its own"),
    ),
    **_kinds(
        "whole programs",
        ("whole_compile_error", Status.COMPILE_ERROR, "is not valid in the language"),
        stage="build",
    ),
}
"""Programs without tests, which read stdin; only for languages that say how to run them."""

HOSTILE: dict[str, Kind] = {
    **_kinds(
        "time",
        ("busy_loop", Status.TIMEOUT, "the processor"),
        ("ignored_signals", Status.TIMEOUT, "being ended by signals that it can ignore"),
        ("busy_children", Status.TIMEOUT, "CPU time used by children that it never waits for"),
        cpu_seconds=_SHORT_CPU,
        wall_seconds=30.0,
    ),
    **_kinds(
        "time",
        ("sleep", Status.TIMEOUT, "a limit that counts CPU time only"),
        ("stops_itself", Status.TIMEOUT, "a judge that waits for the process to end"),
        wall_seconds=_SHORT_WALL,
    ),
    **_kinds(
        "time",
        ("compile_bomb", Status.TIMEOUT, "the compiler"),
        stage="build",
        build_seconds=5.0,
    ),
    **_kinds("time", ("waits_for_input", Status.PASSED, "standard input, which is empty")),
    **_kinds(
        "memory",
        ("heap", Status.MEMORY_LIMIT, "memory, piece by piece"),
        ("mapped", Status.MEMORY_LIMIT, "memory outside the heap, or shared with other processes"),
        ("recursion", Status.RUNTIME_ERROR, "the stack"),
        ("huge_statics", Status.MEMORY_LIMIT, "memory that is reserved from the start"),
        ("memory_of_children", Status.MEMORY_LIMIT, "a limit that counts each process separately"),
        half_memory=True,
    ),
    **_kinds(
        "processes",
        ("fork_bomb", Status.PROCESS_LIMIT, "the number of processes"),
        ("thread_bomb", Status.PROCESS_LIMIT, "the number of threads"),
    ),
    **_kinds(
        "processes",
        ("daemon", Status.PASSED, "a process that outlives it in a session of its own"),
        ("kills_parent", Status.PASSED, "the process that waits for it"),
        ("kills_everything", Status.PASSED, "every process that it may signal"),
        ("orphan_holds_stdout", Status.PASSED, "a judge that reads to the end of the output"),
    ),
    **_kinds(
        "files",
        ("reads_secret", Status.PASSED, "files outside the sandbox, by reading"),
        ("writes_outside", Status.PASSED, "files outside the sandbox, by writing"),
        ("deletes_outside", Status.PASSED, "files outside the sandbox, by deleting"),
        ("link_escape", Status.PASSED, "the working folder's boundary, through links and '..'"),
        ("proc_escape", Status.PASSED, "root folder and memory of other processes, through /proc"),
        ("fills_disk", Status.DISK_LIMIT, "the disk"),
        ("many_inodes", Status.DISK_LIMIT, "the number of files"),
        ("large_file", Status.DISK_LIMIT, "the disk, with one file"),
        ("fills_shared_memory", Status.DISK_LIMIT, "/dev/shm"),
    ),
    **_kinds(
        "files",
        ("fifo", Status.TIMEOUT, "a named pipe that no other process opens"),
        wall_seconds=_SHORT_WALL,
    ),
    **_kinds(
        "output",
        ("stdout_flood", Status.OUTPUT_LIMIT, "whatever stores its output"),
        ("stderr_flood", Status.OUTPUT_LIMIT, "whatever stores its error output"),
        ("broken_text", Status.PASSED, "readers of text: NUL and invalid UTF-8"),
        ("markup", Status.PASSED, "terminals and web pages that show its output"),
    ),
    **_kinds(
        "network",
        ("loopback", Status.PASSED, "servers on this machine"),
        ("name_lookup", Status.PASSED, "name servers"),
        ("metadata", Status.PASSED, "a cloud's metadata address"),
        ("abstract_socket", Status.PASSED, "sockets of this machine that have no file"),
        ("secret_in_environment", Status.PASSED, "environment variables of the judge"),
    ),
    **_kinds(
        "forgery",
        ("exits", Status.INCOMPLETE, "status 0 during a test"),
        ("exits_at_start", Status.INCOMPLETE, "status 0 before the tests"),
        ("exits_from_thread", Status.INCOMPLETE, "status 0 from a second thread"),
        ("exit_handler", Status.WRONG_ANSWER, "status 0 after a failed test"),
        ("kills_itself", Status.RUNTIME_ERROR, "an end by signal instead of exit"),
        ("printed_pass", Status.WRONG_ANSWER, "a judge that reads the output"),
        ("always_equal", Status.WRONG_ANSWER, "comparison: an answer that equals everything"),
        ("redefined_assert", Status.WRONG_ANSWER, "the assertions of the tests"),
        ("own_entry", Status.WRONG_ANSWER, "the entry point from which the tests are called"),
        ("descriptors", Status.INCOMPLETE, "the report, with whatever open descriptors contain"),
        ("guesses_nonce", Status.INCOMPLETE, "the report, with a guessed nonce"),
        ("memory_scan", Status.INCOMPLETE, "the nonce in its own memory"),
        ("reads_tests", Status.WRONG_ANSWER, "the expected values, in files that the tests were built from"),
        ("frames", Status.WRONG_ANSWER, "stack frames of its callers, reflection"),
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
        ("left_file", Status.PASSED, "the working folder of the next program"),
        ("poisoned_cache", Status.PASSED, "compiler caches, modules and prepared states"),
        ("held_port", Status.PASSED, "the network of the next program"),
        ("left_ipc", Status.PASSED, "shared memory and queues that outlive their creators"),
        ("locked_folder", Status.PASSED, "the working folder of the next program, by its permissions"),
        ("slows_others", Status.PASSED, "priority and processors of the judge"),
        twice=True,
    ),
}
FAMILIES = tuple(dict.fromkeys(kind.family for kind in HOSTILE.values()))
"""The families of hostile programs."""
KINDS = {**EVERYDAY, **BROKEN_TESTS, **UNDEFINED_NAMES, **WHOLE_PROGRAMS, **ANSWERS, **HOSTILE}
