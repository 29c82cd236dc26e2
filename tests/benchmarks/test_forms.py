"""A form of a few lines makes a benchmark of rows, and names what is wrong with them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from crosstune.benchmarks import BENCHMARKS, propose_form
from crosstune.errors import DataError, SettingsError, UnknownName
from crosstune.execution import Judge
from crosstune.records import Case, ComparisonKind, Status
from tests.benchmarks.rows import problems_of, statuses, write_rows
from tests.shared import ROOT

MBPP = """\
name: own-mbpp
title: Our own MBPP
file: ["rows.jsonl", "rows.parquet"]
languages: [python]
id: "{task_id}"
instruction: "{text}\\nYour code should pass these tests:\\n{test_list}"
tests: "{test_setup_code}\\n{test_list}\\n"
solution: "{code}"
"""
ROW: dict[str, Any] = {
    "task_id": 2,
    "text": "Write a function to double.",
    "code": "def double(n):\n    return n + n",
    "test_list": ["assert double(2) == 4", "assert double(-1) == -2"],
    "test_setup_code": "",
}
MULTIPL_E = """\
name: own-multipl-e
file: "mbpp-{language}.jsonl"
languages: {javascript: js, typescript: ts}
id: "{name}"
instruction: "Complete this {language_title} function."
declaration: "{prompt}"
tests: "{tests}"
stops: "{stop_tokens}"
"""


DOCS = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")


def form(folder: Path, text: str = MBPP) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, "utf-8")
    return path


def test_form_of_mbpp_makes_problems_that_are_judged(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", ROW, {**ROW, "task_id": 3})
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    first, second = problems_of(benchmark, tmp_path).values()
    assert (first.id, first.benchmark, first.entry_point) == ("2", "own-mbpp", "double")
    assert first.instruction.endswith("tests:\nassert double(2) == 4\nassert double(-1) == -2")
    wrong = "```python\ndef double(n):\n    return n * n\n```"
    assert statuses(benchmark, [first, second], [f"```python\n{ROW['code']}\n```", wrong]) == [
        Status.PASSED,
        Status.WRONG_ANSWER,
    ]


def test_forms_in_the_documentation_make_problems(tmp_path: Path) -> None:
    ours, multipl_e, *_ = re.findall(r"```yaml\n(name: .*?)```", DOCS, re.DOTALL)
    assert max(len(each.splitlines()) for each in (ours, multipl_e)) <= 20
    write_rows(tmp_path / "rows.jsonl", ROW)
    row = {"name": "mbpp_2_f", "prompt": "fn f() {\n", "tests": "}\nfn main() { f(); }\n", "stop_tokens": []}
    write_rows(tmp_path / "multipl-e" / "mbpp-rs.jsonl", row)
    for text, language in ((ours, "python"), (multipl_e, "rust")):
        benchmark = BENCHMARKS.load(str(form(tmp_path, text)))
        settings = benchmark.settings.model_validate(dict(benchmark.defaults))
        (found,) = benchmark.problems(settings, language, "synthesize")
        assert found.entry_point in ("double", "f")


def test_parquet_has_the_same_problems(tmp_path: Path) -> None:
    write_rows(tmp_path / "lines" / "rows.jsonl", ROW)
    (tmp_path / "table").mkdir()
    pyarrow.parquet.write_table(pa.Table.from_pylist([ROW]), tmp_path / "table" / "rows.parquet")
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    assert problems_of(benchmark, tmp_path / "lines") == problems_of(benchmark, tmp_path / "table")


def test_braces_at_the_beginning_of_tests_belong_to_the_declaration(tmp_path: Path) -> None:
    row = {
        "name": "mbpp_2_double",
        "prompt": "// Twice n.\nfunction double(n) {\n",
        "tests": "}\n\nconsole.assert(double(2) === 4);\n",
        "stop_tokens": ["\n}"],
    }
    write_rows(tmp_path / "mbpp-js.jsonl", row)
    (found,) = problems_of(BENCHMARKS.load(str(form(tmp_path, MULTIPL_E))), tmp_path, "javascript").values()
    assert (found.entry_point, found.tests) == ("double", "\nconsole.assert(double(2) === 4);\n")
    assert (found.instruction, found.stops) == ("Complete this JavaScript function.", ("\n}",))


def test_a_text_may_open_what_the_tests_close(tmp_path: Path) -> None:
    tests = 'tests: "class T extends P {\\n{tests|opened}"'
    text = MULTIPL_E.replace('tests: "{tests}"', tests).replace("{javascript: js, ", "{java: java, ")
    row = {"name": "a", "prompt": "class P {\n  static int f() {\n", "tests": "  }\n  T() { f(); }\n}\n"}
    write_rows(tmp_path / "mbpp-java.jsonl", {**row, "stop_tokens": []})
    (found,) = problems_of(BENCHMARKS.load(str(form(tmp_path, text))), tmp_path, "java").values()
    assert (found.tests, found.entry_point) == ("class T extends P {\n  T() { f(); }\n}\n", "f")


def test_what_is_different_in_a_language_and_rows_of_several(tmp_path: Path) -> None:
    text = """\
