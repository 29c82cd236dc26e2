"""The sandbox, tested with plain commands."""

from __future__ import annotations

import dataclasses
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.errors import SandboxUnavailable
from crosstune.records import Command, Limits
from crosstune.sandbox import (
    Kind,
    Limit,
    Outcome,
    SandboxDied,
    SandboxRunner,
    _bubblewrap,
    probe,
)
from tests.processes import alive
from tests.shared import ROOT

LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=60,
    memory_bytes=128 << 20,
    processes=16,
    file_bytes=4 << 20,
    output_bytes=50_000,
    disk_bytes=8 << 20,
)


def shell(script: str, **limits: float) -> Command:
    return Command(argv=("/bin/sh", "-c", script), limits=dataclasses.replace(LIMITS, **limits))  # type: ignore[arg-type]


def run(runner: SandboxRunner, script: str, **limits: float) -> Outcome:
    (outcome,) = runner.run([shell(script, **limits)])
    return outcome


def test_output_report_and_exit_status_are_returned(runner: SandboxRunner) -> None:
    outcome = run(runner, "echo out; echo err >&2; cat <&3; printf report >&4; exit 7")
    assert (outcome.stdout, outcome.stderr, outcome.report) == ("out\n", "err\n", "report")
    assert (outcome.exit_status, outcome.signal, outcome.limit, outcome.error) == (7, 0, Limit.NONE, "")


def test_a_template_that_does_not_start_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    command = dataclasses.replace(shell("echo out"), template=("/bin/sh", "-c", "exit 1"))
    with SandboxRunner() as runner:
        outcomes = [runner.run([command])[0] for _ in range(5)]
    assert [outcome.stdout for outcome in outcomes] == ["out\n"] * 5
    (warned,) = [record.getMessage() for record in caplog.records]
    assert warned.endswith("which is slower: /bin/sh -c exit 1")


def test_a_signal_is_reported(runner: SandboxRunner) -> None:
    outcome = run(runner, "kill -SEGV $$")
    assert (outcome.signal, outcome.limit) == (11, Limit.NONE)


def test_the_payload_may_be_short_or_long(runner: SandboxRunner) -> None:
    for size in (10, 500_000, 5_000_000):
        command = dataclasses.replace(shell("wc -c <&3"), payload="b" * size)
        assert str(size) == runner.run([command])[0].stdout.strip()


def test_a_payload_cannot_be_read_again(runner: SandboxRunner) -> None:
    for size in (10, 900_000):
        command = dataclasses.replace(shell("wc -c <&3; wc -c </dev/fd/3"), payload="b" * size)
        assert runner.run([command])[0].stdout.split() == [str(size), "0"]


def test_a_command_that_cannot_be_started_is_an_error(runner: SandboxRunner) -> None:
    (outcome,) = runner.run([Command(argv=("/usr/bin/no-such-command",), limits=LIMITS)])
    assert "no-such-command" in outcome.error


def test_commands_share_the_folder_and_stop_at_a_failure(runner: SandboxRunner) -> None:
    outcomes = runner.run(
        [shell("cp given made"), shell("cat made; exit 3"), shell("echo never")], {"given": "text"}
    )
    assert [outcome.exit_status for outcome in outcomes] == [0, 3]
    assert outcomes[1].stdout == "text"


def test_files_may_be_text_or_bytes(runner: SandboxRunner) -> None:
    data = bytes(range(256)) * 2000
    (outcome,) = runner.run(
        [shell("cksum a/b/data; cat text")], {"a/b/data": data, "text": "caf\u00e9 \ud800".rstrip()}
    )
    assert outcome.stdout.split()[1] == str(len(data))
    assert "caf\u00e9" in outcome.stdout


def test_each_request_has_an_empty_folder(runner: SandboxRunner) -> None:
    run(runner, "echo x > left; echo x > /tmp/left; echo x > /dev/shm/left")
    outcome = run(runner, "ls -A . /tmp /dev/shm | grep left; pwd")
    assert outcome.stdout == "/box\n"


def test_an_endless_loop_reaches_the_cpu_limit(runner: SandboxRunner) -> None:
    outcome = run(runner, "while :; do :; done", cpu_seconds=1)
    assert Limit.CPU is outcome.limit
    assert outcome.cpu_seconds >= 0.99


def test_cpu_time_of_all_processes_is_added(runner: SandboxRunner) -> None:
    outcome = run(runner, "for i in 1 2 3 4; do (while :; do :; done) & done; wait", cpu_seconds=2)
    assert Limit.CPU is outcome.limit
    assert outcome.cpu_seconds < 8  # four times the limit, if each process had its own


