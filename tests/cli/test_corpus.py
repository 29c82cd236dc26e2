"""`crosstune corpus` from the command line: one corpus on its way from rows to a card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.benchmarks import BENCHMARKS
from crosstune.prompts import apply_line_diff
from crosstune.sources import Quarantine
from tests.cli.test_main import _crosstune


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of rows: commits, one of them twice, one that holds an exercise, one with an address."""
    benchmark = BENCHMARKS.load("exercises")
    problem = benchmark.problems(benchmark.settings(), "python", "synthesize")[0]
    long = "\n".join(f"value_{n} = compute({n}, other_{n})" for n in range(30)) + "\n"
    found = [
        {
            "id": f"c{n}",
            "prompt": f"Change {n}\nold = {n}\n",
            "completion": f"old = {n}\nnew = {n}\n",
            "task": "commit",
        }
        for n in range(5)
    ]
    found.append(
        {"id": "same", "prompt": "Change 0\nold = 0", "completion": "old = 0\nnew  = 0\n", "task": "commit"}
    )
    found.append({"id": "long", "prompt": "Write it.", "completion": long})
    found.append({"id": "near", "prompt": "Write it.", "completion": long + "last = 1\n"})
    found.append({"id": "leak", "prompt": "Do it.", "completion": f"{problem.canonical}\n{problem.tests}"})
    found.append({"id": "mail", "prompt": "Whom?", "completion": "ann.lee@corp-mail.com"})
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    text = "".join(json.dumps({"language": "python", **row}) + "\n" for row in found)
    path.write_text(text + '{"prompt": "no answer"}\n')
    return path


def ids(folder: Path) -> list[str]:
    return [each.id for each in corpus.read(folder)]


def test_what_is_there_is_counted(rows: Path) -> None:
    found = _crosstune("corpus", "stats", rows)
    assert found.returncode == 0, found.stderr
    assert "10 rows" in found.stdout
    lines = [line.split() for line in found.stdout.splitlines()]
    assert ["python", "commit", "6"] in lines
    assert ["missing", "column", "1"] in lines


def test_rows_are_shown(rows: Path) -> None:
    found = _crosstune("corpus", "show", rows, "mail", "c3")
    assert found.returncode == 0, found.stderr
    assert found.stdout.index("ann.lee@corp-mail.com") < found.stdout.index("Change 3")
    assert "completion (21 characters)" in found.stdout
    drawn = _crosstune("corpus", "show", rows, "--sample", "2", "--seed", "5").stdout
    assert drawn.count("completion (") == 2
    assert drawn == _crosstune("corpus", "show", rows, "--sample", "2", "--seed", "5").stdout
    missing = _crosstune("corpus", "show", rows, "nea")
    assert missing.returncode == 2
    assert "no row 'nea' among 10; did you mean 'near'?" in missing.stderr


def test_duplicates_go(rows: Path, tmp_path: Path) -> None:
    found = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "out")
    assert found.returncode == 0, found.stderr
    assert "1 groups of near duplicates, the largest of 2 rows" in found.stdout
    assert ids(tmp_path / "out") == ["c0", "c1", "c2", "c3", "c4", "long", "leak", "mail"]
    told = json.loads((tmp_path / "out" / "funnel.json").read_text())["made"]
    assert told["dropped"] == {"duplicate content": 1, "near duplicate": 1}
    assert told["report"]["clusters"] == [{"kept": "long", "dropped": ["near"]}]
    exact = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "exact", "--exact")
    assert exact.returncode == 0
    assert len(ids(tmp_path / "exact")) == 9
    wrong = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "x", "--similarity", "2")
    assert (wrong.returncode, "--similarity 2" in wrong.stderr) == (2, True)


def test_problems_go_and_are_named(rows: Path, tmp_path: Path) -> None:
    found = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "out", "--fail")
    assert found.returncode == 5
    assert "1 rows held problems" in found.stderr
    assert "not searched for: humanevalpack: its data were not given" in found.stderr
    assert "leak" not in ids(tmp_path / "out")
    assert "exercises python: " in found.stdout
    again = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "out")
    assert again.returncode == 0
    assert "(nothing new)" in again.stdout
    wrong = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "x", "--data", "humanevalpack")
    assert (wrong.returncode, "expected BENCHMARK=DIR" in wrong.stderr) == (2, True)


