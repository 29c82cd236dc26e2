"""`crosstune corpus`: from a file of rows to a corpus with a card."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.benchmarks import BENCHMARKS
from crosstune.prompts import apply_line_diff
from crosstune.sources import Quarantine
from tests.cli.test_main import _crosstune


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commits (one twice), near duplicates, a row with an exercise, a row with an address."""
    benchmark = BENCHMARKS.load("exercises")
    problem = benchmark.problems(benchmark.settings(), "python", "synthesize")[0]
    long = "\n".join(f"value_{n} = compute({n}, other_{n})" for n in range(30)) + "\n"
    examples = [
        {
            "id": f"c{n}",
            "prompt": f"Change {n}\nold = {n}\n",
            "completion": f"old = {n}\nnew = {n}\n",
            "task": "commit",
        }
        for n in range(5)
    ]
    examples.append(
        {"id": "same", "prompt": "Change 0\nold = 0", "completion": "old = 0\nnew  = 0\n", "task": "commit"}
    )
    examples.append({"id": "long", "prompt": "Write it.", "completion": long})
    examples.append({"id": "near", "prompt": "Write it.", "completion": long + "last = 1\n"})
    examples.append({"id": "leak", "prompt": "Do it.", "completion": f"{problem.canonical}\n{problem.tests}"})
    examples.append({"id": "mail", "prompt": "Who?", "completion": "ann.lee@corp-mail.com"})
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    text = "".join(json.dumps({"language": "python", **row}) + "\n" for row in examples)
    path.write_text(text + '{"prompt": "no answer"}\n')
    return path


def ids(folder: Path) -> list[str]:
    return [each.id for each in corpus.read(folder)]


def test_stats_counts_rows(rows: Path) -> None:
    result = _crosstune("corpus", "stats", rows)
    assert result.returncode == 0, result.stderr
    assert "10 rows" in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["python", "commit", "6"] in lines
    assert ["missing", "column", "1"] in lines


def test_show_prints_rows_by_id_and_samples(rows: Path) -> None:
    result = _crosstune("corpus", "show", rows, "mail", "c3")
    assert result.returncode == 0, result.stderr
    assert result.stdout.index("ann.lee@corp-mail.com") < result.stdout.index("Change 3")
    assert "completion (21 characters)" in result.stdout
    drawn = _crosstune("corpus", "show", rows, "--sample", "2", "--seed", "5").stdout
    assert drawn.count("completion (") == 2
    assert drawn == _crosstune("corpus", "show", rows, "--sample", "2", "--seed", "5").stdout
    missing = _crosstune("corpus", "show", rows, "nea")
    assert missing.returncode == 2
    assert "no row 'nea' among 10; did you mean 'near'?" in missing.stderr


def test_dedup_drops_equal_and_near_rows(rows: Path, tmp_path: Path) -> None:
    result = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "1 groups of near duplicates, the largest of 2 rows" in result.stdout
    assert ids(tmp_path / "out") == ["c0", "c1", "c2", "c3", "c4", "long", "leak", "mail"]
    made = json.loads((tmp_path / "out" / "funnel.json").read_text())["made"]
    assert made["dropped"] == {"duplicate content": 1, "near duplicate": 1}
    assert made["report"]["clusters"] == [{"kept": "long", "dropped": ["near"]}]
    exact = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "exact", "--exact")
    assert exact.returncode == 0
    assert len(ids(tmp_path / "exact")) == 9
    wrong = _crosstune("corpus", "dedup", rows, "-o", tmp_path / "x", "--similarity", "2")
    assert (wrong.returncode, "--similarity 2" in wrong.stderr) == (2, True)


def test_decontaminate_drops_and_names_problems(rows: Path, tmp_path: Path) -> None:
    result = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "out", "--fail")
    assert result.returncode == 5
    assert "1 rows contained problems" in result.stderr
    assert "not searched for: humanevalpack: its data were not given" in result.stderr
    assert "leak" not in ids(tmp_path / "out")
    assert "exercises python: " in result.stdout
    again = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "out")
    assert again.returncode == 0
    assert "(nothing new)" in again.stdout
    wrong = _crosstune("corpus", "decontaminate", rows, "-o", tmp_path / "x", "--data", "humanevalpack")
    assert (wrong.returncode, "expected BENCHMARK=DIR" in wrong.stderr) == (2, True)


