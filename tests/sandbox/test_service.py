"""Services: replies, limits from outside, what they see, and how they end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crosstune.sandbox import Kind, Service, ServiceFailed, ServiceLimits, ServiceOptions
from tests.processes import alive

# Answers each request by running it, a Python expression, with `data` for long texts.
SERVER = """
import os, struct, sys, time
def send(data):
    sys.stdout.buffer.write(struct.pack('>I', len(data)) + data)
    sys.stdout.buffer.flush()
send(b'')
while head := sys.stdin.buffer.read(4):
    text = sys.stdin.buffer.read(struct.unpack('>I', head)[0]).decode()
    send(str(eval(text)).encode())
"""
LIMITS = ServiceLimits(cpu_seconds=30, wall_seconds=120, memory_bytes=200 << 20)
Start = Callable[..., Service]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Service] = []

    def start(
        code: str = SERVER, limits: ServiceLimits = LIMITS, kind: Kind = "bubblewrap", marker: str = "-"
    ) -> Service:
        argv = ("/usr/bin/env", "python3", "-c", code, marker)
        options = ServiceOptions(kind=kind, argv=argv, limits=limits, environment={"PATH": "/usr/bin:/bin"})
        started.append(Service(options))
        return started[-1]

    yield start
    for service in started:
        service.close()


@pytest.mark.parametrize("kind", ["bubblewrap", "none"])
def test_a_service_replies_again_and_again(start: Start, kind: Kind) -> None:
    service = start(kind=kind)
    assert [service.request(f"{n} * 2".encode()).data for n in range(20)] == [
        str(n * 2).encode() for n in range(20)
    ]
    assert service.requests == 20


def test_requests_and_replies_may_be_long(start: Start) -> None:
    service = start()
    text = "x" * 3_000_000
    answer = service.request(f"'{text}' * 2".encode())
    assert answer.data.decode() == text * 2
    assert answer.resident_bytes > 3_000_000
    assert answer.wall_seconds > 0


def test_a_reply_has_its_cpu_time(start: Start) -> None:
    service = start()
    idle = service.request(b"time.sleep(0.3)")
    busy = service.request(
        b"[time.process_time() for _ in iter(lambda: time.process_time() > 0.5, True)][:0]"
    )
    assert idle.cpu_seconds < 0.25 < busy.cpu_seconds


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("[None for _ in iter(int, 1) if False]", "CPU seconds"),
        ("len(bytearray(300 << 20)) + time.sleep(300)", "MiB"),
        ("os._exit(3)", "ended"),
        ("1 / 0", "ZeroDivisionError"),
        ("os.write(1, b'\\xff' * 40)", "announced a reply"),
    ],
)
def test_a_service_that_ends_or_reaches_a_limit_gives_no_reply(
    start: Start, request_: str, message: str
) -> None:
    # Only one request uses CPU time, and none that does fills memory: no two limits compete.
    busy = message == "CPU seconds"
    limits = ServiceLimits(cpu_seconds=1 if busy else 30, wall_seconds=120, memory_bytes=200 << 20)
    service = start(marker="marked for its end", limits=limits)
    with pytest.raises(ServiceFailed, match=message):
        service.request(request_.encode())
    with pytest.raises(ServiceFailed):
        service.request(b"1")
    _gone("marked for its end")


def test_a_request_that_takes_too_long_ends_the_service(start: Start) -> None:
    service = start(limits=ServiceLimits(cpu_seconds=9, wall_seconds=0.3, memory_bytes=1 << 30))
    with pytest.raises(ServiceFailed, match="too long"):
        service.request(b"time.sleep(60)")


def test_a_service_that_died_between_requests_gives_no_reply(start: Start) -> None:
    service = start()
    for pid in service._members:
        with contextlib.suppress(ProcessLookupError):  # the first one takes the others with it
            os.kill(pid, 9)
    with pytest.raises(ServiceFailed):
        service.request(b"1")


def test_a_service_sees_nothing_of_this_machine(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSTUNE_SECRET", "visible")
    (tmp_path / "secret").write_text("seen")
    service = start()
    assert service.request(f"os.path.exists({str(tmp_path / 'secret')!r})".encode()).data == b"False"
    assert service.request(b"os.path.exists('/etc/passwd')").data == b"False"
    assert service.request(b"set(os.environ) - {'PATH', 'PWD', 'LC_CTYPE'}").data == b"set()"
    assert service.request(b"os.getcwd()").data == b"/box"
    assert service.request(b"[row.split()[0] for row in open('/proc/net/dev')][2:]").data == b"['lo:']"
    assert service.request(b"os.access('/usr', os.W_OK)").data == b"False"


def test_a_service_has_filtered_system_calls(start: Start) -> None:
    service = start()
    status = service.request(b"open('/proc/self/status').read()").data.decode()
    assert "Seccomp:\t2" in status
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status


def test_a_service_that_does_not_start_says_why(start: Start) -> None:
    with pytest.raises(ServiceFailed, match="nothing works"):
        start(code="raise SystemExit('nothing works')")


def test_a_closed_service_leaves_no_process(start: Start) -> None:
    service = start(marker="marked to be closed")
    assert alive("marked to be closed")
    service.close()
    _gone("marked to be closed")


def test_a_service_ends_with_its_owner() -> None:
    code = (
        "import os\nfrom crosstune.sandbox import *\n"
        "options = ServiceOptions(kind='bubblewrap', argv=('/usr/bin/env', 'python3', '-c', "
        f"{SERVER!r}, 'marked to be orphaned'), environment={{'PATH': '/usr/bin:/bin'}}, "
        "limits=ServiceLimits(cpu_seconds=1, wall_seconds=9, memory_bytes=1 << 30))\n"
        "service = Service(options)\nassert service.request(b'2').data == b'2'\nos.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    _gone("marked to be orphaned")


def _gone(marker: str) -> None:
    deadline = time.monotonic() + 20
    while (left := alive(marker)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left == []


@pytest.mark.parametrize("file", ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname"])
def test_the_machines_settings_cannot_be_opened_for_writing(start: Start, file: str) -> None:
    with pytest.raises(ServiceFailed, match="Read-only file system|Permission denied"):
        start().request(f"open({file!r}, 'r+b')".encode())