def test_cpu_time_of_an_earlier_command_does_not_count(runner: SandboxRunner) -> None:
    burn = "python3 -I -c 'import time\nwhile time.process_time() < 1.5: pass'"
    outcomes = runner.run([shell(burn, cpu_seconds=2.5), shell(f"{burn}; sleep 0.2", cpu_seconds=2.5)])
    assert [outcome.limit for outcome in outcomes] == [Limit.NONE, Limit.NONE]


def test_sleeping_reaches_the_wall_limit(runner: SandboxRunner) -> None:
    assert Limit.WALL is run(runner, "sleep 100", wall_seconds=0.3).limit


def test_too_much_output_reaches_the_output_limit(runner: SandboxRunner) -> None:
    outcome = run(runner, "yes")
    assert Limit.OUTPUT is outcome.limit
    assert len(outcome.stdout) == 4096


def test_a_fork_bomb_reaches_the_process_limit(runner: SandboxRunner) -> None:
    # Bounded, so it does no harm if nothing limits it.
    assert Limit.PROCESSES is run(runner, "for i in $(seq 60); do sleep 300 & done; wait; exit 1").limit


def test_a_full_folder_reaches_the_disk_limit(runner: SandboxRunner) -> None:
    outcome = run(runner, "for i in 1 2 3 4 5 6 7 8 9; do head -c 1000000 /dev/zero > $i || exit 1; done")
    assert Limit.DISK is outcome.limit


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_too_many_files_reach_the_disk_limit(runner: SandboxRunner, folder: str) -> None:
    script = f"cd {folder}; i=0; while [ $i -lt 20000 ] && : > f$i; do i=$((i+1)); done; exit 1"
    assert Limit.DISK is run(runner, script).limit


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_files_in_every_folder_count(runner: SandboxRunner, folder: str) -> None:
    outcome = run(runner, f"cd {folder}; for i in 1 2 3; do head -c 4000000 /dev/zero > $i || exit 1; done")
    assert Limit.DISK is outcome.limit


def test_a_large_file_reaches_the_disk_limit(runner: SandboxRunner) -> None:
    assert Limit.DISK is run(runner, "exec head -c 5000000 /dev/zero > big").limit


def test_orphans_are_killed(runner: SandboxRunner) -> None:
    marker = f"9{secrets.randbelow(10**9)}"
    outcome = run(runner, f"setsid sleep {marker} & sleep {marker} & (sleep {marker} &) ; echo started")
    assert outcome.stdout == "started\n"
    assert alive(marker) == []


def test_orphans_are_killed_after_a_limit(runner: SandboxRunner) -> None:
    marker = f"9{secrets.randbelow(10**9)}"
    assert Limit.WALL is run(runner, f"setsid sleep {marker} & sleep {marker}", wall_seconds=0.3).limit
    assert alive(marker) == []


def test_ignored_signals_do_not_prevent_the_end(runner: SandboxRunner) -> None:
    assert Limit.CPU is run(runner, "trap '' TERM INT XCPU HUP; while :; do :; done", cpu_seconds=1).limit


def test_killing_everything_does_not_affect_the_next_program(runner: SandboxRunner) -> None:
    script = "kill -9 -1; kill -9 1; echo still"
    if runner._options.nested:
        run(runner, script)
    assert run(runner, "echo fine").stdout == "fine\n"


