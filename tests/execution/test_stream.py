"""Files of programs: order, bad lines, continued runs, what is never lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, UsageError
from crosstune.execution import Judge, Judgement, judge_file, requirements
from tests.shared import ROOT

RIGHT = "def one():\n    return 1\n"
TESTS = "assert one() == 1\n"
needs_node = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)


def row(name: str, candidate: str = RIGHT, **more: Any) -> dict[str, Any]:
    return {"id": name, "language": "python", "candidate": candidate, "tests": TESTS, **more}


def cases_row(cases: Any, **more: Any) -> dict[str, Any]:
    return {"id": "x", "language": "python", "candidate": "print(input())\n", "cases": cases, **more}


def write(path: Path, rows: list[Any]) -> Path:
    lines = (text if isinstance(text, str) else json.dumps(text) for text in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def run(source: Path, target: Path, complaints: list[str] | None = None) -> Judgement:
    messages: list[str] = []
    with Judge(workers=2) as judge:
        found = judge_file(source, target, judge, complain=messages.append)
    assert complaints is not None or not messages
    if complaints is not None:
        complaints += messages
    return found


def verdicts(target: Path) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    return [(each["id"], each["verdict"]) for each in rows]


def three(tmp_path: Path) -> Path:
    rows = [row("a"), row("b", RIGHT.replace("1", "2")), row("c", RIGHT + "raise SystemExit(0)\n")]
    return write(tmp_path / "programs.jsonl", rows)


THREE = [("a", "passed"), ("b", "wrong_answer"), ("c", "incomplete")]


def test_each_program_has_a_line_in_order(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "verdicts.jsonl"
    found = run(three(tmp_path), target)
    assert verdicts(target) == THREE
    assert (found.judged, found.kept, found.bad, found.unjudged) == (3, 0, 0, 0)
    keys = "id verdict stage exit_status signal cpu_seconds wall_seconds peak_bytes stdout stderr program"
    first = json.loads(target.read_text().splitlines()[0])
    assert list(first) == [*keys.split(), "toolchain", "isolation", "unstable"]
    assert first["toolchain"].startswith("cpython")
    assert (first["isolation"], first["unstable"]) == ("shared", False)


def test_cases_have_their_results_in_the_line(tmp_path: Path) -> None:
    rows = [
        cases_row([{"stdin": "1.0", "stdout": "1"}], comparison={"kind": "floats", "absolute": 0.1}),
        cases_row([{"stdin": "a", "stdout": "b"}, {"stdin": "a", "stdout": None}], stop_at_first_failure=True)
        | {"id": "y"},
    ]
    source, target = write(tmp_path / "programs.jsonl", rows), tmp_path / "verdicts.jsonl"
    run(source, target)
    assert verdicts(target) == [("x", "passed"), ("y", "wrong_answer")]
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [[case["verdict"] for case in line["cases"]] for line in lines] == [
        ["passed"],
        ["wrong_answer", None],
    ]
    keys = "verdict exit_status signal cpu_seconds wall_seconds peak_bytes stdout stderr"
    assert list(lines[0]["cases"][0]) == keys.split()
    assert (run(source, target).kept, run(source, target).judged) == (2, 0)
    write(source, [rows[0] | {"comparison": "exact"}, rows[1]])
    found = run(source, target)
    assert (found.kept, found.judged) == (1, 1)
    assert verdicts(target)[0] == ("x", "wrong_answer")


VERSION_1 = (
    '{"id": "a", "verdict": "passed", "stage": "run", "exit_status": 0, "signal": 0, "cpu_seconds": 0.003, '
    '"wall_seconds": 0.004, "peak_bytes": 12345, "stdout": "", "stderr": "", "program": "MARK"}\n'
)


def unchecked(verdict: dict[str, Any]) -> dict[str, Any]:
    """The row of a verdict without its checksum, as earlier versions wrote it."""
    return verdict | {"program": verdict["program"].rpartition("-")[0]}


@pytest.mark.parametrize(
    ("before", "after"),
    [("passed", "timeout"), ('"stdout": "', '"stdout": "0'), ('"cpu_seconds": ', '"cpu_seconds": 1')],
)
def test_a_verdict_that_was_changed_is_judged_again(tmp_path: Path, before: str, after: str) -> None:
    """A change that leaves a readable verdict: only its checksum shows it."""
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    first = verdicts(target)
    lines = target.read_text("utf-8").splitlines(keepends=True)
    target.write_text("".join([lines[0].replace(before, after, 1), *lines[1:]]), "utf-8")
    complaints: list[str] = []
    found = run(source, target, complaints)
    assert (found.judged, found.kept, verdicts(target)) == (1, 2, first)
    (complaint,) = complaints
    assert complaint.startswith(f"{target}, line 1: damaged; moved to {target}.damaged")


def test_verdicts_of_version_0_1_are_kept(tmp_path: Path) -> None:
    source, target = write(tmp_path / "programs.jsonl", [row("a")]), tmp_path / "verdicts.jsonl"
    run(source, target)
    mark = json.loads(target.read_text("utf-8"))["program"].rpartition("-")[0]  # without the checksum
    target.write_text(VERSION_1.replace("MARK", mark), "utf-8")
    assert run(source, target).kept == 1
    assert target.read_text("utf-8") == VERSION_1.replace("MARK", mark)


def test_the_same_file_again_judges_nothing(tmp_path: Path) -> None:
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    before = target.read_bytes()
    found = run(source, target)
    assert (found.judged, found.kept) == (0, 3)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["programs.jsonl", "verdicts.jsonl"]


@pytest.mark.parametrize("cut", [1, 30, 100_000])
def test_a_torn_last_line_is_judged_again(tmp_path: Path, cut: int) -> None:
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    size = target.stat().st_size
    os.truncate(target, max(0, size - cut))
    whole = target.read_bytes().count(b"\n")
    found = run(source, target)
    assert verdicts(target) == THREE
    assert (found.kept, found.judged) == (whole, 3 - whole)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"\0" * 50 + b"\n",
        lambda line: line[: len(line) // 2] + line,
        lambda line: line[: len(line) // 2] + b"\n",
        lambda line: b"\0" * 9 + line,
        lambda _: b"[1]\n",
        lambda line: line.replace(b'"id"', b'"di"'),
        lambda line: line.replace(b"RIGHT", b"\xff").replace(b'"b"', b'"\xff"'),
    ],
    ids=["zeros", "glued", "half", "zeros before", "wrong JSON", "no id", "not UTF-8"],
)
def test_a_damaged_line_is_moved_aside_and_judged_again(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    first, second, third = target.read_bytes().splitlines(keepends=True)
    target.write_bytes(first + damage(second) + third)
    aside, messages = tmp_path / "verdicts.jsonl.damaged", list[str]()
    found = run(source, target, messages)
    assert messages == [f"{target}, line 2: damaged; moved to {aside}, and its program is judged again"]
    assert (verdicts(target), found.kept, found.judged, found.bad) == (THREE, 2, 1, 0)
    kept = json.loads(aside.read_text("utf-8"))
    assert kept == {"line": 2, "text": damage(second).decode("utf-8", "backslashreplace")}
    assert run(source, target).kept == 3


def test_a_damaged_line_without_its_program_does_not_disturb_a_stopped_replacement(tmp_path: Path) -> None:
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    first, _, third = target.read_bytes().splitlines(keepends=True)
    target.write_bytes(first + b"damaged\n" + third)
    (tmp_path / ".verdicts.jsonl.part").write_bytes(first)  # a run was killed after its first line
    found = run(source, target, [])
    assert (verdicts(target), found.kept, found.judged) == (THREE, 2, 1)


def test_changed_programs_and_harness_errors_are_judged_again(tmp_path: Path) -> None:
    source, target = three(tmp_path), tmp_path / "verdicts.jsonl"
    run(source, target)
    write(source, [row("a"), row("b"), row("c", RIGHT + "raise SystemExit(0)\n")])
    rows = [
        json.loads(line.replace('"passed"', '"harness_error"'))
        for line in target.read_text("utf-8").splitlines()
    ]
    write(target, [unchecked(each) for each in rows])
    found = run(source, target)
    assert verdicts(target) == [("a", "passed"), ("b", "passed"), ("c", "incomplete")]
    assert (found.kept, found.judged) == (1, 2)


def test_other_limits_are_judged_again(tmp_path: Path) -> None:
    source, target = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    endless = "while True: pass\n"
    write(source, [row("a", endless, limits={"cpu_seconds": 0.3})])
    assert run(source, target).judged == 1
    assert verdicts(target) == [("a", "timeout")]
    write(source, [row("a", endless, limits={"cpu_seconds": 0.4})])
    assert run(source, target).judged == 1


BAD = [
    ("nonsense", "not JSON"),
    ("[1]", "expected a JSON object, found list"),
    ({"id": "x", "language": "python", "candidate": ""}, "tests"),
    ({"id": "x", "language": "python", "candidate": "", "test": ""}, "'test'; did you mean 'tests'?"),
    (row("x", limit={}), "unknown field 'limit'; did you mean 'limits'?"),
    (row("x", Setup=""), "unknown field 'Setup'; did you mean 'setup'?"),
    (row("x") | {"candidate": 5}, "'candidate': expected str, found int"),
    (row("x") | {"language": "pyhton"}, "did you mean 'python'"),
    (row("x", limits={"cpu": 1}), "limits: unknown 'cpu'; known: cpu_seconds"),
    (row("x", limits={"cpu_seconds": -1}), "cpu_seconds: expected a number above 0, at most 86400; found -1"),
    (row("x", limits={"processes": 1.5}), "limits: field 'processes': expected int"),
    (row("x", limits=[]), "limits: expected an object, found list"),
    (row("x", cases=[{}]), "both tests and cases"),
    (row("x", comparison="exact"), "comparison is only allowed with cases"),
    (cases_row([]), "cases: expected at least one"),
    (
        row("x", limits={"output_bytes": 1 << 40}),
        "output_bytes: expected a number above 0, at most 1073741824",
    ),
    (
        row("x", limits={"wall_seconds": 1e12}),
        "wall_seconds: expected a number above 0, at most 86400; found",
    ),
    (row("x", limits={"processes": 1 << 49}), "processes: expected a number above 0, at most 30000; found"),
    (row("x", limits={"memory_bytes": 1 << 49}), "limits: memory_bytes: expected a number above 0, at most"),
    (row("x", limits={"disk_bytes": 1 << 49}), "limits: disk_bytes: expected a number above 0, at most"),
    ('{"id": "x", "id": "y"}', "the key 'id' occurs twice"),
    ({"language": "python", "candidate": "", "tests": ""}, "missing 'id' for Program"),
    (cases_row({"stdin": ""}), "cases: expected a list, found an object"),
    (cases_row([{"stdin": "", "stdout": ""}, []]), "case 2 of 2: expected an object with stdin and stdout"),
    (cases_row([{"stdin": 1}]), "case 1 of 1: stdin: expected a string, found a number"),
    (cases_row([{"stdin": None, "stdout": ""}]), "case 1 of 1: stdin: expected a string, found null"),
    (
        cases_row([{"stdin": "", "stdout": ""}, {"input": "", "output": ""}]),
        "case 2 of 2: unknown field 'input'; expected stdin and stdout",
    ),
    (cases_row([{}]), 'case 1 of 1: without "stdout"; give it, or null if the exit status alone decides'),
    (cases_row([{"stdin": "a"}]), 'case 1 of 1: without "stdout"'),
    (cases_row([{"stdout": None}], comparison="floats"), "no case has a stdout to compare with"),
    (
        cases_row([{"call": "f", "arguments": [1], "expected": 2}]) | {"language": "go", "id": "\x1b[31mred"},
        "'\\x1b[31mred': ",
    ),
    (cases_row([{}], comparison="equal"), "comparison: expected one of exact, tokens, floats, checker, or"),
    (
        cases_row([{}], comparison={"kind": "floats", "relative": -1}),
        "relative: expected a number of at least 0",
    ),
    (
        cases_row([{}], comparison={"kind": "exact", "absolute": 1e-9}),
        "comparison: unknown field 'absolute' for exact; it has no settings",
    ),
    (
        cases_row([{}], comparison={"kind": "tokens", "language": "c", "source": ""}),
        "comparison: unknown field 'language' for tokens; expected ignore_case",
    ),
    (
        cases_row([{}], comparison={"kind": "tokens", "ignore_case": 1}),
        "comparison: ignore_case: expected true or false, found 1",
    ),
    (
        cases_row([{}], comparison={"kind": "floats", "epsilon": 1}),
        "comparison: unknown field 'epsilon' for floats; expected absolute, relative and ignore_case",
    ),
    (cases_row([{}], comparison="checker"), "needs its language and its source"),
]


@pytest.mark.parametrize(("bad", "message"), BAD, ids=[message for _, message in BAD])
def test_a_bad_line_is_reported_and_the_others_are_judged(tmp_path: Path, bad: Any, message: str) -> None:
    source = write(tmp_path / "programs.jsonl", [row("a"), "", bad, row("b")])
    messages: list[str] = []
    found = run(source, tmp_path / "verdicts.jsonl", messages)
    assert verdicts(tmp_path / "verdicts.jsonl") == [("a", "passed"), ("b", "passed")]
    assert found.bad == 1
    assert len(messages) == 1
    assert messages[0].startswith(f"{source}, line 3: ")
    assert message in messages[0]


def test_unknown_columns_are_copied_to_the_verdict(tmp_path: Path) -> None:
    extra: dict[str, Any] = {"model": "m", "temperature": 0.5, "tags": ["a", None], "idx": 3, "test": "kept"}
    source = write(tmp_path / "programs.jsonl", [row("a", **extra), row("b")])
    target = tmp_path / "verdicts.jsonl"
    run(source, target)
    first, second = (json.loads(line) for line in target.read_text("utf-8").splitlines())
    assert first["extra"] == extra
    assert "extra" not in second


def test_a_kept_verdict_gets_the_columns_of_its_row(tmp_path: Path) -> None:
    source, target = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    run(write(source, [row("a", model="m"), row("b", model="m"), row("c")]), target)
    before = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    write(source, [row("a", model="n"), row("b"), row("c")])
    assert run(source, target).kept == 3
    after = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [each.pop("extra", None) for each in after] == [{"model": "n"}, None, None]
    assert [{k: v for k, v in each.items() if k != "extra"} for each in before] == after


def test_a_corrected_line_is_judged_in_its_place(tmp_path: Path) -> None:
    source, target = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    write(source, [row("a"), "nonsense", row("c")])
    run(source, target, [])
    write(source, [row("a"), row("b"), row("c")])
    found = run(source, target)
    assert verdicts(target) == [("a", "passed"), ("b", "passed"), ("c", "passed")]
    assert (found.kept, found.judged) == (2, 1)


def test_verdicts_on_other_programs_are_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.jsonl"
    run(three(tmp_path), target)
    before = target.read_bytes()
    other = write(tmp_path / "other.jsonl", [row("a"), row("z")])
    with pytest.raises(
        UsageError, match="has a verdict on 'b' where .*other.jsonl does not have that program"
    ):
        run(other, target)
    notes = write(tmp_path / "notes.jsonl", [{"text": "mine"}])
    with pytest.raises(UsageError, match="notes.jsonl, line 1: not a verdict of crosstune"):
        run(other, notes)
    with pytest.raises(UsageError, match="would replace the programs"):
        run(other, other)
    with pytest.raises(UsageError, match="expected the name of a file"):
        run(other, tmp_path)
    assert target.read_bytes() == before


def test_a_missing_source_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none.jsonl: cannot be read \(No such file"):
        run(tmp_path / "none.jsonl", tmp_path / "verdicts.jsonl")


SCRIPT = {
    "id": "b",
    "language": "javascript",
    "candidate": "function one(){return 1}",
    "tests": "console.assert(one() === 1)",
}


def run_without_node(source: Path, target: Path) -> Judgement:
    tools = target.parent / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("bwrap", "python3"):
        if not (tools / tool).is_symlink():
            (tools / tool).symlink_to(shutil.which(tool) or f"/usr/bin/{tool}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tools))
        return run(source, target)


@needs_node
def test_a_missing_tool_is_a_harness_error_and_tried_again(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.jsonl"
    source = write(tmp_path / "programs.jsonl", [row("a"), SCRIPT])
    found = run_without_node(source, target)
    assert verdicts(target) == [("a", "passed"), ("b", "harness_error")]
    assert "node is missing. Get it: sudo apt-get install nodejs" in target.read_text()
    assert found.lack["javascript"] == ["node is missing. Get it: sudo apt-get install nodejs"]
    found = run(source, target)
    assert verdicts(target) == [("a", "passed"), ("b", "passed")]
    assert (found.kept, found.judged) == (1, 1)


@needs_node
@pytest.mark.parametrize("earlier_version", [False, True])
def test_a_removed_tool_does_not_remove_verdicts(tmp_path: Path, earlier_version: bool) -> None:
    target = tmp_path / "verdicts.jsonl"
    source = write(tmp_path / "programs.jsonl", [row("a"), SCRIPT])
    run(source, target)
    if earlier_version:  # it wrote the first part alone
        rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        write(target, [each | {"program": each["program"].partition("-")[0]} for each in rows])
    before = target.read_bytes()
    found = run_without_node(source, target)
    assert target.read_bytes() == before
    assert (found.kept, found.judged, found.unjudged) == (2, 0, 0)
    assert found.lack["javascript"] == ["node is missing. Get it: sudo apt-get install nodejs"]
    assert run(source, target).kept == 2
    assert target.read_bytes() == before


@needs_node
def test_a_changed_program_has_no_verdict_without_its_tool(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.jsonl"
    source = write(tmp_path / "programs.jsonl", [SCRIPT])
    run(source, target)
    for change in ({"candidate": "function one(){return 2}"}, {"limits": {"cpu_seconds": 3}}):
        write(source, [SCRIPT | change])
        found = run_without_node(source, target)
        assert (found.kept, verdicts(target)) == (0, [("b", "harness_error")])
        write(source, [SCRIPT])
        assert run(source, target).judged == 1


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    rows = [row(str(i), RIGHT + f"# {i}\n" + "raise SystemExit('x' * 3000)\n") for i in range(20)]
    source, target = write(tmp_path / "programs.jsonl", rows), tmp_path / "verdicts.jsonl"
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from crosstune.execution import Judge, judge_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with Judge() as judge:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))\n"
        "    judge_file(Path(sys.argv[1]), Path(sys.argv[2]), judge, complain=print)\n"
    )
    failed = subprocess.run(
        [sys.executable, "-c", script, source, target], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "Incomplete" in failed.stderr
    assert "cannot be written" in failed.stderr
    whole = target.read_bytes().count(b"\n")
    assert 0 < whole < 20
    found = run(source, target)
    assert found.kept == whole
    assert [name for name, _ in verdicts(target)] == [str(i) for i in range(20)]


def test_a_killed_run_continues_to_the_same_end(tmp_path: Path) -> None:
    rows = [row(str(i), f"import time\ntime.sleep(0.05)\n{RIGHT}# {i}\n") for i in range(30)]
    source, target = write(tmp_path / "programs.jsonl", rows), tmp_path / "verdicts.jsonl"
    command = [
        str(Path(sys.executable).with_name("crosstune")),
        "judge",
        str(source),
        "-o",
        str(target),
        "--workers",
        "1",
    ]
    kept = 0
    for more in (1, 5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
        deadline = time.monotonic() + 60
        while not target.exists() or target.read_bytes().count(b"\n") < kept + more:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = target.read_bytes().count(b"\n")
    found = run(source, target)
    assert found.kept == kept
    assert verdicts(target) == [(str(i), "passed") for i in range(30)]


def start(source: Path, target: Path) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("crosstune")), "judge", str(source), "-o", str(target)]
    return subprocess.Popen(
        [*command, "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def await_lines(target: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while not target.exists() or target.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def slow(tmp_path: Path) -> Path:
    """A program that ends at once, and one whose cases would take a minute."""
    cases = [{"stdin": str(number), "stdout": ""} for number in range(20)]
    rows = [row("a"), cases_row(cases, candidate="import time\ntime.sleep(3)\n")]
    return write(tmp_path / "programs.jsonl", rows)


def test_an_interrupt_ends_running_programs_and_keeps_verdicts(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.jsonl"
    with start(slow(tmp_path), target) as process:
        await_lines(target, 1)
        time.sleep(1)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert time.monotonic() - began < 20
    assert process.returncode
    assert verdicts(target) == [("a", "passed")]


def test_only_one_process_writes_a_file(tmp_path: Path) -> None:
    source, target = slow(tmp_path), tmp_path / "verdicts.jsonl"
    with start(source, target) as first:
        await_lines(target, 1)
        with start(source, target) as second:
            message = second.communicate(timeout=60)[1]
        first.send_signal(signal.SIGKILL)
    assert second.returncode == 4
    assert f"{target}: another process is writing it" in " ".join(message.split())
    assert verdicts(target) == [("a", "passed")]


def test_a_verdict_without_the_cases_results_is_judged_again(tmp_path: Path) -> None:
    source = write(tmp_path / "programs.jsonl", [cases_row([{"stdin": "a", "stdout": "a"}])])
    target = tmp_path / "verdicts.jsonl"
    run(source, target)
    (line,) = target.read_text("utf-8").splitlines()
    without = {name: value for name, value in json.loads(line).items() if name != "cases"}
    write(target, [unchecked(without)])
    assert run(source, target).judged == 1
    write(target, [line.replace('"verdict": "passed"', '"verdict": "nonsense"')])
    with pytest.raises(UsageError, match="line 1: not a verdict of crosstune"):
        run(source, target)


# Every program gets the same verdict at once, so only the stream is measured. It has a process of its own,
# where nothing has needed more memory before.
GROWTH = """
import resource, sys
from pathlib import Path
from crosstune.execution import Judge, judge_file
from crosstune.records import Status, Verdict

