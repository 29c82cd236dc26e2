"""`crosstune serve` says what is wrong before it listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CROSSTUNE = str(Path(sys.executable).with_name("crosstune"))


def serve(*options: str, **environment: str) -> tuple[int, str]:
    command = [CROSSTUNE, "serve", *options]
    given = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given, timeout=300)
    assert "Traceback" not in done.stderr
    return done.returncode, " ".join((done.stderr or done.stdout).split())


def test_help() -> None:
    status, text = serve("--help")
    assert status == 0
    assert "Judge programs that clients send over HTTP" in text
    assert all(option in text for option in ("--host", "--token-file", "--queue", "--drain", "--deadline"))


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, message = serve("--port", str(port))
    assert status == 3
    assert f"127.0.0.1:{port} is in use by another program: end it, or name another port" in message


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--host", "0.0.0.0"), 2, "--host 0.0.0.0: others can reach this address"),
        (("--host", "::"), 2, "--host ::: others can reach this address"),
        (("--host", "host.invalid", "--without-token"), 2, "--host host.invalid: "),
        (("--host", "192.0.2.1", "--without-token"), 2, "192.0.2.1:8000: Cannot assign requested address"),
        (("--token-file", "/no/such/file"), 2, "--token-file /no/such/file: cannot be read (No such file"),
        (("--port", "70000"), 2, "Invalid value for '--port'"),
        (("--isolation", "none"), 2, "--isolation none: expected"),
    ],
)
def test_a_bad_option(options: tuple[str, ...], status: int, message: str) -> None:
    found, text = serve(*options)
    assert found == status
    assert message in text


@pytest.mark.parametrize("content", [b"", b"short\n", b"a token with spaces in it\n", b"\xff" * 32])
def test_a_bad_token_file(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    status, text = serve("--token-file", str(file))
    assert status == 2
    assert f"--token-file {file}: expected one line of" in text


def test_a_bad_token_in_the_environment() -> None:
    status, text = serve(CROSSTUNE_SERVE_TOKEN="short")
    assert status == 2
    assert "$CROSSTUNE_SERVE_TOKEN: expected one line of at least 16" in text


def test_a_missing_extra(tmp_path: Path) -> None:
    (tmp_path / "fastapi.py").write_text("raise ModuleNotFoundError('no', name='fastapi')\n")
    status, text = serve("--port", "0", PYTHONPATH=str(tmp_path))
    assert status == 3
    assert "the Python package 'fastapi' is not installed. Get it: pip install 'crosstune[serve]'" in text
