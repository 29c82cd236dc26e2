"""Programs with cases: the same verdicts in every language, and nothing of one case reaches the next."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UnknownName, UsageError
from crosstune.execution import Judge, requirements
from crosstune.execution._cache import key
from crosstune.languages import LANGUAGES
from crosstune.records import (
    CallCase,
    Case,
    Comparison,
    ComparisonKind,
    Limits,
    Program,
    Status,
    Verdict,
    from_json,
    to_json,
)
from crosstune.sandbox import SandboxRunner
from tests.execution.whole_programs import BROKEN, COUNTS_BYTES, CRASHES, SUMS
from tests.languages.skipping import skip_without_tools

RUN_WHOLE = [name for name, language in LANGUAGES.all().items() if language.whole_programs]
READS = "import sys\ntext = sys.stdin.read()\n"
TOKENS = Comparison(ComparisonKind.TOKENS)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def python(candidate: str, *cases: Case, **more: Any) -> Program:
    return Program("x", "python", candidate, cases=cases, **more)


def one(judge: Judge, program: Program) -> Verdict:
    (verdict,) = judge.run([program])
    return verdict


def statuses(verdict: Verdict) -> list[Status | None]:
    return [result.status for result in verdict.cases]


def limits(**changes: Any) -> Limits:
    judging = LANGUAGES.load("python").judging
    assert judging is not None
    return dataclasses.replace(judging.limits, **changes)


def test_all_eight_languages_run_whole_programs() -> None:
    assert {"c", "cpp", "go", "java", "javascript", "python", "rust", "typescript"} <= set(RUN_WHOLE)


@pytest.mark.parametrize("language", RUN_WHOLE)
def test_whole_programs_are_judged_in_every_language(judge: Judge, language: str) -> None:
    skip_without_tools(language)
    large = "x" * (1 << 20) + "é\0"
    asked = [
        Program(
            "sums", language, SUMS[language], cases=(Case("1 2\n3", "6\n"), Case("", "0"), Case("4", "5"))
        ),
        Program(
            "bytes",
            language,
            COUNTS_BYTES[language],
            cases=(Case(large, str((1 << 20) + 3)), Case("", "0\n")),
        ),
        Program("broken", language, BROKEN[language], cases=(Case(),)),
        Program("crashes", language, CRASHES[language], cases=(Case(), Case("1", "1\n"))),
    ]
    sums, counted, broken, crashes = judge.run(asked)
    assert (sums.status, statuses(sums)) == (
        Status.WRONG_ANSWER,
        [Status.PASSED, Status.PASSED, Status.WRONG_ANSWER],
    )
    assert (counted.status, statuses(counted)) == (Status.PASSED, [Status.PASSED] * 2), counted
    assert (broken.status, broken.stage, broken.cases) == (Status.COMPILE_ERROR, "build", ())
    assert broken.stdout + broken.stderr
    assert (crashes.status, statuses(crashes)) == (Status.RUNTIME_ERROR, [Status.RUNTIME_ERROR] * 2)
    assert crashes.stage == "run"


def test_the_first_failing_case_gives_the_status(judge: Judge) -> None:
    code = f"{READS}print('seen', text)\nif text == '7':\n    raise ValueError('in the seventh')\n"
    cases = [Case(str(number), f"seen {number}") for number in range(1, 11)]
    verdict = one(judge, python(code, *cases))
    assert verdict.status is Status.RUNTIME_ERROR
    assert [number for number, status in enumerate(statuses(verdict), 1) if status is not Status.PASSED] == [
        7
    ]
    assert (verdict.exit_status, verdict.stdout) == (1, "seen 7\n")
    assert "in the seventh" in verdict.stderr
    assert verdict.cpu_seconds > sum(result.cpu_seconds for result in verdict.cases)  # and the build's
    assert from_json(Verdict, to_json(verdict)) == verdict


def test_cases_after_the_first_failure_are_skipped_on_demand(judge: Judge) -> None:
    cases = (Case("1", "1"), Case("2", "1"), Case("3", "3"))
    verdict = one(judge, python(f"{READS}print(text)", *cases, stop_at_first_failure=True))
    assert statuses(verdict) == [Status.PASSED, Status.WRONG_ANSWER, None]


def test_the_exit_status_decides_if_no_output_is_expected(judge: Judge) -> None:
    code = f"{READS}print('anything')\nassert 1 + 1 == int(text)\n"
    verdict = one(judge, python(code, Case("2"), Case("3")))
    assert statuses(verdict) == [Status.PASSED, Status.RUNTIME_ERROR]


@pytest.mark.parametrize(
    ("printed", "expected", "comparison", "same"),
    [
        ("'a b\\n'", "a b", Comparison(), True),
        ("'a b  \\r\\n\\n\\n'", "a b\n", Comparison(), True),
        ("'a  b\\n'", "a b\n", Comparison(), False),
        ("'\\na\\n'", "a\n", Comparison(), False),
        ("'a\\n'", "a\n\nb\n", Comparison(), False),
        ("'a\\0b\\n'", "a\0b\n", Comparison(), True),
        ("'a\\0b\\n'", "a\n", Comparison(), False),
        ("'n\\u00e4h\\U0001f600\\n'", "näh😀", Comparison(), True),
        ("'a  b\\n\\nc'", "a b c", TOKENS, True),
        ("'ab'", "a b", TOKENS, False),
        ("'1.0000001 x\\n'", "1 x", Comparison(ComparisonKind.FLOATS), True),
        ("'1.1 x\\n'", "1 x", Comparison(ComparisonKind.FLOATS), False),
        ("'1.1'", "1", Comparison(ComparisonKind.FLOATS, absolute=0.2), True),
        ("'1010'", "1e3", Comparison(ComparisonKind.FLOATS, relative=0.01), True),
        ("'1_0'", "10", Comparison(ComparisonKind.FLOATS), False),
        ("'nan'", "1", Comparison(ComparisonKind.FLOATS), False),
        ("'1 2'", "1", Comparison(ComparisonKind.FLOATS), False),
    ],
)
def test_output_is_compared_as_the_program_says(
    judge: Judge, printed: str, expected: str, comparison: Comparison, same: bool
) -> None:
    code = f"import sys\nsys.stdout.write({printed})\n"
    verdict = one(judge, python(code, Case("", expected), comparison=comparison))
    assert verdict.status is (Status.PASSED if same else Status.WRONG_ANSWER)


CHECKER = """\
import sys
given, found, expected = (open(name).read() for name in sys.argv[1:])
if found.strip() == "crash":
    raise KeyError(found)
