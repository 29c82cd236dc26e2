"""What trainers and other harnesses send, and what they make of the answers."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crosstune.execution import requirements
from tests.serving.served import Server

VERL = "0.9.1"
DOUBLE = "```python\nprint(int(input()) * 2)\n```"
STDIO = {"inputs": ["1\n", "2\n"], "outputs": ["2\n", "5\n"]}


@pytest.fixture(scope="session")
def verl(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """verl's own client of SandboxFusion, from its package alone."""
    pytest.importorskip("requests")
    folder = tmp_path_factory.mktemp("verl")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(folder),
        f"verl=={VERL}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"verl {VERL} cannot be downloaded: {done.stderr.strip()[-200:]}")
    (wheel,) = folder.glob("*.whl")
    name = "verl/utils/reward_score/sandbox_fusion"
    with zipfile.ZipFile(wheel) as opened:
        for each in ("__init__.py", "utils.py"):
            opened.extract(f"{name}/{each}", folder)
    where = folder / name
    spec = importlib.util.spec_from_file_location(
        "verl_sandbox_fusion", where / "__init__.py", submodule_search_locations=[str(where)]
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_verl(server: Server, verl: ModuleType) -> None:
    def score(completion: str, cases: Any) -> tuple[float, list[str]]:
        url = f"{server.address}/run_code"
        value, metadata = verl.compute_score(url, None, 1024, completion, cases, continuous=True, timeout=5)
        return value, [each["status"] for each in metadata]

    assert score(DOUBLE, STDIO) == (0.5, ["success", "wrong_answer"])
    assert score("```python\n1 / 0\n```", STDIO) == (0.0, ["runtime_error"] * 2)
    called = {"inputs": ["[1, 2]", "[3]"], "outputs": ["3", "3"], "fn_name": "total"}
    assert score("```python\ndef total(x):\n    return sum(x)\n```", json.dumps(called))[0] == 1.0


def run(server: Server, **given: Any) -> Any:
    reply = server.post("/run_code", {"language": "python", **given})
    assert reply.status == 200, reply.body
    return reply.body


def test_sandbox_fusion(server: Server) -> None:
    done = run(server, code="import sys\nprint(input())\nsys.exit(3)", stdin="hey", files={}, fetch_files=[])
    assert (done["status"], done["compile_result"]) == ("Failed", None)
    result = done["run_result"]
    assert (result["status"], result["return_code"], result["stdout"]) == ("Finished", 3, "hey\n")
    whole = "x" * 100_000
    assert run(server, code=f"print('x' * {len(whole)})")["run_result"]["stdout"] == f"{whole}\n"


def test_sandbox_fusion_names_what_ended_a_program(server: Server) -> None:
    loop = run(server, code="while True: pass", run_timeout=0.5)
    assert (loop["status"], loop["run_result"]["status"]) == ("Failed", "TimeLimitExceeded")
    killed = run(server, code="import os\nos.kill(os.getpid(), 11)")
    assert (killed["status"], killed["run_result"]["return_code"]) == ("Failed", -11)
    memory = run(server, code="x = b'x' * (1 << 29)", memory_limit_MB=64)
    assert memory["status"] == "Failed"
    broken = run(server, code="def f(:")
    assert (broken["status"], broken["compile_result"]) == ("Failed", None)
    assert "SyntaxError" in broken["run_result"]["stderr"]


def test_sandbox_fusion_takes_files(server: Server) -> None:
    files = {"data/in.txt": base64.b64encode(b"yes").decode(), "absent": None}
    assert (
        run(server, code="print(open('data/in.txt').read())", files=files)["run_result"]["stdout"] == "yes\n"
    )


def test_sandbox_fusion_imports_a_clients_modules(server: Server) -> None:
    files = {"data/help.py": base64.b64encode(b"def yes():\n    return 'yes'\n").decode()}
    code = "from data.help import yes\nprint(yes())"
    assert run(server, code=code, files=files)["run_result"]["stdout"] == "yes\n"
    assert "ModuleNotFoundError" in run(server, code=code)["run_result"]["stderr"]


WRITES = """\
import os, sys
os.makedirs("out", exist_ok=True)
open("out/a [1].bin", "wb").write(bytes(range(256)))
os.symlink("/etc/passwd", "link")
os.mkfifo("pipe")
open("secret", "w").write("x")
os.chmod("secret", 0)
sys.exit(int(input()))
"""


@pytest.mark.parametrize("status", [0, 3])
def test_sandbox_fusion_fetches_files(server: Server, status: int) -> None:
    names = ["./out/a [1].bin", "link", "pipe", "out", "absent", "out/*"]
    done = run(server, code=WRITES, stdin=str(status), fetch_files=names)
    assert done["run_result"]["return_code"] == status, done
    fetched = {name: base64.b64decode(text) for name, text in done["files"].items()}
    assert fetched == {"out/a [1].bin": bytes(range(256))}


def test_sandbox_fusion_fetches_nothing_after_a_limit(server: Server) -> None:
    """The sandbox ends with a program that has reached a limit, and its files with it."""
    code = "f = open('big', 'wb')\nfor _ in range(40):\n    f.write(bytes(1 << 20))"
    full = run(server, code=code, fetch_files=["big"])
    assert (full["status"], full["files"], "disk_limit" in full["run_result"]["stderr"]) == (
        "Failed",
        {},
        True,
    )
    loop = run(server, code="open('x', 'w')\nwhile True: pass", fetch_files=["x"], run_timeout=0.5)
    assert (loop["run_result"]["status"], loop["files"]) == ("TimeLimitExceeded", {})


PYTESTS = "import pytest\n\n@pytest.mark.parametrize('n', [1, 2])\ndef test_it(n):\n    assert n < {}\n"


def test_sandbox_fusion_runs_pytest(server: Server) -> None:
    passed = run(server, code=PYTESTS.format(3), language="pytest", run_timeout=20)
    assert (passed["status"], "2 passed" in passed["run_result"]["stdout"]) == ("Success", True), passed
    failed = run(server, code=PYTESTS.format(2), language="pytest", run_timeout=20)
    assert (failed["status"], failed["run_result"]["return_code"]) == ("Failed", 1)
    assert "1 failed, 1 passed" in failed["run_result"]["stdout"]
    none = run(server, code="x = 1\n", language="pytest", run_timeout=20)
    assert none["run_result"]["return_code"] == 5  # pytest's own status where there is no test


GO_TESTS = """\
package adding

import (
	"testing"
)

func add(a, b int) int { return a + b }

// func TestInAComment(t *testing.T) {}

func main() { panic("not run") }

func TestAdd(t *testing.T) {
	for _, each := range [][3]int{{1, 2, 3}, {2, 2, WANT}} {
		t.Run("sum", func(t *testing.T) {
			if got := add(each[0], each[1]); got != each[2] {
				t.Errorf("got %d, want %d", got, each[2])
			}
		})
	}
}

func TestOther(t *testing.T) {}
"""


@pytest.mark.skipif(not all(each.met for each in requirements("go")), reason="Go cannot be run here")
@pytest.mark.parametrize("package", ["adding", "main"])
def test_sandbox_fusion_runs_go_test(server: Server, package: str) -> None:
    tests = GO_TESTS.replace("package adding", f"package {package}")
    passed = run(server, code=tests.replace("WANT", "4"), language="go_test")
    assert (passed["status"], passed["run_result"]["stdout"]) == ("Success", "PASS\n"), passed
    failed = run(server, code=tests.replace("WANT", "5"), language="go_test")
    assert (failed["status"], failed["run_result"]["return_code"]) == ("Failed", 1)
    assert "--- FAIL: TestAdd/sum#01" in failed["run_result"]["stdout"]
    assert "got 4, want 5" in failed["run_result"]["stdout"]
    broken = run(server, code="package p\nfunc TestX(t *testing.T) {}\n", language="go_test")
    assert (broken["run_result"], "undefined: testing" in broken["compile_result"]["stdout"]) == (None, True)
    main = run(server, code='package p\nimport "testing"\nfunc TestMain(m *testing.M) {}', language="go_test")
    assert (main["status"], "TestMain cannot be run" in main["message"]) == ("SandboxError", True)


@pytest.mark.skipif(not all(each.met for each in requirements("d")), reason="D cannot be run here")
def test_sandbox_fusion_runs_unit_tests_in_d(server: Server) -> None:
    code = "int f() { return 2; }\nunittest { assert(f() == WANT); }\n"
    for main in ("", "void main() {}\n"):
        right = run(server, code=code.replace("WANT", "2") + main, language="D_ut")
        assert right["status"] == "Success", right
        wrong = run(server, code=code.replace("WANT", "3") + main, language="D_ut")
        assert (wrong["status"], "unittest" in wrong["run_result"]["stderr"]) == ("Failed", True), wrong


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"language": "cobol"}, 200, "unknown language 'cobol'"),
        ({"language": "verilog"}, 200, "verilog cannot be run: there is no simulator for it"),
        ({"language": "jest"}, 200, "jest cannot be run: its tests need Jest"),
        ({"run_timeout": -1}, 422, "run_timeout: expected seconds above 0"),
        ({"run_timeout": "inf"}, 422, "run_timeout: expected seconds above 0"),
        ({"files": {"../x": "eA=="}}, 422, "a path inside the working folder, found '../x'"),
        ({"files": {"x": "?"}}, 422, "files: x: expected base64"),
        ({"fetch_files": ["../x"]}, 422, "fetch_files: expected a path inside the working folder"),
    ],
)
def test_sandbox_fusion_refuses(server: Server, given: dict[str, Any], status: int, message: str) -> None:
    reply = server.post("/run_code", {"language": "python", "code": "", **given})
    assert reply.status == status
    if status == 200:
        assert reply.body["status"] == "SandboxError"
    assert message in (reply.body.get("detail") or reply.body["message"])


