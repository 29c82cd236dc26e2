"""The back end works with a real server: `transformers serve` with a tiny random model."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.generation._back_end import Decoding, GeneratedAnswer, Request
from crosstune.generation.openai_compatible import BACK_END, Options
from crosstune.llm import Server, server_requirements

NEEDED = ("fastapi", "uvicorn", "openai", "transformers")
TEMPLATE = "{% for message in messages %}Question: {{ message['content'] }}\n{% endfor %}Answer: "


@pytest.fixture(scope="module")
def served(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server with the tiny model, and the model's name on it."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        pytest.skip(f"transformers serve needs {', '.join(missing)}: pip install {' '.join(missing)}")
    folder = tmp_path_factory.mktemp("served")
    model = folder / "model"
    shutil.copytree(tiny_model, model)
    (model / "chat_template.jinja").write_text(TEMPLATE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = "from transformers.cli.transformers import main; main()"
    options = ["serve", str(model), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", serve, *options], stdout=log, stderr=log, env=environment
        )
    try:
        deadline = time.monotonic() + 120
        while not _listens(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1", str(model)
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("chat", [False, True], ids=["completions", "chat"])
def test_real_server_answers(served: tuple[str, str], chat: bool) -> None:
    url, name = served
    requests = [
        Request(f"p{number}", "b", "python", "t", 0, f"def add{number}(a, b):\n", (), number, chat)
        for number in range(3)
    ]
    options = Options(server=Server(url=url, concurrency=2, attempts=2), model=name)
    assert all(each.met for each in server_requirements(options.server, name))

    def ask() -> dict[int, GeneratedAnswer]:
        with BACK_END.open("tiny", Decoding(max_new_tokens=12), options) as session:
            return dict(filter(None, session.answers(requests, frozenset())))

    found = ask()
    assert sorted(found) == [0, 1, 2]
    for answer in found.values():
        assert (answer.error, answer.finish_reason in {"stop", "length"}) == ("", True)
        assert answer.text
        assert answer.prompt_tokens > 0
        assert 0 < answer.completion_tokens <= 12
    assert ask() == found