if found.strip() == "loop":
    while True:
        pass
raise SystemExit(int(found) * int(found) != int(given))
"""


@pytest.mark.parametrize(
    ("printed", "status", "message"),
    [
        ("-3", Status.PASSED, ""),
        ("4", Status.WRONG_ANSWER, ""),
        ("crash", Status.HARNESS_ERROR, "the checker failed (exit status 3): Traceback"),
    ],
)
def test_a_checker_decides(judge: Judge, printed: str, status: Status, message: str) -> None:
    checker = Comparison(ComparisonKind.CHECKER, language="python", source=CHECKER)
    verdict = one(judge, python(f"print('{printed}')", Case("9", "3"), comparison=checker))
    assert (verdict.status, statuses(verdict)) == (status, [status])
    assert verdict.stderr.startswith(message)


def test_a_checker_that_takes_too_long_is_a_harness_error(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_ = LANGUAGES.load("python")
    assert python_.judging is not None
    short = dataclasses.replace(python_.judging, limits=limits(cpu_seconds=2))
    monkeypatch.setattr("crosstune.execution._checkers.judging_of", lambda _: short)
    checker = Comparison(ComparisonKind.CHECKER, language="python", source=f"{CHECKER}# short\n")
    verdict = one(judge, python("print('loop')", Case("9"), comparison=checker))
    assert verdict.status is Status.HARNESS_ERROR
    assert "the checker failed (limit: cpu)" in verdict.stderr


def test_a_checker_that_does_not_compile_is_a_harness_error(judge: Judge) -> None:
    checker = Comparison(ComparisonKind.CHECKER, language="python", source="def (")
    verdict = one(judge, python("print(1)", Case("9"), comparison=checker))
    assert verdict.status is Status.HARNESS_ERROR
    assert "the checker could not be built" in verdict.stderr


@pytest.mark.skipif(not all(each.met for each in requirements("cpp")), reason="C++ cannot be run here")
def test_a_checker_may_be_in_another_language(judge: Judge) -> None:
    source = (
        "#include <fstream>\nint main(int, char **words) {\n"
        "  std::ifstream given(words[1]), found(words[2]); long a, b;\n"
        "  given >> a; found >> b; return found && b * b == a ? 0 : 1; }\n"
    )
    checker = Comparison(ComparisonKind.CHECKER, language="cpp", source=source)
    verdict = one(judge, python("print(3)", Case("9"), Case("16"), comparison=checker))
    assert statuses(verdict) == [Status.PASSED, Status.WRONG_ANSWER]


@pytest.mark.parametrize(
    ("code", "changes", "status"),
    [
        ("__import__('time').sleep(60)\n", {"wall_seconds": 5}, Status.TIMEOUT),
        ("while True: pass\n", {"cpu_seconds": 2}, Status.TIMEOUT),
        ("print('x' * 200_000)\n", {"output_bytes": 100_000}, Status.OUTPUT_LIMIT),
        ("held = b'x' * (1 << 30)\n", {}, Status.MEMORY_LIMIT),
        ("open('f', 'wb').write(b'x' * (20 << 20))\n", {}, Status.DISK_LIMIT),
    ],
)
def test_limits_hold_for_each_case(
    judge: Judge, code: str, changes: dict[str, float], status: Status
) -> None:
    program = python(f"if input() == 'bad':\n    {code}", Case("good"), Case("bad"), limits=limits(**changes))
    verdict = one(judge, program)
    assert (verdict.status, statuses(verdict)) == (status, [Status.PASSED, status])


def test_the_output_limit_leaves_room_for_the_expected_output(judge: Judge) -> None:
    expected = "x" * (1 << 20)
    verdict = one(judge, python("print('x' * (1 << 20))\n", Case("", expected)))
    assert verdict.status is Status.PASSED, verdict
    flood = one(judge, python("print('x' * (3 << 20))\n", Case("", expected)))
    assert flood.status is Status.OUTPUT_LIMIT


def test_output_is_compared_whole(judge: Judge) -> None:
    size = 900_000
    code = f"print('a' + 'b' * {size})\nif input() == 'bad':\n    print('c')\n"
    verdict = one(judge, python(code, Case("good", "a" + "b" * size), Case("bad", "a" + "b" * size)))
    assert statuses(verdict) == [Status.PASSED, Status.WRONG_ANSWER]
    assert len(verdict.cases[0].stdout) == 4096


def test_a_program_does_not_have_to_read_its_input(judge: Judge) -> None:
    large = "line\n" * 400_000
    closes = "import os\nos.close(0)\nprint(1)\n"
    for code in ("print(1)\n", "input()\nprint(1)\n", closes):
        assert one(judge, python(code, Case(large, "1"))).status is Status.PASSED


def test_a_program_may_read_past_the_end(judge: Judge) -> None:
    verdict = one(judge, python("print(input())\nprint(input())\n", Case("a", "a")))
    assert (verdict.status, "EOFError" in verdict.stderr) == (Status.RUNTIME_ERROR, True)


def test_input_may_be_opened_again(judge: Judge) -> None:
    code = "print(open('/dev/stdin').read())\nprint(open(0).read())\n"
    assert one(judge, python(code, Case("a\n", "a\n\na\n"))).status is Status.PASSED


LEAVES = """\
import os, subprocess, sys, time
from pathlib import Path
text = input()
if text == "first":
    for folder in (".", "/tmp", "/dev/shm"):
        Path(folder, "answer").write_text("stolen")
    Path("program.py").write_text("print('stolen')")
    if os.fork() == 0:
        os.setsid()
        while True:
            Path("answer").write_text("stolen")
            time.sleep(0.01)
