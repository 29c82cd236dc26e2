"""Tests and candidate in processes of their own: which way a program goes, and how verdicts come about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.execution._languages import judging_of
from crosstune.records import Isolation, Limits, Program, Status, Verdict

TESTS = "assert add(1, 2) == 3\nassert add(-1, 1) == 0\n"
RIGHT = "def add(a, b):\n    return a + b\n"


def program(candidate: str = RIGHT, tests: str = TESTS, **more: object) -> Program:
    fields: dict[str, object] = {"entry_points": ("add",), **more}
    return replace(Program("x", "python", candidate, tests), **fields)  # type: ignore[arg-type]


def verdict(given: Program, isolation: Isolation = "auto") -> Verdict:
    with Judge(isolation=isolation) as judge:
        (found,) = judge.run([given])
    return found


def limits(**more: float) -> Limits:
    return replace(judging_of("python").limits, **more)  # type: ignore[arg-type]


def test_tests_that_need_values_alone_run_apart() -> None:
    found = verdict(program())
    assert (found.status, found.isolation) == (Status.PASSED, "separate")
    wrong = verdict(program(RIGHT.replace("+", "-")))
    assert (wrong.status, wrong.isolation) == (Status.WRONG_ANSWER, "separate")
    assert "assert add(1, 2) == 3" in wrong.stderr


def test_a_program_without_entry_points_shares_a_process() -> None:
    found = verdict(program(entry_points=()))
    assert (found.status, found.isolation) == (Status.PASSED, "shared")


def test_everything_can_be_shared() -> None:
    found = verdict(program(), "shared")
    assert (found.status, found.isolation) == (Status.PASSED, "shared")


def test_tests_that_need_objects_are_refused_where_all_must_be_separate() -> None:
    tests = "class Own:\n    pass\nassert add(Own(), 1) == 3\n"
    found = verdict(program(tests=tests), "separate")
    assert found.status is Status.HARNESS_ERROR
    assert (
        "its tests cannot run apart from the candidate: the tests pass an object of their own (Own)"
        in found.stderr
    )
    with Judge() as judge:
        assert (
            judge.why_shared(program(tests=tests))
            == "the tests pass an object of their own (Own) to the candidate"
        )
        assert judge.why_shared(program()) == ""


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("raise SystemExit(0)\n", Status.INCOMPLETE),
        ("import os\nos._exit(0)\n", Status.INCOMPLETE),
        ("def add(a, b):\n    raise SystemExit(0)\n", Status.INCOMPLETE),
        ("def add(a, b)\n", Status.COMPILE_ERROR),
        ("raise ValueError\n", Status.RUNTIME_ERROR),
        ("def add(a, b):\n    raise ValueError\n", Status.RUNTIME_ERROR),
        ("def add(a, b):\n    assert False\n", Status.RUNTIME_ERROR),
        ("import os\ndef add(a, b):\n    os.abort()\n", Status.RUNTIME_ERROR),
        ("def add(a, b):\n    while True: pass\n", Status.TIMEOUT),
        ("while True: pass\n", Status.TIMEOUT),
        ("def add(a, b):\n    return bytearray(1 << 30)\n", Status.MEMORY_LIMIT),
        ("def add(a, b):\n    return b'x' * (20 << 20)\n", Status.OUTPUT_LIMIT),
        ("def add(a, b):\n    print('x' * (2 << 20))\n", Status.OUTPUT_LIMIT),
        ("import os\nos.write(6, b'\\0\\0\\0\\2H\\2')\n" + RIGHT, Status.POLICY),
        ("import os\ndef add(a, b):\n    os.write(6, b'\\0\\0\\0\\1?')\n    return a + b\n", Status.POLICY),
        ("import os\nos.close(6)\n" + RIGHT, Status.RUNTIME_ERROR),
    ],
)
def test_how_the_candidate_ends_decides(candidate: str, status: Status) -> None:
    # Only what loops has a short time: a machine may need longer to hand out the memory that is too much.
    short = limits(cpu_seconds=0.5) if status is Status.TIMEOUT else limits()
    found = verdict(program(candidate, limits=short))
    assert (found.status, found.isolation) == (status, "separate")


def test_a_report_of_the_candidate_passes_nobody() -> None:
    forged = "import os\nos.write(4, b'passed ')\nos._exit(0)\n"
    assert verdict(program(forged)).status is Status.INCOMPLETE


def test_an_object_of_the_candidates_own_equals_nothing() -> None:
    chameleon = "class Any:\n    def __eq__(self, other): return True\ndef add(a, b): return Any()\n"
    assert verdict(program(chameleon)).status is Status.WRONG_ANSWER


def test_the_candidates_process_has_nothing_of_the_tests() -> None:
    spy = (
        "import gc, os\n"
        "def add(a, b):\n"
        "    needle = ''.join(reversed('stset eht fo terces'))\n"
        "    held = [each for each in gc.get_objects() if isinstance(each, (dict, list, tuple))]\n"
        "    parts = (each.values() if isinstance(each, dict) else each for each in held)\n"
        "    texts = [text for part in parts for text in part]\n"
        "    found = [text for text in texts if isinstance(text, str) and needle in text]\n"
        "    return found or os.listdir('.') or a + b\n"
    )
    tests = "# a secret of the tests\nassert add(1, 2) == 3, add(1, 2)\n"
    assert verdict(program(spy, tests)).status is Status.PASSED


def test_slow_tests_are_not_the_candidates_time() -> None:
    slow = program(tests="total = sum(range(30_000_000))\n" + TESTS, limits=limits(cpu_seconds=0.2))
    found = verdict(slow)
    assert (found.status, found.isolation) == (Status.PASSED, "separate")
    assert found.cpu_seconds < 0.2


def test_a_candidate_that_keeps_running_has_passed_if_the_tests_have() -> None:
    busy = (
        "import threading, time\n" + RIGHT + "threading.Thread(target=lambda: time.sleep(30)).start()\n"
        "import os\nos.set_blocking(5, True)\n"
    )
    found = verdict(program(busy))
    assert (found.status, found.isolation) == (Status.PASSED, "separate")


def test_isolation_is_part_of_a_verdicts_key() -> None:
    digests = set()
    for isolation in ("auto", "separate", "shared"):
        with Judge(isolation=isolation) as judge:
            digests.add(judge.digest(program()))
    assert len(digests) == 3


def test_what_one_program_does_to_its_pipes_does_not_reach_the_next() -> None:
    hostile = "import os\nos.set_blocking(5, False)\nos.set_blocking(6, False)\nos.dup2(0, 6)\n" + RIGHT
    programs = [replace(program(hostile if i % 2 else RIGHT), id=str(i)) for i in range(8)]
    with Judge(workers=2) as judge:
        found = [each.status for each in judge.run(programs)]
    assert found[::2] == [Status.PASSED] * 4
    assert Status.HARNESS_ERROR not in found
    assert Status.PASSED not in found[1::2]
