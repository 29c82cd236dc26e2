"""What counts as memory, and that a program which has exceeded its limit never ends as anything else."""

from __future__ import annotations

import dataclasses

import pytest

from crosstune.records import Command
from crosstune.sandbox import Limit, Outcome, SandboxRunner
from tests.sandbox.test_runner import LIMITS, run

LIMIT = 192 << 20
# Anonymous memory, touched by the kernel at once (MAP_POPULATE): faster than any check.
TOUCH = """\
import mmap, os, signal, subprocess, sys, time
def touch(share):
    return mmap.mmap(-1, int(share * LIMIT), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x8000)
def reserve(size):
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
"""


def outcome_of(runner: SandboxRunner, code: str) -> Outcome:
    limits = dataclasses.replace(LIMITS, memory_bytes=LIMIT, cpu_seconds=2)
    argv = ("/usr/bin/python3", "-I", "-c", f"LIMIT = {LIMIT}\n{TOUCH}{code}\n")
    return runner.run([Command(argv=argv, limits=limits)])[0]


LARGE_STACKS = """\
import threading
threading.stack_size(1 << 30)
threads = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
"""
SHARING_FORKS = """\
held = touch(0.6)
for _ in range(5):
    if not os.fork(): time.sleep(0.2); os._exit(0)
for _ in range(5): os.wait()
"""


@pytest.mark.parametrize(
    "code",
    [
        "held = touch(1.02)",
        "touch(1.02).close()",
        "touch(1.02).close(); sys.exit(3)",
        "touch(1.02).close(); os.abort()",
        "touch(1.02).close(); time.sleep(0.3)",
        "touch(1.02).close()\nwhile True: pass",
        "touch(1.02).close()\nwhile True: print('x' * 1000)",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nif os.fork(): os.wait()\nelse: touch(1.02)",
        "subprocess.run([sys.executable, '-I', '-c', f'held = bytes(bytearray({int(0.6 * LIMIT)}))'])",
        "held = b'x' * (12 << 30)",
    ],
)
def test_a_peak_above_the_limit_is_the_memory_limit(runner: SandboxRunner, code: str) -> None:
    outcome = outcome_of(runner, code)
    assert Limit.MEMORY is outcome.limit, outcome
    assert outcome.peak_bytes > LIMIT or outcome.signal


@pytest.mark.parametrize(
    "code",
    [
        "held = touch(0.9)",
        "held = touch(0.9); sys.stdout.write(str(len(held)))",
        "held = reserve(8 << 30); held[0] = held[1 << 30] = 1",
        LARGE_STACKS,
        SHARING_FORKS,
    ],
)
def test_memory_that_is_not_touched_or_shared_does_not_count(runner: SandboxRunner, code: str) -> None:
    outcome = outcome_of(runner, code)
    assert (outcome.limit, outcome.exit_status) == (Limit.NONE, 0), outcome
    assert outcome.peak_bytes < LIMIT


def test_a_crash_near_the_limit_is_a_crash(runner: SandboxRunner) -> None:
    outcome = outcome_of(runner, "held = touch(0.9); os.abort()")
    assert (outcome.limit, outcome.signal) == (Limit.NONE, 6)


def test_a_limit_below_the_memory_of_init_can_be_kept(runner: SandboxRunner) -> None:
    outcome = run(runner, "echo fine", memory_bytes=4 << 20)
    assert (outcome.stdout, outcome.limit) == ("fine\n", Limit.NONE)


def test_memory_of_many_processes_is_added(runner: SandboxRunner) -> None:
    one = "python3 -I -c 'import time; held = b\"x\" * (40 << 20); time.sleep(300)' &"
    outcome = run(runner, f"{one} {one} {one} {one} {one} wait; exit 1")
    assert Limit.MEMORY is outcome.limit