class Instant(Judge):
    def _judged(self, program):
        return Verdict(program.id, Status.PASSED, "run", 0, 0, 0.0, 0.0, 0, "", "x" * 8000)

def judge(source):
    with Instant(workers=2) as judge:
        return judge_file(Path(source), Path(source + ".out"), judge, complain=print)

judge(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
first, second = judge(sys.argv[2]), judge(sys.argv[2])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(first.judged, second.kept, after - before)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    few, many = (tmp_path / name for name in ("few", "many"))
    for file, count in ((few, 100), (many, 4_000)):
        write(file, [row(str(i), RIGHT + f"# {i}\n" + "#" * 8000) for i in range(count)])
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, few, many], capture_output=True, text=True, cwd=ROOT, check=True
    )
    judged, kept, grown = map(int, done.stdout.split())
    assert (judged, kept) == (4_000, 4_000)
    assert grown * 1024 < (tmp_path / "many.out").stat().st_size / 2


def test_progress_counts_rows_and_leaves_out_kept_verdicts(tmp_path: Path) -> None:
    source = write(tmp_path / "programs.jsonl", [row("a"), {"id": "no program"}, row("b"), row("c")])
    target = tmp_path / "verdicts.jsonl"
    reported: list[tuple[int, int]] = []

    def judged() -> list[tuple[int, int]]:
        reported.clear()
        with Judge(1) as judge:
            judge_file(
                source, target, judge, complain=lambda _: None, progress=lambda *now: reported.append(now)
            )
        return reported

    first = list(judged())
    assert (first[0], first[-1]) == ((0, 4), (4, 4))
    assert [done for done, _ in first] == sorted(done for done, _ in first)
    write(source, [row("a"), row("b"), row("c"), row("d")])
    assert judged()[-1] == (1, 1)