left = [str(path) for folder in (".", "/tmp", "/dev/shm") for path in Path(folder).glob("answer")]
time.sleep(0.1)
print(text, left if text != "first" else [])
"""


def test_nothing_of_a_case_reaches_the_next(judge: Judge) -> None:
    verdict = one(judge, python(LEAVES, Case("first", "first []"), Case("second", "second []")))
    assert statuses(verdict) == [Status.PASSED, Status.PASSED], verdict


def test_expected_output_is_not_in_the_sandbox(judge: Judge) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "seen = [os.read(3, 9999), str(os.environ).encode(), sys.stdin.buffer.read()]\n"
        "for folder in ('.', '/tmp', '/dev/shm', '/proc/self', '/proc/1'):\n"
        "    for path in Path(folder).iterdir():\n"
        "        try: seen += [path.read_bytes()] if path.suffix or path.name == 'cmdline' else []\n"
        "        except OSError: pass\n"
        "print(len(seen) > 3, any(b'expect' + b'ed-42' in each for each in seen))\n"
    )
    verdict = one(judge, python(code, Case("", "expected-42")))
    assert (verdict.status, verdict.stdout) == (Status.WRONG_ANSWER, "True False\n"), verdict


@pytest.mark.skipif(not all(each.met for each in requirements("c")), reason="C cannot be run here")
def test_ten_cases_are_compiled_once(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    built, build = [], SandboxRunner.build

    def counted(*given: Any) -> Any:
        built.append(1)
        return build(*given)

    monkeypatch.setattr(SandboxRunner, "build", counted)
    cases = tuple(Case(f"{number}", f"{number}") for number in range(10))
    verdict = one(judge, Program("x", "c", f"{SUMS['c']}// once\n", cases=cases))
    assert (verdict.status, len(built)) == (Status.PASSED, 1)


def test_cases_are_judged_without_a_sandbox() -> None:
    with Judge(sandbox="none") as judge:
        verdict = one(judge, python(SUMS["python"], Case("1 2", "3"), Case("1", "2")))
        assert statuses(verdict) == [Status.PASSED, Status.WRONG_ANSWER]
        verdict = one(judge, Program("x", "c", SUMS["c"], cases=(Case("1 2", "3"), Case("1", "2"))))
        assert statuses(verdict) == [Status.PASSED, Status.WRONG_ANSWER]


def test_cases_are_part_of_the_digest() -> None:
    first = python(SUMS["python"], Case("1", "1"))
    other = [
        dataclasses.replace(first, cases=(Case("1", "2"),)),
        dataclasses.replace(first, cases=(Case("2", "1"),)),
        dataclasses.replace(first, cases=(Case("1"),)),
        dataclasses.replace(first, comparison=TOKENS),
        dataclasses.replace(first, stop_at_first_failure=True),
        dataclasses.replace(first, cases=()),
    ]
    assert len({key(each, limits(), 1, "python", "none") for each in (first, *other)}) == len(other) + 1
    judge = Judge(sandbox="none")
    checked = Comparison(ComparisonKind.CHECKER, language="python", source="")
    programs = [
        dataclasses.replace(first, comparison=dataclasses.replace(checked, source=source)) for source in "ab"
    ]
    assert judge.digest(programs[0]) != judge.digest(programs[1])


@pytest.mark.parametrize(
    ("program", "error", "message"),
    [
        (Program("x", "python", "", cases=(CallCase("f", [1], 2), Case())), UsageError, "others do not"),
        (
            python("", Case(), comparison=Comparison(ComparisonKind.CHECKER)),
            UsageError,
            "needs its language and its source",
        ),
        (
            python("", Case(), comparison=Comparison(ComparisonKind.CHECKER, language="x", source="x")),
            UnknownName,
            "unknown language 'x'",
        ),
        (Program("x", "html", "", cases=(Case(),)), UsageError, "programs in HTML cannot have cases"),
    ],
)
def test_cases_that_cannot_be_judged_are_refused(
    judge: Judge, program: Program, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        list(judge.run([program]))


def test_a_program_has_tests_or_cases() -> None:
    with pytest.raises(ValueError, match="either tests or cases"):
        Program("x", "python", "", "assert True", cases=(Case(),))