@pytest.mark.skipif(not all(each.met for each in requirements("c")), reason="C cannot be run here")
def test_sandbox_fusion_compiles(server: Server) -> None:
    code = '#include <stdio.h>\nint main(void) { puts("c"); return 0; }\n'
    done = run(server, code=code, language="c")
    assert (done["status"], done["compile_result"]["return_code"]) == ("Success", 0)
    broken = run(server, code="int main(void) { return x; }", language="c")
    assert (broken["status"], broken["run_result"]) == ("Failed", None)
    assert "undeclared" in broken["compile_result"]["stderr"]


def verify(server: Server, text: str, tests: Any, query: str = "") -> Any:
    message = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
    body = {
        "responses_create_params": {"input": [{"role": "user", "content": "?"}]},
        "response": {"id": "1", "output": [{"type": "reasoning", "summary": []}, message]},
        "verifier_metadata": {"unit_tests": tests, "difficulty": "easy"},
    }
    reply = server.post(f"/verify{query}", body)
    assert reply.status == 200, reply.body
    assert reply.body["responses_create_params"] == body["responses_create_params"]
    assert reply.body["response"] == body["response"]
    assert reply.body["difficulty"] == "easy"
    return reply.body


def test_nemo_gym(server: Server) -> None:
    done = verify(server, f"Here:\n{DOUBLE}", STDIO)
    assert (done["reward"], done["result"]) == (0.0, [True, -2])
    assert done["extracted_model_code"] == "print(int(input()) * 2)\n"
    assert verify(server, DOUBLE, STDIO, "?credit=cases")["reward"] == 0.5
    assert verify(server, "", STDIO)["reward"] == 0.0
    right = {"inputs": ["1\n"], "outputs": ["2\n"]}
    packed = base64.b64encode(zlib.compress(json.dumps(right).encode())).decode()
    assert verify(server, DOUBLE, {"packed": packed, "fn_name": None})["reward"] == 1.0