name: own-mixed
file: all.jsonl
where: {lang: "{language}"}
languages: {python: {name: py, tests: "{test}\\ncheck({entry})\\n"}, javascript: js}
id: "{n}"
entry_point: "{entry}"
tests: "{test}"
solution: "{before}{solution?}"
"""
    rows = [
        {"n": 1, "lang": "py", "entry": "f", "test": "def check(c): ...", "before": "x", "solution": None},
        {"n": 1, "lang": "js", "entry": "f", "test": "f()", "before": "x", "solution": "y"},
    ]
    write_rows(tmp_path / "all.jsonl", *rows)
    benchmark = BENCHMARKS.load(str(form(tmp_path, text)))
    (python,) = problems_of(benchmark, tmp_path).values()
    (javascript,) = problems_of(benchmark, tmp_path, "javascript").values()
    assert (python.tests, python.canonical) == ("def check(c): ...\ncheck(f)\n", "")
    assert (javascript.tests, javascript.canonical) == ("f()", "xy")


def test_cases_limits_and_comparison(tmp_path: Path) -> None:
    text = """\
name: own-contest
file: rows.jsonl
languages: [python]
id: "{id}"
instruction: "{text}"
cases: {list: "{tests}", stdin: in, stdout: out.text}
comparison: {kind: floats, absolute: 0.5}
limits: {cpu_seconds: 6}
solution: "{solution}"
"""
    row = {"id": "a", "text": "Halve.", "solution": "print(int(input()) / 2)"}
    write_rows(tmp_path / "rows.jsonl", {**row, "tests": '[{"in": "3", "out": {"text": "1.4"}}]'})
    benchmark = BENCHMARKS.load(str(form(tmp_path, text)))
    (found,) = problems_of(benchmark, tmp_path).values()
    program = benchmark.program(found, found.canonical)
    assert (program.cases, program.comparison.kind) == ((Case("3", "1.4"),), ComparisonKind.FLOATS)
    assert program.limits is not None
    assert program.limits.cpu_seconds == 6
    assert statuses(benchmark, [found], [f"```python\n{row['solution']}\n```"]) == [Status.PASSED]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**ROW, "text": None}, "instruction: column 'text': expected text, found nothing"),
        (
            {("texts" if key == "text" else key): value for key, value in ROW.items()},
            "instruction: column 'text': expected text, found nothing; known: code, task_id, test_list,",
        ),
        (json.dumps(ROW)[:-1] + ', "code": ""}', "the key 'code' is given twice in an object"),
        (
            {key: ROW[key] for key in ROW if key != "test_list"},
            "instruction: column 'test_list': expected text",
        ),
        ({**ROW, "test_list": [1]}, "instruction: column 'test_list': expected text, found list"),
        ({**ROW, "test_list": []}, "it has neither tests nor cases"),
        (ROW, "an earlier row has the id '2' too"),
        ("{", "not JSON"),
        ("[]", "expected an object, found list"),
    ],
)
def test_bad_row_is_named_and_left_out_on_request(tmp_path: Path, row: Any, reason: str) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ROW, "", row, {**ROW, "task_id": 9})
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    with pytest.raises(DataError) as error:
        problems_of(benchmark, tmp_path)
    assert f"{rows}:3: {reason}" in str(error.value)
    assert list(problems_of(benchmark, tmp_path, allow_partial=True)) == ["2", "9"]
    assert benchmark.left_out is not None
    settings = benchmark.settings.model_validate({"data": str(tmp_path), "allow_partial": True})
    assert [reason in bad for bad in benchmark.left_out(settings, "python")] == [True]


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        ("no", "the cases are not JSON"),
        ([], "expected a list of cases"),
        ([{"in": 1}], "case 1: expected texts"),
    ],
)
def test_malformed_case_is_named(tmp_path: Path, cases: Any, reason: str) -> None:
    text = 'name: own-bad\nfile: r.jsonl\nlanguages: [python]\nid: "{id}"\ncases: {list: "{t}", stdin: in}\n'
    write_rows(tmp_path / "r.jsonl", {"id": 1, "t": cases})
    with pytest.raises(DataError, match=reason):
        problems_of(BENCHMARKS.load(str(form(tmp_path, text))), tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[python]", "[pyhton]", r"own.yaml:4: .*unknown language 'pyhton'.*did you mean 'python'"),
        ("tests:", "test:", r"own.yaml:7: test: unknown key"),
        ("own-mbpp", "mbpp", r"'mbpp' is the name of another benchmark"),
        (
            'tests: "{test_setup_code}\\n{test_list}\\n"\n',
            "",
            r"own.yaml:1: expected either 'tests' or 'cases'",
        ),
        ('"{code}"', "{code}", r"own.yaml:8: solution: expected a text; .* needs quotes: \"\{code\}\""),
        ("{code}", "{code|upper}", r"own.yaml:8: solution: unknown change 'upper' of a column; known: strip"),
        (
            "[python]",
            "python",
            r"own.yaml:4: languages: expected a list of languages, such as \[python, go\]",
        ),
        ("[python]", "[]", r"own.yaml:4: languages: expected a list of languages"),
        ("own-mbpp", "Own MBPP", r"own.yaml:1: name: expected lower-case letters, digits and hyphens"),
        (
            "[python]",
            "[python]\nlimits: {cpu_seconds: 0}",
            r"own.yaml:5: limits.cpu_seconds: expected a positive number, .* found '0'",
        ),
    ],
)
def test_wrong_form_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MBPP
    with pytest.raises(SettingsError, match=message):
        BENCHMARKS.load(str(form(tmp_path, MBPP.replace(old, new))))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        BENCHMARKS.load(str(tmp_path / "none.yaml"))
    with pytest.raises(UnknownName, match="did you mean 'mbpp-plus'"):
        BENCHMARKS.load("mbpp-pls")
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    with pytest.raises(DataError, match="no file for python; looked for rows.jsonl, rows.parquet"):
        problems_of(benchmark, tmp_path)


def test_changed_rows_are_read_again(tmp_path: Path) -> None:
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    write_rows(tmp_path / "rows.jsonl", ROW)
    assert list(problems_of(benchmark, tmp_path)) == ["2"]
    write_rows(tmp_path / "rows.jsonl", ROW, {**ROW, "task_id": 30})
    assert list(problems_of(benchmark, tmp_path)) == ["2", "30"]


def test_rows_in_the_hubs_cache_need_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = tmp_path / "hub" / "datasets--owner--rows"
    write_rows(dataset / "snapshots" / "abc" / "rows.jsonl", ROW)
    (dataset / "refs").mkdir()
    (dataset / "refs" / "main").write_text("abc")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    benchmark = BENCHMARKS.load(str(form(tmp_path, f"{MBPP}hub: owner/rows\n")))
    settings = benchmark.settings.model_validate(dict(benchmark.defaults))
    assert [each.id for each in benchmark.problems(settings, "python", "synthesize")] == ["2"]


@pytest.mark.parametrize("changed", [{}, {"prompt": "def double(n):\n", "code": "    return n + n"}])
def test_proposed_form_reads_its_rows(tmp_path: Path, changed: dict[str, str]) -> None:
    rows = write_rows(tmp_path / "ours.jsonl", {**ROW, **changed})
    benchmark = BENCHMARKS.load(str(form(tmp_path, propose_form(rows))))
    (found,) = problems_of(benchmark, rows).values()
    assert (found.benchmark, found.canonical) == ("ours", "def double(n):\n    return n + n")
    assert statuses(benchmark, [found], [f"```python\n{found.canonical}\n```"]) == [Status.PASSED]


def test_proposed_form_calls_the_tests_that_nothing_calls(tmp_path: Path) -> None:
    row = {"task_id": "a", "prompt": "def f():\n", "entry_point": "f", "test": "def check(f):\n    f()\n"}
    assert 'tests: "{test}\\ncheck({entry_point})\\n"' in propose_form(write_rows(tmp_path / "r.jsonl", row))


CSV = """\
name: own-table
file: ["rows.csv", "rows.csv.gz"]
languages: [python]
id: "{task_id}"
instruction: "{text}"
tests: "{tests}"
solution: "{code}"
"""


def test_rows_may_be_comma_separated(tmp_path: Path) -> None:
    code = '"def double(n):\n    return ""a"" and n + n"'
    row = f'1,"Twice n, please.",{code},assert double(2) == 4'
    (tmp_path / "rows.csv").write_text(f"\ufefftask_id,text,code,tests\r\n{row}\n", "utf-8", newline="")
    benchmark = BENCHMARKS.load(str(form(tmp_path, CSV)))
    (found,) = problems_of(benchmark, tmp_path).values()
    assert (found.instruction, found.entry_point) == ("Twice n, please.", "double")
    assert found.canonical == 'def double(n):\n    return "a" and n + n'
    assert statuses(benchmark, [found], [f"```python\n{found.canonical}\n```"]) == [Status.PASSED]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2,b", "rows.csv:3: 2 values, but the heading has 4"),
        ("2,b,c,d,e", "rows.csv:3: 5 values, but the heading has 4"),
        ("1,b,c,assert b", "rows.csv:3: an earlier row has the id '1' too"),
        ("2,b,c,", "rows.csv:3: it has neither tests nor cases"),
    ],
)
def test_malformed_comma_separated_row_is_named(line: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(f"task_id,text,code,tests\n1,a,b,assert b\n{line}\n", "utf-8")
    with pytest.raises(DataError, match=re.escape(reason)):
        problems_of(BENCHMARKS.load(str(form(tmp_path, CSV))), tmp_path)


def test_first_of_several_columns_and_numbers_in_a_range(tmp_path: Path) -> None:
    text = MBPP.replace("{text}", "{prompt or text}") + 'where: {task_id: "2..3"}\n'
    rows = [{**ROW, "task_id": number} for number in (1, "3", 4, "x")]
    write_rows(
        tmp_path / "rows.jsonl", *rows, {**ROW, "prompt": "Other."}, {**ROW, "prompt": None, "task_id": 4}
    )
    third, second = problems_of(BENCHMARKS.load(str(form(tmp_path, text))), tmp_path).values()
    assert third.instruction.startswith(ROW["text"])
    assert second.instruction.startswith("Other.")


def test_rows_may_be_separated_by_tabulators(tmp_path: Path) -> None:
    row = "1\tTwice n, please.\tdef double(n): return 2 * n\tassert double(2) == 4\n"
    (tmp_path / "rows.tsv").write_text(f"task_id\ttext\tcode\ttests\n{row}", "utf-8")
    (found,) = problems_of(
        BENCHMARKS.load(str(form(tmp_path, CSV.replace(".csv", ".tsv")))), tmp_path
    ).values()
    assert (found.instruction, found.entry_point) == ("Twice n, please.", "double")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rows.zip", b"PK", "unknown kind of file; expected .jsonl, .ndjson, .json, .csv, .tsv"),
        ("rows.yaml", b"- a: 1", "unknown kind of file"),
        ("rows.csv", b'a,b\n1,"', "after line 1: cannot be read: unexpected end of data"),
        ("rows.jsonl.gz", b"{}", "cannot be read: Not a gzipped file"),
        ("rows.parquet", b"PAR1", "cannot be read as Parquet"),
        ("rows.json", b"[{}", "not JSON"),
        ("rows.csv", b"id,text,id\n1,a,2\n", ":1: the heading has the column 'id' twice"),
    ],
)
def test_file_that_cannot_be_read_is_named(name: str, content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as error:
        problems_of(BENCHMARKS.load(str(form(tmp_path))), tmp_path / name)
    assert str(tmp_path / name) in str(error.value)
    assert reason in str(error.value)


BIG_CODE = """\
name: big-code
file: rows.jsonl
languages: [python]
id: "{task_id}"
declaration: "{complete_prompt}"
entry_point: "{entry_point}"
message: "{instruct_prompt}"
tests: "{test}"
solution: "{complete_prompt}{canonical_solution}"
"""
APPS = """\
name: apps
file: rows.jsonl
languages: [python]
id: "{id or problem_id}"
instruction: "{question}"
declaration: "{starter_code}"
cases: {list: "{input_output}", stdin: inputs, stdout: outputs}
solution: "{solutions.0?}"
limits: {cpu_seconds: 4}
"""
XL = """\
name: xl
file: "{language}/*.jsonl"
languages: {python: python, javascript: javascript}
id: "{task_id}"
instruction: "{description}"
declaration: "{prompt}"
entry_point: "{entry_point}"
tests: "{test}"
"""
DOUBLE = "def double(n):\n"
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    BIG_CODE: (
        "rows.jsonl",
        {
            "task_id": "BigCodeBench/0",
            "complete_prompt": DOUBLE,
            "instruct_prompt": "Double.",
            "canonical_solution": "    return n + n",
            "entry_point": "double",
            "test": "import unittest\nclass T(unittest.TestCase):\n"
            "    def test_it(self):\n        self.assertEqual(double(2), 4)\n",
        },
    ),
    APPS: (
        "rows.jsonl",
        {
            "problem_id": 7,
            "question": "Double.",
            "starter_code": "",
            "solutions": json.dumps(["print(2 * int(input()))"]),
            "input_output": json.dumps({"inputs": ["1\n", "2\n"], "outputs": ["2\n", "4\n"]}),
        },
    ),
    XL: (
        "python/english.jsonl",
        {
            "task_id": "python/0",
            "description": "Double.",
            "prompt": DOUBLE,
            "entry_point": "double",
            "test": "assert double(2) == 4\n",
        },
    ),
}
"""Benchmarks that nobody has mapped yet: BigCodeBench, APPS and HumanEval-XL, with rows of their form."""


def test_other_benchmarks_are_forms_of_at_most_twenty_lines(tmp_path: Path) -> None:
    programs = []
    for number, (text, (file, row)) in enumerate(OTHERS.items()):
        folder = tmp_path / str(number)
        write_rows(folder / file, row)
        assert len(text.splitlines()) <= 20
        benchmark = BENCHMARKS.load(str(form(tmp_path, text)))
        (found,) = problems_of(benchmark, folder).values()
        programs.append(benchmark.program(found, found.canonical or f"{DOUBLE}    return 2 * n\n"))
    assert programs[1].cases == (Case("1\n", "2\n"), Case("2\n", "4\n"))
    with Judge() as judge:
        assert [each.passed for each in judge.run(programs)] == [True] * 3


@pytest.mark.parametrize(
    "given", [{"inputs": ["1"]}, {"inputs": ["1"], "outputs": []}, {"inputs": 1, "outputs": 1}, {}]
)
def test_lists_of_inputs_and_outputs_are_of_one_length(given: Any, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", {**OTHERS[APPS][1], "input_output": given})
    with pytest.raises(DataError, match="an object with lists 'inputs' and 'outputs'"):
        problems_of(BENCHMARKS.load(str(form(tmp_path, APPS))), tmp_path)


def test_line_that_is_not_utf_8_is_left_out_on_request(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ROW, {**ROW, "task_id": 3})
    rows.write_bytes(rows.read_bytes().replace(b"\n", b'\n{"text": "caf\xe9"}\n', 1))
    benchmark = BENCHMARKS.load(str(form(tmp_path)))
    with pytest.raises(DataError, match=f"{rows}:2: not UTF-8"):
        problems_of(benchmark, tmp_path)
    assert list(problems_of(benchmark, tmp_path, allow_partial=True)) == ["2", "3"]


def test_compressed_rows_need_no_name_that_says_so(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ROW)
    rows.write_bytes(gzip.compress(rows.read_bytes()))
    assert list(problems_of(BENCHMARKS.load(str(form(tmp_path))), tmp_path)) == ["2"]


def test_absolute_pattern_is_refused(tmp_path: Path) -> None:
    text = MBPP.replace('["rows.jsonl", "rows.parquet"]', "/etc/*.jsonl")
    with pytest.raises(DataError, match=r"'/etc/\*.jsonl': expected one that is relative to data"):
        problems_of(BENCHMARKS.load(str(form(tmp_path, text))), tmp_path)


def test_form_of_an_unknown_language_is_not_proposed(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "ours.jsonl", ROW)
    with pytest.raises(DataError, match="unknown language 'pyhton'; .*did you mean 'python'"):
        propose_form(rows, language="pyhton")


def test_rows_of_another_language_are_none(tmp_path: Path) -> None:
    text = MBPP.replace("languages: [python]", 'languages: [python]\nwhere: {lang: "{language}"}')
    write_rows(tmp_path / "rows.jsonl", {**ROW, "lang": "cobol"})
    with pytest.raises(DataError, match="rows.jsonl: no rows with lang 'python'"):
        problems_of(BENCHMARKS.load(str(form(tmp_path, text))), tmp_path)
