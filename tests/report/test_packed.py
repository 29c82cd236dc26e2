from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crosstune.analysis import analyse
from crosstune.records import EvaluatedSample
from crosstune.report import render
from crosstune.report._packed import Packed, cut, packed
from tests.analysis import synthetic

FINDINGS = analyse(synthetic.run())
WHOLE = packed(FINDINGS)


def unpacked(text: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(text, validate=True)))


def rows(made: Packed) -> Iterator[dict[str, Any]]:
    """The answers as the page's script reads them."""
    index = unpacked(made.index)
    blocks = [unpacked(text) for text in made.blocks]
    lines = iter([(line, block["strings"]) for block in blocks for line in block["rows"]])
    at = 0
    for task_key, problem, size, block in index["problems"]:
        for _ in range(size):
            line, strings = next(lines)
            assert line in blocks[block]["rows"]
            prompt, stage, defect, seconds, *texts = line
            row = dict(zip(("benchmark", "language", "task"), index["cells"][task_key], strict=True))
            row |= {"problem": problem, "prompt": strings[prompt], "stage": strings[stage]}
            row |= {"defect": strings[defect], "cpu_seconds": seconds, "seed": index["seed"][at]}
            row |= {"model": index["models"][index["model"][at]], "sample": index["sample"][at]}
            row |= {"status": index["statuses"][index["status"][at]]}
            row |= {"isolation": index["isolations"][index["isolation"][at]]}
            row |= {"finish_reason": index["finish_reasons"][index["finish"][at]]}
            row |= {"repeats": bool(index["repeats"][at])}
            if texts:
                text, before, start, end, after, stdout, stderr = texts
                row |= {"text": strings[text], "stdout": strings[stdout], "stderr": strings[stderr]}
                row["candidate"] = strings[before] + strings[text][start:end] + strings[after]
            yield row
            at += 1
    assert next(lines, None) is None


def plain(row: EvaluatedSample) -> dict[str, Any]:
    return {name: getattr(row, name) for name in EvaluatedSample.__slots__}


def by_key(restored: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        restored, key=lambda row: (row["model"], row["seed"], row["language"], row["task"], row["problem"])
    )


def test_every_answer_is_restored_unchanged() -> None:
    assert (WHOLE.rows, WHOLE.texts) == (4320, 4320)
    assert by_key(rows(WHOLE)) == by_key(iter([plain(row) for row in FINDINGS.run.judged]))


def test_each_problem_has_its_tests_once() -> None:
    restored = []
    for block in map(unpacked, WHOLE.blocks):
        restored += [block["strings"][place] for place in block["tests"]]
    names = [(FINDINGS.task_keys[task_key], name) for task_key, name, *_ in unpacked(WHOLE.index)["problems"]]
    assert restored == [FINDINGS.run.tests[(*task_key, name)] for task_key, name in names]


def test_the_page_contains_index_and_blocks() -> None:
    page = render(FINDINGS)
    assert f'id="index">{WHOLE.index}</script>' in page
    for at, block in enumerate(WHOLE.blocks):
        assert f'id="block-{at}">{block}</script>' in page


def test_problems_are_in_natural_order() -> None:
    judged = [
        replace(row, problem=f"Python/{int(row.problem[-2:])}")
        for row in FINDINGS.run.judged
        if row.seed == 0 and row.model == "base"
    ]
    names = [
        name
        for _, name, _, _ in unpacked(
            packed(analyse(replace(FINDINGS.run, control="", judged=judged))).index
        )["problems"]
    ]
    assert names[:60] == [f"Python/{number}" for number in range(60)]


@pytest.mark.parametrize("share", [0.9, 0.7, 0.55])
def test_texts_that_do_not_fit_are_left_out_evenly_but_no_verdict(share: float) -> None:
    size = len(WHOLE.index) + sum(map(len, WHOLE.blocks))
    made = packed(FINDINGS, share * size)
    assert len(made.index) + sum(map(len, made.blocks)) <= share * size
    restored = list(rows(made))
    assert len(restored) == made.rows == 4320
    kept = [row for row in restored if "text" in row]
    assert 0 < len(kept) == made.texts < 4320
    by_model = Counter(row["model"] for row in kept)
    assert max(by_model.values()) - min(by_model.values()) < 0.05 * 4320
    statuses = Counter((row["model"], row["status"]) for row in restored)
    assert statuses == Counter((row.model, row.status) for row in FINDINGS.run.judged)


def test_the_first_seeds_keep_their_texts_longest() -> None:
    size = len(WHOLE.index) + sum(map(len, WHOLE.blocks))
    missing = {row["seed"] for row in rows(packed(FINDINGS, 0.9 * size)) if "text" not in row}
    assert missing
    assert 0 not in missing


def test_the_page_says_what_it_leaves_out() -> None:
    whole = render(FINDINGS)
    most = len(whole.encode()) - 10_000
    page = render(FINDINGS, most_bytes=most)
    assert len(page.encode()) <= most
    assert "The page has all 4,320 verdicts, and the texts of " in page
    assert f"larger than {most / 1e6:g} MB" in page
    assert "verdicts, and the texts of" not in whole


@pytest.mark.parametrize(
    ("candidate", "text"),
    [
        ("def f():\n    return 1", "    return 1"),
        ("def f():\n    return 1", "    return 1\n\ndef g(): pass"),
        ("x", "say ```x``` and more"),
        ("", "answer"),
        ("alone", ""),
        ("before é after", " é after that"),
        ("a 😀 b", "😀 b"),
        ("nothing of it", "quite another text, longer than the anchor"),
        ("def f():\n    pass\n", "\n\n    pass\n```"),
    ],
)
def test_programs_are_restored_from_their_answers(candidate: str, text: str) -> None:
    before, start, end, after = cut(candidate, text)
    assert before + text[start:end] + after == candidate
    # A browser counts in units of UTF-16.
    units = text.encode("utf-16-le")
    assert before + units[2 * start : 2 * end].decode("utf-16-le") + after == candidate


def test_shared_text_of_a_program_is_stored_once() -> None:
    before, start, end, after = cut("def f():\n" + "    x = 1\n" * 50, "    x = 1\n" * 60)
    assert (before, end - start, after) == ("def f():\n", 500, "")