def test_openrlhf(server: Server) -> None:
    prompt = "<|im_start|>user\nDouble.<|im_end|>\n<|im_start|>assistant\n"
    body = {
        "query": [f"{prompt}{DOUBLE}<|im_end|>", f"{prompt}print(4)<|im_end|>"],
        "prompts": [prompt] * 2,
        "labels": [json.dumps({"inputs": ["1"], "outputs": ["2"]})] * 2,
    }
    reply = server.post("/rewards/openrlhf", body)
    assert reply.body == {"rewards": [1.0, 0.0], "scores": [1.0, 0.0], "extra_logs": {"passed": [1.0, 0.0]}}
    assert server.post("/rewards/openrlhf", {**body, "labels": []}).status == 422


def test_slime(server: Server) -> None:
    sample = {"prompt": "Double.", "response": DOUBLE, "label": STDIO}
    assert server.post("/rewards/slime", sample).body == 0.0
    assert server.post("/rewards/slime?credit=cases", sample).body == 0.5
    bad = server.post("/rewards/slime", {**sample, "label": "4"})
    assert (bad.status, bad.body["detail"]) == (422, "a task: expected an object, found int")


@pytest.mark.skipif(not all(each.met for each in requirements("go")), reason="Go cannot be run here")
def test_an_error_of_the_judge_is_no_reward(server: Server) -> None:
    """The clients of both try again after status 503."""
    label = {"language": "go", "tests": "package main\n"}
    sample = {"prompt": "", "response": "package main\n", "label": label}
    reply = server.post("/rewards/slime", sample)
    assert (reply.status, reply.body["detail"][:16]) == (503, "the judge failed")