def test_the_environment_is_empty(runner: SandboxRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_SECRET", "visible")
    given = dataclasses.replace(shell("env; cat /proc/*/environ"), environment={"GIVEN": "yes"})
    outcome = runner.run([given])[0]
    assert "GIVEN=yes" in outcome.stdout
    assert "visible" not in outcome.stdout


def test_files_of_this_machine_are_not_visible(runner: SandboxRunner, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", "utf-8")
    outcome = run(
        runner, f"cat {secret} {__file__} /etc/shadow /etc/passwd {Path.home()}/.bashrc; ls /home /work"
    )
    assert outcome.stdout == ""
    assert outcome.exit_status == 2


def test_nothing_outside_the_folder_can_be_written(runner: SandboxRunner) -> None:
    outcome = run(
        runner,
        "for d in / /usr /etc /dev /proc/1 /crosstune; do touch $d/x 2>/dev/null && echo $d; done; true",
    )
    assert outcome.stdout == ""


def test_the_machines_settings_cannot_be_opened_for_writing(runner: SandboxRunner) -> None:
    # Only opened: nothing would be written if the sandbox failed.
    files = (
        "/proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger /proc/1/oom_score_adj"
    )
    outcome = run(runner, f'for f in {files}; do (: >> "$f") 2>/dev/null && echo $f; done; true')
    assert outcome.stdout == ""


def test_the_memory_of_the_first_process_cannot_be_read(runner: SandboxRunner) -> None:
    outcome = run(runner, "cat /proc/1/mem /proc/1/environ; head -c 1 /proc/1/auxv; kill -9 1; echo alive")
    assert outcome.stdout == "alive\n"


def test_the_network_is_not_reachable(runner: SandboxRunner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import socket\n"
            f"for address in (('127.0.0.1', {port}), ('1.1.1.1', 53), ('169.254.169.254', 80)):\n"
            "    try:\n"
            "        socket.create_connection(address, 1); print('reached', address)\n"
            "    except OSError: pass\n"
        )
        outcome = runner.run([Command(argv=("/usr/bin/python3", "-I", "-c", code), limits=LIMITS)])[0]
        assert (outcome.stdout, outcome.exit_status) == ("", 0), outcome


def test_programs_have_no_privileges(runner: SandboxRunner) -> None:
    outcome = run(runner, "grep -E 'Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:' /proc/self/status; id -u")
    zero = "0" * 16
    assert [zero, zero, zero, zero, "1", "2"] == [row.split()[-1] for row in outcome.stdout.splitlines()[:-1]]
    assert outcome.stdout.endswith("1000\n")


def test_new_namespaces_cannot_be_made(runner: SandboxRunner) -> None:
    outcome = run(runner, "unshare --user true && echo made; unshare --mount true && echo made")
    assert outcome.stdout == ""


def test_bytes_that_are_not_utf_8_are_replaced_in_the_tail(runner: SandboxRunner) -> None:
    outcome = run(runner, r"printf 'a\000b\377\033[31m<b>'")
    assert outcome.stdout == "a\x00b\ufffd\x1b[31m<b>"


def test_an_orphan_that_holds_the_output_does_not_delay_the_outcome(runner: SandboxRunner) -> None:
    outcome = run(runner, "(sleep 60) & echo x")
    assert (outcome.stdout, outcome.exit_status, outcome.limit) == ("x\n", 0, Limit.NONE)


def test_limits_are_enforced_without_a_sandbox() -> None:
    kind: Kind = "none"
    marker = f"9{secrets.randbelow(10**9)}"
    with SandboxRunner(kind) as runner:
        assert Limit.CPU is run(runner, f"setsid sleep {marker} & while :; do :; done", cpu_seconds=1).limit
        assert alive(marker) == []
        assert run(runner, "echo $((1 + 1)); exit 0").stdout == "2\n"
    assert probe(kind).namespaces == "none"


def test_a_closed_runner_leaves_no_process() -> None:
    with SandboxRunner() as runner:
        run(runner, "true")
        pids = [runner._fork_server.pid] if runner._fork_server else []
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


@pytest.fixture
def unprobed() -> Iterator[None]:
    caches = (probe, _bubblewrap.bubblewrap)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("unprobed")
def test_missing_bubblewrap_is_an_error_with_the_install_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        probe()
    with pytest.raises(SandboxUnavailable):
        SandboxRunner()


@pytest.mark.usefixtures("unprobed")
def test_forbidden_namespaces_are_an_error_with_advice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "utf-8"
    )
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SandboxUnavailable, match=r"No permissions.*sysctl"):
        probe()


@pytest.mark.usefixtures("unprobed")
def test_each_program_gets_a_bubblewrap_if_namespaces_cannot_be_nested(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = shutil.which("bwrap")
    strict = tmp_path / "bwrap"
    strict.write_text(f'#!/bin/sh\nexec {real} --disable-userns "$@"\n', "utf-8")
    strict.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert probe().namespaces == "single"
    with SandboxRunner() as runner:
        assert run(runner, "echo fine").stdout == "fine\n"


def test_nothing_runs_without_namespaces() -> None:
    code = (
        "from crosstune.errors import SandboxUnavailable\n"
        "from crosstune.sandbox import probe\n"
        "try: print(probe().namespaces)\n"
        "except SandboxUnavailable as error: print(error)\n"
    )
    script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        pytest.skip(f"namespaces cannot be limited here: {done.stderr.strip()}")
    assert "does not let ordinary programs create namespaces" in done.stdout


def test_probe_reports_what_isolates_programs() -> None:
    found = probe()
    assert found.namespaces in ("fresh", "single")
    assert found.groups in ("v1", "v2", "none")
    assert found.version


def run_often(runner: SandboxRunner) -> None:
    """Bubblewrap's end reaches the processes inside a little later."""
    for _ in range(100):
        run(runner, "true")


def test_a_killed_fork_server_is_replaced() -> None:
    with SandboxRunner() as runner:
        run(runner, "true")
        if runner._fork_server:
            pid = runner._fork_server.pid
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            with pytest.raises(SandboxDied):
                run_often(runner)
        assert run(runner, "echo again").stdout == "again\n"