def test_rows_are_chosen_and_cleaned(rows: Path, tmp_path: Path) -> None:
    options = ["--tasks", "instruct", "--most", "200", "--private", "replace"]
    found = _crosstune("corpus", "filter", rows, "-o", tmp_path / "out", *options)
    assert found.returncode == 0, found.stderr
    [example] = corpus.read(tmp_path / "out")
    assert example.completion == "user1@example.org"
    told = json.loads((tmp_path / "out" / "funnel.json").read_text())["made"]
    assert told["report"] == {"notes": [], "private": {"e-mail address": 1}}
    refused = _crosstune("corpus", "filter", rows, "-o", tmp_path / "out", "--tasks", "commit")
    assert (refused.returncode, "or --replace" in refused.stderr) == (2, True)
    none = _crosstune("corpus", "filter", rows, "-o", tmp_path / "none", "--languages", "cobol")
    assert none.returncode == 0
    assert "no row has 'cobol' among its languages; known: python" in none.stderr
    assert "`datasets.load_dataset` refuses a corpus without rows" in none.stderr


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("prompt-completion", {"prompt": "Change 0\nold = 0\n", "completion": "old = 0\nnew = 0\n"}),
        (
            "messages",
            {
                "messages": [
                    {"role": "user", "content": "Change 0\nold = 0\n"},
                    {"role": "assistant", "content": "old = 0\nnew = 0\n"},
                ]
            },
        ),
        ("line-diff", {"prompt": "Change 0\n1 old = 0\n2 \n", "completion": "+2 new = 0\n"}),
        (
            "commit-tags",
            {
                "prompt": "<commit_before>old = 0\n<commit_msg>Change 0<commit_after>",
                "completion": "old = 0\nnew = 0\n",
            },
        ),
        (
            "octocoder",
            {
                "prompt": "Question: Change 0\nold = 0\n\n\nAnswer:",
                "completion": " old = 0\nnew = 0\n",
            },
        ),
    ],
)
def test_a_form_for_others(rows: Path, tmp_path: Path, form: str, expected: object) -> None:
    out = tmp_path / "x.jsonl"
    found = _crosstune("corpus", "convert", rows, "-o", out, "--form", form)
    assert found.returncode == 0, found.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0] == expected
    assert len(lines) == (6 if form == "line-diff" else 10)
    if form == "line-diff":
        assert apply_line_diff("old = 0\n", lines[0]["completion"]) == "old = 0\nnew = 0\n"
        assert "4 rows have no such form" in found.stderr


def test_records_come_back_as_they_were(rows: Path, tmp_path: Path) -> None:
    assert (
        _crosstune("corpus", "convert", rows, "-o", tmp_path / "a.jsonl", "--form", "records").returncode == 0
    )
    assert list(corpus.load(tmp_path / "a.jsonl")) == list(corpus.load(rows, Quarantine(None)))
    wrong = _crosstune("corpus", "convert", rows, "-o", tmp_path / "b.jsonl", "--form", "mesages")
    assert (wrong.returncode, "did you mean 'messages'" in wrong.stderr) == (2, True)


def test_a_mixture_and_its_card(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(f"size: 6\nparts:\n  all: {{path: {rows}, share: 1}}\n")
    found = _crosstune("corpus", "mix", tmp_path / "m.yaml", "-o", tmp_path / "out", "--controls")
    assert found.returncode == 0, found.stderr
    assert f"6 rows in {tmp_path / 'out'}" in found.stdout
    assert len(ids(tmp_path / "out-only-all")) == 6
    card = _crosstune("corpus", "card", tmp_path / "out")
    assert card.returncode == 0, card.stderr
    assert (tmp_path / "out" / "lengths.png").is_file()
    unknown = _crosstune("corpus", "mix", "octocodr", "-o", tmp_path / "x")
    assert (unknown.returncode, "did you mean 'octocoder'" in unknown.stderr) == (2, True)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    commands: list[list[str | Path]] = [
        ["stats", nothing],
        ["show", nothing],
        ["dedup", nothing, "-o", tmp_path / "x"],
        ["convert", nothing, "-o", tmp_path / "x"],
        ["card", nothing],
        ["push", nothing, "a/b"],
    ]
    for command in commands:
        found = _crosstune("corpus", *command)
        assert found.returncode == 2, found
        assert str(nothing) in found.stderr
        assert "Traceback" not in found.stderr