def test_piston(server: Server) -> None:
    files = [{"content": "import sys\nprint(sys.argv[1:], input())"}, {"name": "x.txt", "content": "eA=="}]
    body = {"language": "py", "version": "*", "files": files, "stdin": "hey", "args": ["1", "2"]}
    done = server.post("/api/v2/execute", body).body
    assert done["language"] == "python"
    assert done["run"]["stdout"] == done["run"]["output"] == "['1', '2'] hey\n"
    assert (done["run"]["code"], done["run"]["signal"], done["run"]["status"]) == (0, None, None)
    assert "compile" not in done
    slow = {**body, "files": [{"content": "while True: pass"}], "run_timeout": 500}
    run = server.post("/api/v2/execute", slow).body["run"]
    assert (run["code"], run["signal"], run["status"]) == (None, "SIGKILL", "TO")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"language": "cms_ioi"}, "cms_ioi-* runtime is unknown"),
        ({"version": "2.7"}, "python-2.7 runtime is unknown: here is 3."),
        ({"files": [{"content": "?", "encoding": "hex"}]}, "files[0].content: expected hex"),
        (
            {"files": [{"content": "", "encoding": "x"}]},
            "files[0].encoding: expected one of utf8, base64, hex",
        ),
    ],
)
def test_piston_refuses(server: Server, given: dict[str, Any], message: str) -> None:
    body = {"language": "python", "version": "*", "files": [{"content": ""}], **given}
    reply = server.post("/api/v2/execute", body)
    assert reply.status == 400
    assert message in reply.body["message"]


def test_open_r1(server: Server) -> None:
    scripts = ["x = 3\nprint('out')\nx / 4", "1 / 0", "print(2)"]
    body = {"scripts": scripts, "languages": ["python"] * 3, "timeout": 30, "request_timeout": 28}
    value, error, plain = server.post("/execute_batch", body).body
    assert value["execution"]["results"] == [{"text": "0.75", "is_main_result": True}]
    assert value["execution"]["logs"]["stdout"] == ["out\n"]
    assert (value["text"], value["exception_str"]) == ("0.75", None)
    assert set(error["execution"]["error"]) == {"name", "value", "traceback"}
    assert "ZeroDivisionError" in error["execution"]["error"]["traceback"]
    assert (plain["execution"]["results"], plain["text"]) == ([], "2\n")
    (late,) = server.post("/execute_batch", {"scripts": ["while True: pass"], "timeout": 1}).body
    assert (late["execution"], late["text"]) == (None, None)
    assert server.post("/execute_batch", {"scripts": [""], "languages": []}).status == 200


def test_files_of_the_machine_cannot_be_read(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("4711")
    done = run(server, code=f"print(open({str(secret)!r}).read())")
    assert (done["status"], "4711" in str(done)) == ("Failed", False)
