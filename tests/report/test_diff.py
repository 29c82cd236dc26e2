"""The page's line diff, run by node: it rebuilds both programs with the fewest changes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crosstune.report._script import asset

CODE = """
import { folded, lineDiff } from "./diff.mjs";
import { readFileSync } from "node:fs";
const made = JSON.parse(readFileSync(0, "utf8")).map(([a, b]) => {
  const lines = lineDiff(a, b);
  return { lines, folded: folded(lines) };
});
console.log(JSON.stringify(made));
"""


def diffs(pairs: list[tuple[list[str], list[str]]], folder: Path) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    (folder / "diff.mjs").write_text(asset("diff.js"), "utf-8")
    (folder / "run.mjs").write_text(CODE, "utf-8")
    done = subprocess.run(
        [node, "run.mjs"], input=json.dumps(pairs), capture_output=True, text=True, cwd=folder, check=True
    )
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


def common(first: list[str], second: list[str]) -> int:
    """The length of the longest common subsequence, from its definition."""

    @cache
    def most(a: int, b: int) -> int:
        if a == len(first) or b == len(second):
            return 0
        if first[a] == second[b]:
            return 1 + most(a + 1, b + 1)
        return max(most(a + 1, b), most(a, b + 1))

    return most(0, 0)


def test_both_sides_are_rebuilt_with_the_fewest_changes(tmp_path: Path) -> None:
    rng = random.Random(3)
    pairs = [
        tuple([rng.choice("abcd") for _ in range(rng.randint(0, 14))] for _ in range(2)) for _ in range(200)
    ]
    pairs += [([], []), ([], ["x"]), (["x"], []), (["same"] * 30, ["same"] * 30)]
    for (first, second), made in zip(pairs, diffs(pairs, tmp_path), strict=True):  # type: ignore[arg-type]
        lines = made["lines"]
        assert [line["text"] for line in lines if line["sign"] != "+"] == first
        assert [line["text"] for line in lines if line["sign"] != "-"] == second
        assert [line["first"] for line in lines if "first" in line] == list(range(1, len(first) + 1))
        assert [line["second"] for line in lines if "second" in line] == list(range(1, len(second) + 1))
        assert sum(line["sign"] == " " for line in lines) == common(first, second)


def test_long_equal_runs_are_folded_and_nothing_is_lost(tmp_path: Path) -> None:
    first = [f"line {number}" for number in range(60)]
    second = [*first[:30], "new", *first[30:]]
    (made,) = diffs([(first, second)], tmp_path)
    parts = made["folded"]
    assert [line for part in parts for line in part.get("lines", part.get("folded"))] == made["lines"]
    assert [len(part["folded"]) for part in parts if "folded" in part] == [27, 27]
    shown = [line["text"] for part in parts for line in part.get("lines", [])]
    assert shown == [*first[27:30], "new", *first[30:33]]
