"""HumanEval-X and its siblings are read and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.errors import DataError
from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("humaneval-x")
ROWS = {
    "humaneval_python.jsonl": {
        "task_id": "Python/0",
        "prompt": 'def double(n):\n    """Twice n."""\n',
        "declaration": "def double(n):\n",
        "canonical_solution": "    return n + n\n",
        "test": "def check(double):\n    assert double(2) == 4\n\ncheck(double)\n",
    },
    "humaneval_c.jsonl": {
        "task_id": "C/0",
        "prompt": "// Twice n.\nint twice(int n) {\n",
        "declaration": "int twice(int n) {\n",
        "canonical_solution": "    return n + n;\n}\n",
        "test": "#include <assert.h>\nint main(void) {\n    assert(twice(2) == 4);\n}\n",
    },
}


@pytest.fixture
def settings(tmp_path: Path) -> object:
    for name, row in ROWS.items():
        (tmp_path / name).write_text(json.dumps(row) + "\n", "utf-8")
    return BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]


def test_row_becomes_a_problem(settings: object) -> None:
    (found,) = BENCHMARK.problems(settings, "python", "synthesize")
    row = ROWS["humaneval_python.jsonl"]
    assert f"Finish the Python code for this problem:\n{row['prompt'].strip()}" == found.instruction
    assert (row["declaration"], "", "humaneval-x") == (found.declaration, found.buggy, found.benchmark)


def test_codem_asks_as_in_its_paper(settings: object) -> None:
    (found,) = BENCHMARK.problems(settings, "python", "synthesize")
    asked = asking_text(PROMPTS.load("codem"), found, LANGUAGES.load("python"))
    assert asked.endswith(
        "### Instruction:\nFinish the Python code for this problem:\n"
        'def double(n):\n    """Twice n."""\n\n### Response:\ndef double(n):'
    )


@pytest.mark.parametrize("name", PROMPTS.names())
def test_every_template_requests_once(settings: object, name: str) -> None:
    (found,) = BENCHMARK.problems(settings, "python", "synthesize")
    asked = asking_text(PROMPTS.load(name), found, LANGUAGES.load("python"))
    assert asked.count("for this problem") == (0 if name == "completion" else 1)


@pytest.mark.parametrize("language", ["python", "c"])
def test_canonical_solutions_pass(settings: object, language: str) -> None:
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    (found,) = BENCHMARK.problems(settings, language, "synthesize")
    with Judge() as judge:
        assert [v.passed for v in judge.run([BENCHMARK.program(found, found.canonical)])] == [True]


def test_missing_file_and_unknown_task_are_reported(settings: object) -> None:
    with pytest.raises(DataError, match=r"no file for typescript; looked for typescript\.jsonl\.gz"):
        BENCHMARK.problems(settings, "typescript", "synthesize")
    with pytest.raises(DataError, match="no task 'fix'; its tasks: synthesize"):
        BENCHMARK.problems(settings, "python", "fix")
    assert [each.met for each in BENCHMARK.requirements(settings, "c")] == [True]
    assert not BENCHMARK.requirements(settings, "java")[0].met


def test_helpers_that_only_the_prompt_defines_are_given(tmp_path: Path) -> None:
    helper = "func Twice(n int) int {\n    return n + n\n}"
    row = {
        "task_id": "Go/0",
        "prompt": f"// Twice n.\n{helper}\n// Four times n.\nfunc Four(n int) int {{\n",
        "declaration": "\nfunc Four(n int) int {\n",
        "canonical_solution": "    return Twice(Twice(n))\n}\n",
        "test": "func TestFour(t *testing.T) {\n    if Four(3) != Twice(6) {\n        t.Fail()\n    }\n}\n",
    }
    (tmp_path / "humaneval_go.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (found,) = BENCHMARK.problems(BENCHMARK.settings(data=tmp_path), "go", "synthesize")  # type: ignore[call-arg]
    assert f"{helper}\n{row['declaration']}" == found.given_code
    assert f"{found.canonical}\n\n{helper}" == BENCHMARK.program(found, found.canonical).candidate
    own = f"func Twice(n int) int {{ return 2 * n }}\n{found.canonical}"
    assert own == BENCHMARK.program(found, own).candidate


@pytest.mark.parametrize(
    ("language", "ids"),
    [("go", ("Go/10", "Go/32", "Go/38", "Go/50")), ("cpp", ("CPP/38",))],
)
def test_rows_that_lack_helpers_are_mended(language: str, ids: tuple[str, ...]) -> None:
    data = shared_data("humaneval-x")
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    problems = BENCHMARK.problems(BENCHMARK.settings(data=data), language, "synthesize")  # type: ignore[call-arg]
    programs = [BENCHMARK.program(each, each.canonical) for each in problems if each.id in ids]
    with Judge(isolation="shared") as shared, Judge(isolation="separate") as separate:
        for judge in (shared, separate):
            assert dict.fromkeys(ids, "passed") == {v.id: str(v.status) for v in judge.run(programs)}


def test_known_defects_are_those_of_rows() -> None:
    settings = BENCHMARK.settings(data=shared_data("humaneval-x"))  # type: ignore[call-arg]
    languages = ("javascript", "python", "rust")
    problems = [each for name in languages for each in BENCHMARK.problems(settings, name, "synthesize")]
    assert [each.id for each in problems if each.defect] == [
        "JavaScript/112",
        "JavaScript/155",
        "Python/142",
        "Rust/32",
    ]
