"""Make ``written/nemo_gym_real`` by NeMo Gym, in an environment of Python 3.12 with ``nemo-gym`` 0.4.0:

    ENVIRONMENT/bin/python tests/logs/harnesses/with_nemo_gym.py

Its servers (model, agent and ``code_gen``) run from that environment; the model server asks a scripted one.
Problems and answers are those of ``like_nemo_gym``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "written" / "nemo_gym_real"
BIN = Path(sys.executable).parent
SERVERS = (
    "resources_servers/code_gen",
    "responses_api_agents/simple_agent",
    "responses_api_models/openai_model",
)
RIGHT = "Here it is:\n\n```python\nn = int(input())\nprint({})\n```\n"
SLOW = "```python\nn = int(input())\nwhile True:\n    pass\n```\n"
PROBLEMS = 4


def answer(run: str, problem: int, rollout: int) -> tuple[str, str | None]:
    """The text, and why it is incomplete."""
    right = RIGHT.format(f"n * {problem + 2}")
    if run == "b" and problem == 1 and rollout == 0:
        return RIGHT.format("n + 3"), None
    if run == "b" and problem == 2 and rollout == 0:
        return SLOW, None
    if run == "b" and problem == 3 and rollout == 0:
        return "To multiply, we first have to read", "max_output_tokens"
    return right, None


class Model(ThreadingHTTPServer):
    """OpenAI's ``/v1/responses``; ``run`` says which answers it gives, and refuses one rollout of run b."""

    daemon_threads = True
    run = "a"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: dict[str, int] = {}
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = json.dumps(body["input"])
        problem = next(number for number in range(PROBLEMS) if f"n * {number + 2}." in asked)
        with self.server.lock:
            rollout = self.server.seen.get(f"{self.server.run}{problem}", 0)
            self.server.seen[f"{self.server.run}{problem}"] = rollout + 1
        text, incomplete = answer(self.server.run, problem, rollout)
        self._send(_response(f"{problem}_{rollout}", text, incomplete))

    def _send(self, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _response(name: str, text: str, incomplete: str | None) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    message = {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": content,
    }
    return {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": 1764500000,
        "model": "scripted-1",
        "status": "incomplete" if incomplete else "completed",
        "incomplete_details": {"reason": incomplete} if incomplete else None,
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }


def tasks(path: Path) -> Path:
    rows = []
    for number in range(PROBLEMS):
        outputs = [f"{2 * (number + 2)}\n", f"{5 * (number + 2)}\n"]
        content = f"Read n and print n * {number + 2}. Use Python."
        tests = {"inputs": ["2\n", "5\n"], "outputs": outputs, "fn_name": None}
        asked = {"input": [{"role": "user", "content": content}]}
        rows.append({"responses_create_params": asked, "verifier_metadata": {"unit_tests": tests}})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def gym(*words: str) -> list[str]:
    return [str(BIN / "gym"), *words]


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    model = Model()
    threading.Thread(target=model.serve_forever, daemon=True).start()
    named = ("--resources-server", "code_gen", "--model-type", "openai_model")
    url = (
        "--model-url",
        f"http://127.0.0.1:{model.server_port}/v1",
        "--model-api-key",
        "none",
        "--model",
        "scripted-1",
    )
    with tempfile.TemporaryDirectory() as folder:
        given = tasks(Path(folder, "tasks.jsonl"))
        for each in SERVERS:  # each server has an environment of its own; here all have this one
            Path(folder, each).mkdir(parents=True)
            Path(folder, each, ".venv").symlink_to(BIN.parent)
        log = Path(folder, "servers.txt")
        words = gym("env", "start", *named, *url, "+skip_venv_if_present=true")
        with log.open("wb") as output:
            servers = subprocess.Popen(words, cwd=folder, stdout=output, stderr=output)
        try:
            wait_until_ready(servers, log)
            for run in "ab":
                model.run = run
                collect(given, OUT / run / "rollouts.jsonl", folder)
        finally:
            servers.terminate()
            servers.wait()


def wait_until_ready(servers: subprocess.Popen[bytes], log: Path) -> None:
    while f"All {len(SERVERS)} / {len(SERVERS)} servers ready!" not in log.read_text():
        if servers.poll() is not None:
            raise RuntimeError(f"the servers ended: {log.read_text()[-3000:]}")
        time.sleep(1)


def collect(given: Path, out: Path, folder: str) -> None:
    out.parent.mkdir(parents=True)
    words = ("--no-serve", "--agent", "code_gen_simple_agent", "--input", str(given), "--output", str(out))
    more = ("--num-repeats", "2", "--temperature", "0.6", "+upload_rollouts_to_wandb=false")
    subprocess.run(gym("eval", "run", *words, *more), cwd=folder, check=True)
    (out.parent / "rollouts_aggregate_metrics.json").unlink()


if __name__ == "__main__":
    main()
