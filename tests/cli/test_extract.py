"""`crosstune extract`: the candidate, its explanation, and messages on wrong input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_main import CROSSTUNE, _crosstune
from tests.shared import ROOT, shared_data

ANSWER = """\
<think>A loop will do.</think>
A first try, which is wrong because it ignores its input, as this sentence of more than eighty columns says:

```python
def even_sum(numbers):
    return 0
```

> ```python
> import math
> def is_even(n):
>     return n % 2 == 0
> ```

```python
def even_sum(numbers):
    return sum(n for n in numbers if is_even(n))

print(even_sum([1, 2, 4]))
```
"""
CANDIDATE = """\
def is_even(n):
    return n % 2 == 0
def even_sum(numbers):
    return sum(n for n in numbers if is_even(n))
"""
OWN = ("--language", "python", "--entry-point", "even_sum")


def _answer(path: Path, text: str = ANSWER) -> Path:
    file = path / "answer.md"
    file.write_text(text, "utf-8")
    return file


def test_candidate_is_printed(tmp_path: Path) -> None:
    done = _crosstune("extract", _answer(tmp_path), *OWN)
    assert (done.returncode, done.stdout, done.stderr) == (0, CANDIDATE, "")


def test_answer_is_read_from_the_input() -> None:
    command = [str(CROSSTUNE), "extract", "-", *OWN]
    done = subprocess.run(command, input=ANSWER, capture_output=True, text=True, check=True)
    assert done.stdout == CANDIDATE


def test_json_has_the_whole_result(tmp_path: Path) -> None:
    done = _crosstune("extract", _answer(tmp_path), *OWN, "--json")
    result = json.loads(done.stdout)
    assert (result["candidate"], result["how"]) == (CANDIDATE, "definition")
    assert set(result) == {"candidate", "how", "origins", "left_out"}
    lines = [line.removeprefix("> ") for line in ANSWER.splitlines()]
    assert [lines[at] for at in result["origins"]] == CANDIDATE.splitlines()
    assert set(result["origins"]) & set(result["left_out"]) == set()


EXPLANATION = """\
definition: the answer defines even_sum
4 of the answer's 16 lines taken; lines given with the problem: 1

Answer (+ taken, - left out)
 1 -  <think>A loop will do.</think>
 2 -  A first try, which is wrong because it ignores its input, as this sentence
      of more than eighty columns says:
 3
 4 -  ```python
 5 -  def even_sum(numbers):
 6 -      return 0
 7 -  ```
 8
 9 -  > ```python
10 -  > import math
11 +  > def is_even(n):
12 +  >     return n % 2 == 0
13 -  > ```
14
15 -  ```python
16 +  def even_sum(numbers):
17 +      return sum(n for n in numbers if is_even(n))
18
19 -  print(even_sum([1, 2, 4]))
20 -  ```

Candidate (number: line of the answer, d declaration or given code, * added)
   d  import os
11    def is_even(n):
12        return n % 2 == 0
16    def even_sum(numbers):
17        return sum(n for n in numbers if is_even(n))
"""


def test_explanation_marks_every_line_and_fits_80_columns(tmp_path: Path) -> None:
    declaration = tmp_path / "declaration.py"
    declaration.write_text("import os\n\ndef even_sum(numbers):\n")
    done = _crosstune("extract", _answer(tmp_path), *OWN, "--declaration", declaration, "--explain")
    assert done.stdout == EXPLANATION
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_documentation_shows_what_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "judging.md").read_text()
    shown = page[page.index("definition: the answer defines even_sum") :]
    shown = shown[: shown.index("\n```\n\n`--json`") + 1]
    lines = shown[shown.index("Answer (") : shown.index("\n\nCandidate (")].splitlines()[1:]
    declaration = tmp_path / "declaration.py"
    declaration.write_text("import os\n\ndef even_sum(numbers):\n")
    answer = _answer(tmp_path, "".join(f"{line[6:]}\n" for line in lines))
    done = _crosstune("extract", answer, *OWN, "--declaration", declaration, "--explain")
    assert done.stdout == shown


def test_explanation_escapes_control_characters(tmp_path: Path) -> None:
    answer = _answer(tmp_path, "\x1b[31mred\n```python\ndef even_sum(numbers):\n    return 0\n```\n")
    done = _crosstune("extract", answer, *OWN, "--explain")
    assert "\x1b" not in done.stdout
    assert "\\u001b[31mred" in done.stdout


def test_problem_of_a_benchmark_gives_the_declaration(tmp_path: Path) -> None:
    answer = _answer(tmp_path, "    return x + 4\n\n\nprint(1)\n")
    command: list[str | Path] = [
        "extract",
        answer,
        "--benchmark",
        "exercises",
        "--problem",
        "plus-4",
        "--language",
        "python",
    ]
    done = _crosstune(*command)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("def ")
    assert done.stdout.endswith("    return x + 4\n")
    explained = _crosstune(*command, "--explain").stdout
    assert explained.startswith(
        "continuation: the answer continues the declaration\n1 of the answer's 2 lines"
    )


def test_second_question_of_explain_gives_its_declaration(tmp_path: Path) -> None:
    done = _crosstune(
        *("extract", _answer(tmp_path, "    return False\n"), "--benchmark", "humanevalpack"),
        *("--data", shared_data("humanevalpack"), "--problem", "Python/0", "--language", "python"),
        *("--task", "explain"),
    )
    assert done.returncode == 0, done.stderr
    assert "def has_close_elements(" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--benchmark", "humanevalpak"], "did you mean 'humanevalpack'?"),
        (["--benchmark", "humanevalpack", "--problem", "x"], "humanevalpack needs --data DIR"),
        (["--benchmark", "humanevalpack", "--data", "/none", "--problem", "x"], "/none: no such folder"),
        (["--benchmark", "exercises"], "--benchmark needs --problem"),
        (
            ["--benchmark", "exercises", "--problem", "plus-5"],
            "no problem 'plus-5' in python: it has 60, from 'plus-4' to 'fits-12'; did you mean 'plus-4'?",
        ),
        (
            ["--benchmark", "exercises", "--problem", "plus-4", "--task", "write"],
            "no task 'write'; its tasks",
        ),
        (["--benchmark", "exercises", "--problem", "plus-4", "--data", "."], "exercises takes no --data"),
        (["--benchmark", "exercises", "--entry-point", "f"], "--entry-point is given by the benchmark"),
        (["--problem", "plus-4"], "--problem needs --benchmark"),
        (["--declaration", "/none.py"], "/none.py: No such file"),
        (["--explain", "--json"], "expected either --explain or --json"),
    ],
)
def test_wrong_options_give_one_line(tmp_path: Path, options: list[str], message: str) -> None:
    done = _crosstune("extract", _answer(tmp_path), "--language", "python", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.startswith("crosstune: ")
    assert done.stderr.count("\n") == 1


def test_unusable_answers_give_one_line(tmp_path: Path) -> None:
    missing = _crosstune("extract", tmp_path / "none", *OWN)
    assert (missing.returncode, "none: No such file" in missing.stderr) == (2, True)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    binary = _crosstune("extract", tmp_path / "binary", *OWN)
    assert (binary.returncode, "not text in UTF-8" in binary.stderr) == (2, True)
    unknown = _crosstune("extract", _answer(tmp_path), "--language", "pyhton")
    assert (unknown.returncode, "did you mean 'python'" in unknown.stderr) == (2, True)
