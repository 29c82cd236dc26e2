from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from crosstune import corpus
from tests.cli.test_main import _crosstune
from tests.mining.repositories import CODE, Repo
from tests.shared import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one commit that is kept and one that is dropped."""
    folder = tmp_path / "clone"
    folder.mkdir()
    before = "\n".join(f"def number_{n}():\n    return {n}\n" for n in range(12))
    for text, message in (
        (before, "wip"),
        (before.replace("return 3", "return 30"), "Return thirty where three was wrong"),
    ):
        (folder / "numbers.py").write_text(text)
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", message]):
            subprocess.run(
                ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command],
                cwd=folder,
                check=True,
            )
    return folder


def test_clone_becomes_a_corpus(clone: Path, tmp_path: Path) -> None:
    result = _crosstune("mine", clone, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "samples" in result.stdout
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())["funnel"]
    assert (funnel["commits"], funnel["kept"]) == (2, 1)
    assert list((tmp_path / "out").glob("data-*/python-00000.parquet"))
    assert "read     clone: 2 commits" in result.stdout
    assert "(nothing new)" in _crosstune("mine", clone, "-o", tmp_path / "out").stdout
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    more = ["git", "-C", str(clone), *author, "commit", "-q", "--allow-empty", "-m", "Add nothing"]
    subprocess.run(more, check=True)
    assert "read     clone: 1 new commit\n" in _crosstune("mine", clone, "-o", tmp_path / "out").stdout


def test_set_changes_a_rule(clone: Path, tmp_path: Path) -> None:
    result = _crosstune("mine", clone, "-o", tmp_path / "out", "--set", "contents.most_tokens=10")
    assert result.returncode == 0, result.stderr
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())["funnel"]
    assert funnel["kept"] == 0
    assert funnel["dropped"]["contents: token window"] == 1
    assert (
        "no samples: of 2 commits 'subject: no capital' dropped the most, 1, and 'contents: " in result.stderr
    )
    assert "The corpus is empty, and `datasets` cannot load an empty one" in result.stderr


def test_urls_and_lists_are_mined_and_failures_listed(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "repos.txt").write_text(f"# one\nfile://{clone}\nfile://{tmp_path}/gone\n")
    arguments = ("--from", tmp_path / "repos.txt", "--cache", tmp_path / "cache", "-o", tmp_path / "out")
    result = _crosstune("mine", *arguments)
    assert result.returncode == 0, result.stderr
    assert f"not used file://{tmp_path}/gone" in result.stdout
    index = json.loads((tmp_path / "out" / "funnel.json").read_text())
    assert index["funnel"]["kept"] == 1
    assert set(index["funnel"]["unreadable"]) == {f"file://{tmp_path}/gone"}
    again = _crosstune("mine", f"@{tmp_path / 'repos.txt'}", *arguments[2:])
    assert "(nothing new)" in again.stdout
    clone.rename(tmp_path / "elsewhere")
    late = _crosstune("mine", *arguments)
    assert late.returncode == 0, late.stderr
    assert f"not updated file://{clone}: " in late.stdout
    assert json.loads((tmp_path / "out" / "funnel.json").read_text())["funnel"]["kept"] == 1
    assert "## Not updated" in (tmp_path / "out" / "README.md").read_text()


def test_explain_prints_the_rule_that_drops_the_commit(clone: Path) -> None:
    result = _crosstune("mine", clone, "--explain", _head(clone), "--set", "contents.most_tokens=10")
    assert result.returncode == 0, result.stderr
    assert "drops it  contents: token window: " in result.stdout
    assert "contents.most_tokens = 10" in result.stdout
    assert "dropped: contents: token window" in result.stdout
    assert "a sample" in _crosstune("mine", clone, "--explain", _head(clone)).stdout
    missing = _crosstune("mine", clone, "--explain", "abcdef")
    assert missing.returncode == 2
    assert "no commit abcdef in any of these repositories" in missing.stderr


def test_documented_explanation_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "mining.md").read_text("utf-8")
    [block] = re.findall(r"```console\n\$ crosstune mine \S+ --explain \S+\n(.*?)```", page, re.DOTALL)
    repo = Repo(tmp_path / "clone")
    commit = repo.commit("Fix linting error.", {"qq.py": CODE})
    result = _crosstune("mine", repo.path, "--explain", commit)
    assert re.fullmatch(re.escape(block).replace(re.escape("..."), ".*"), result.stdout, re.DOTALL)


def _head(clone: Path) -> str:
    command = ["git", "-C", str(clone), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_granularity_keeps_definitions_or_hunks(clone: Path, tmp_path: Path) -> None:
    small = ("--set", "contents.least_tokens=1")
    for kind, size in (("definition", 2), ("hunk", 7)):
        result = _crosstune("mine", clone, "-o", tmp_path / kind, "--granularity", kind, *small)
        assert result.returncode == 0, result.stderr
        [example] = corpus.read(tmp_path / kind)
        assert example.provenance["granularity"] == kind
        assert example.completion.count("\n") == size
        assert "return 30" in example.completion


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "contents"], "--set contents: expected KEY=VALUE"),
        (["--set", "contents.most_token=1"], "did you mean 'most_tokens'"),
        (["--profile", "commitpackfd"], "did you mean 'commitpackft'"),
        (["--from", "none.txt"], "none.txt: cannot be read as a list of repositories"),
    ],
)
def test_wrong_option_is_an_error(clone: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    result = _crosstune("mine", clone, "-o", tmp_path / "out", *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_folder_that_is_not_a_repository_is_an_error(tmp_path: Path) -> None:
    result = _crosstune("mine", tmp_path, "-o", tmp_path / "out")
    assert result.returncode == 2
    assert str(tmp_path) in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_argument_is_an_error(tmp_path: Path) -> None:
    assert "no repository: give a path, a URL" in _crosstune("mine", "-o", tmp_path / "out").stderr
    assert "no folder for the corpus: give -o DIR" in _crosstune("mine", tmp_path).stderr