def test_filter_selects_rows_and_replaces_private_data(rows: Path, tmp_path: Path) -> None:
    options = ["--tasks", "instruct", "--most", "200", "--private", "replace"]
    result = _crosstune("corpus", "filter", rows, "-o", tmp_path / "out", *options)
    assert result.returncode == 0, result.stderr
    [example] = corpus.read(tmp_path / "out")
    assert example.completion == "user1@example.org"
    made = json.loads((tmp_path / "out" / "funnel.json").read_text())["made"]
    assert made["report"] == {"notes": [], "private": {"e-mail address": 1}}
    refused = _crosstune("corpus", "filter", rows, "-o", tmp_path / "out", "--tasks", "commit")
    assert (refused.returncode, "or --replace" in refused.stderr) == (2, True)
    none = _crosstune("corpus", "filter", rows, "-o", tmp_path / "none", "--languages", "cobol")
    assert none.returncode == 0
    assert "no row has 'cobol' among its languages; known: python" in none.stderr
    assert "`datasets.load_dataset` refuses a corpus without rows" in none.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
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
def test_convert_writes_each_format(rows: Path, tmp_path: Path, name: str, expected: object) -> None:
    out = tmp_path / "x.jsonl"
    result = _crosstune("corpus", "convert", rows, "-o", out, "--format", name)
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0] == expected
    assert len(lines) == (6 if name == "line-diff" else 10)
    if name == "line-diff":
        assert apply_line_diff("old = 0\n", lines[0]["completion"]) == "old = 0\nnew = 0\n"
        assert "4 rows skipped: line-diff accepts only commits" in result.stderr


def test_format_records_is_read_back_unchanged(rows: Path, tmp_path: Path) -> None:
    assert (
        _crosstune("corpus", "convert", rows, "-o", tmp_path / "a.jsonl", "--format", "records").returncode
        == 0
    )
    assert list(corpus.load(tmp_path / "a.jsonl")) == list(corpus.load(rows, Quarantine(None)))
    wrong = _crosstune("corpus", "convert", rows, "-o", tmp_path / "b.jsonl", "--format", "mesages")
    assert (wrong.returncode, "did you mean 'messages'" in wrong.stderr) == (2, True)


def test_former_option_form_names_the_new_one(rows: Path, tmp_path: Path) -> None:
    result = _crosstune("corpus", "convert", rows, "-o", tmp_path / "x", "--form", "messages")
    assert (result.returncode, "--form is now called --format" in result.stderr) == (2, True)
    assert not (tmp_path / "x").exists()
    help_text = _crosstune("corpus", "convert", "--help").stdout
    assert "--format" in help_text
    assert "--form " not in help_text


def test_tables_in_pipes_keep_long_names_whole(tmp_path: Path) -> None:
    name = "source-" + "x" * 65
    (tmp_path / "rows.jsonl").write_text(json.dumps({"prompt": "a", "completion": "b", "source": name}))
    assert name in _crosstune("corpus", "stats", tmp_path / "rows.jsonl").stdout


def test_mix_writes_controls_and_card_redraws(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(f"size: 6\nparts:\n  all: {{path: {rows}, share: 1}}\n")
    result = _crosstune("corpus", "mix", tmp_path / "m.yaml", "-o", tmp_path / "out", "--controls")
    assert result.returncode == 0, result.stderr
    assert f"6 rows in {tmp_path / 'out'}" in result.stdout
    assert len(ids(tmp_path / "out-only-all")) == 6
    card = _crosstune("corpus", "card", tmp_path / "out")
    assert card.returncode == 0, card.stderr
    assert (tmp_path / "out" / "lengths.png").is_file()
    unknown = _crosstune("corpus", "mix", "octocodr", "-o", tmp_path / "x")
    assert (unknown.returncode, "did you mean 'octocoder'" in unknown.stderr) == (2, True)


def test_missing_folders_are_usage_errors(tmp_path: Path) -> None:
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
        result = _crosstune("corpus", *command)
        assert result.returncode == 2, result
        assert str(nothing) in result.stderr
        assert "Traceback" not in result.stderr


def test_prove_keeps_rows_that_pass_their_tests(tmp_path: Path) -> None:
    code = "def twice(x):\n    return 2 * x\n"
    made = [
        {
            "id": name,
            "prompt": "Double.",
            "completion": text,
            "language": "python",
            "provenance": {"tests": test},
        }
        for name, text, test in [
            ("right", code, "assert twice(2) == 4"),
            ("wrong", code, "assert twice(2) == 5"),
        ]
    ]
    source, out = tmp_path / "rows.jsonl", tmp_path / "out"
    source.write_text("".join(json.dumps(row) + "\n" for row in made))
    done = _crosstune("corpus", "prove", source, "-o", out)
    assert done.returncode == 0, done.stderr
    assert re.search(r"fails its tests: wrong_answer\s+1", done.stdout)
    (dropped,) = (out / "dropped.jsonl").read_text().splitlines()
    assert json.loads(dropped)["id"] == "wrong"
    wrong = _crosstune("corpus", "prove", source, "-o", tmp_path / "x", "--require", "luck")
    assert (wrong.returncode, "luck" in wrong.stderr) == (2, True)
