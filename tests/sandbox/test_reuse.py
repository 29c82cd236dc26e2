"""A sandbox is used for one program after another, and nothing of one reaches the next."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.records import Command
from crosstune.sandbox import Outcome, SandboxRunner, probe
from tests.sandbox.test_runner import LIMITS

PYTHON = "/usr/bin/python3"
_LIBC = "import ctypes, os, resource, socket, time; libc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.fixture(scope="module")
def runner() -> Iterator[SandboxRunner]:
    if probe().namespaces != "fresh":
        pytest.skip("nested namespaces do not work here: no sandbox is used twice")
    with SandboxRunner() as runner:
        yield runner


def run(runner: SandboxRunner, code: str) -> Outcome:
    command = Command(argv=(PYTHON, "-I", "-S", "-c", _LIBC + code), limits=LIMITS)
    (outcome,) = runner.run([command])
    return outcome


def sandbox_of(runner: SandboxRunner) -> str:
    """The identity of the sandbox that is used now."""
    return run(runner, "print(os.readlink('/proc/self/ns/net'))").stdout


def test_a_clean_sandbox_is_used_again(runner: SandboxRunner) -> None:
    first = sandbox_of(runner)
    run(
        runner,
        "open('file', 'w').write('x'); os.makedirs('a/b/c'); os.symlink('/', 'link'); os.chmod('a', 0)",
    )
    run(runner, "os.fork() or time.sleep(60); raise SystemExit(3)")
    assert sandbox_of(runner) == first
    assert run(runner, "print(os.listdir('.'), os.listdir('/tmp'))").stdout == "[] []\n"


LEFT = {
    "shared memory": "assert libc.shmget(77, 4096, 0o1666) >= 0",
    "semaphores": "assert libc.semget(77, 1, 0o1666) >= 0",
    "a message queue": "assert libc.msgget(77, 0o1666) >= 0",
    "the folder's mode": "os.chmod('.', 0o755)",
    "the folder's flags": "import array, fcntl\n"
    "try: fcntl.ioctl(os.open('.', 0), 0x40086602, array.array('l', [64]))\n"
    "except OSError: os.chmod('.', 0)",
    "the folder's attributes": "try: os.setxattr('.', 'user.word', b'x')\nexcept OSError: os.chmod('.', 0)",
    "a limit of init": "resource.prlimit(1, resource.RLIMIT_CORE, (0, 0))\n"
    "resource.prlimit(1, resource.RLIMIT_NOFILE, (99, 99))",
    "init's priority": "os.setpriority(os.PRIO_PROCESS, 1, 10)",
    "init's processors": "os.sched_setaffinity(1, {min(os.sched_getaffinity(0))})",
    "init's scheduling": "os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))",
    "thousands of files": "for number in range(2000): open(str(number), 'w').close()",
    "deep folders": "for number in range(600): os.mkdir('d' * 200); os.chdir('d' * 200)",
    "a connection": "server = socket.create_server(('127.0.0.1', 4567))\n"
    "client = socket.create_connection(('127.0.0.1', 4567))\nserver.accept()[0].close()",
    "a message to oneself": "one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
    "one.bind(('::1', 4567)); one.sendto(b'x', ('::1', 4567))",
}


@pytest.mark.parametrize("what", LEFT)
def test_a_sandbox_with_leftovers_is_replaced(runner: SandboxRunner, what: str) -> None:
    first = sandbox_of(runner)
    outcome = run(runner, LEFT[what])
    assert outcome.exit_status == 0, outcome.stderr
    assert sandbox_of(runner) != first
    held = run(
        runner,
        "assert libc.shmget(77, 4096, 0) < 0 and libc.semget(77, 1, 0) < 0 and libc.msgget(77, 0) < 0\n"
        "assert os.stat('.').st_mode & 0o777 == 0o700 and os.listdir('.') == os.listxattr('.') == []\n"
        "assert os.getpriority(os.PRIO_PROCESS, 0) == 0 and os.sched_getscheduler(0) == os.SCHED_OTHER\n"
        "server = socket.create_server(('127.0.0.1', 4567), reuse_port=False)\n",
    )
    assert held.exit_status == 0, held.stderr


def test_posix_message_queues_cannot_be_made(runner: SandboxRunner) -> None:
    outcome = run(runner, "print(libc.mq_open(b'/queue', os.O_CREAT | os.O_RDWR, 0o666, None))")
    assert outcome.stdout == "-1\n"


def test_descriptor_flags_do_not_reach_the_next_program(runner: SandboxRunner) -> None:
    run(runner, "for number in range(5): os.set_blocking(number, False)")
    assert run(runner, "print([os.get_blocking(number) for number in range(5)])").stdout == f"{[True] * 5}\n"


def test_the_folder_has_the_requested_size(runner: SandboxRunner) -> None:
    code = "state = os.statvfs('.'); print(state.f_blocks * state.f_frsize)"
    for size in (8 << 20, 4 << 20):
        limits = dataclasses.replace(LIMITS, disk_bytes=size)
        (outcome,) = runner.run([Command(argv=(PYTHON, "-I", "-S", "-c", _LIBC + code), limits=limits)])
        assert int(outcome.stdout) == size


def test_peak_memory_is_not_that_of_an_earlier_program(runner: SandboxRunner) -> None:
    assert run(runner, "held = b'x' * (60 << 20)").peak_bytes > 60 << 20
    assert run(runner, "pass").peak_bytes < 50 << 20


def test_a_killed_child_is_a_memory_limit_though_its_parent_waits(runner: SandboxRunner) -> None:
    if probe().groups == "none":
        pytest.skip("no group counts memory here")
    code = (
        "for _ in range(9):\n    if not os.fork(): held = b'x' * (100 << 20); time.sleep(60)\ntime.sleep(300)"
    )
    outcome = run(runner, code)
    assert outcome.limit == "memory"


def test_a_later_command_may_write_less_than_an_earlier_one(runner: SandboxRunner) -> None:
    write = f"{_LIBC}open(str(time.monotonic_ns()), 'wb').write(b'x' * (3 << 20))"
    limits = [dataclasses.replace(LIMITS, disk_bytes=size << 20) for size in (8, 2)]
    commands = [Command(argv=(PYTHON, "-I", "-S", "-c", write), limits=limit) for limit in limits]
    assert [outcome.limit for outcome in runner.run(commands)] == ["", "disk"]


def test_variables_that_are_never_touched_are_not_memory(runner: SandboxRunner) -> None:
    """The program is a copy of another one, changed to have large variables."""
    data = bytearray(Path("/bin/true").resolve().read_bytes())
    start, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    for offset in range(start, start + 56 * count, 56):
        if struct.unpack_from("<II", data, offset) == (1, 6):
            struct.pack_into("<Q", data, offset + 40, 1 << 30)
    run_it = Command(argv=("/box/large",), limits=LIMITS)
    make = Command(argv=("/bin/chmod", "700", "large"), limits=LIMITS)
    outcomes = runner.run([make, run_it], {"large": bytes(data)})
    assert [(outcome.exit_status, outcome.limit) for outcome in outcomes] == [(0, ""), (0, "")]


def test_only_socket_families_that_namespaces_isolate_are_allowed(runner: SandboxRunner) -> None:
    code = (
        "def made(family):\n    try: socket.socket(family, socket.SOCK_DGRAM).close(); return True\n"
        "    except OSError: return False\n"
        "print([family for family in range(1, 46) if made(family)])\n"
        "socket.socketpair(); socket.create_server(('127.0.0.1', 0))\n"
    )
    outcome = run(runner, code)
    assert (outcome.stdout, outcome.exit_status) == ("[1, 2, 10, 16]\n", 0), outcome.stderr
