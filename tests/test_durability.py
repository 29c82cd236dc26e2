"""Commands that are killed at random moments write what they write undisturbed; other damage is noticed.

`python -m bench.durability` does the first with many more kills, and with all commands.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench import durability
from crosstune import corpus, files
from crosstune.errors import DataError
from crosstune.mining import fingerprint, load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.mining._record import load
from tests.cli.in_process import run
from tests.cli.test_judge import RIGHT, _write
from tests.cli.test_main import CROSSTUNE
from tests.scripted_server import scripted
from tests.tuning import small


@pytest.mark.slow
@pytest.mark.parametrize("name", ["judge", "mine", "generate"])
def test_kills_change_no_result(name: str, tmp_path: Path) -> None:
    with scripted(durability.slowly(durability.solution)) as server:
        cases = {
            "judge": lambda: durability.judging(tmp_path),
            "mine": lambda: durability.mining(tmp_path),
            "generate": lambda: durability.generating(server),
        }
        result = durability.disturbed(cases[name](), tmp_path / "runs", 2, random.Random(1))
    assert result.kills == 2
    assert result.right, result


def test_the_comparison_notices_differences(tmp_path: Path) -> None:
    """Otherwise the tests above could not fail."""
    for number, (verdict, seconds) in enumerate([("passed", 1), ("passed", 2), ("timeout", 1)]):
        (tmp_path / str(number)).mkdir()
        out = tmp_path / str(number) / "out.jsonl"
        out.write_text(json.dumps({"verdict": verdict, "cpu_seconds": seconds}) + "\n")
    found = [durability.contents(tmp_path / str(number) / "out.jsonl") for number in range(3)]
    assert found[0] == found[1] != found[2]
    assert durability.Result(again=3, allowed=2).right is False


def flipped(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 4]) + content[position + 1 :]


def test_a_flipped_bit_in_the_decisions_on_a_repository_changes_no_result(tmp_path: Path) -> None:
    """Whatever byte it is in, the repository is read again."""
    (clone,) = durability.repositories(tmp_path, count=1, commits=3)
    profile, record = load_profile("commitpackft"), tmp_path / "record"
    first = mine_repository(clone, profile, record=record)
    assert first.commits
    whole, rules = record.read_bytes(), fingerprint(profile)
    assert load(record, rules) is not None
    moments = random.Random(0)
    for position in [0, len(whole) - 1, *(moments.randrange(len(whole)) for _ in range(300))]:
        record.write_bytes(flipped(whole, position))
        assert load(record, rules) is None, position
    again = mine_repository(clone, profile, record=record)
    assert (again.commits, record.read_bytes()) == (first.commits, whole)


def test_a_flipped_bit_in_a_corpus_is_an_error_or_no_change(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    examples = [replace(example, provenance={"n": str(n)}) for n, example in enumerate(small.examples(50))]
    corpus.write(path, examples)
    whole, noticed = path.read_bytes(), 0
    moments = random.Random(0)
    for position in [moments.randrange(len(whole)) for _ in range(300)]:
        path.write_bytes(flipped(whole, position))
        try:
            assert list(corpus.read(path)) == examples, position
        except DataError:
            noticed += 1
    assert noticed > 100


@pytest.fixture
def verdicts(tmp_path: Path) -> Path:
    """Verdicts on three programs."""
    _write(tmp_path / "programs.jsonl", *[RIGHT | {"id": f"p{n}"} for n in range(3)])
    assert run("judge", tmp_path / "programs.jsonl", "-o", tmp_path / "v.jsonl").status == 0
    return tmp_path / "v.jsonl"


def judged_again(verdicts: Path) -> str:
    done = run("judge", verdicts.with_name("programs.jsonl"), "-o", verdicts)
    assert done.status == 0, done.output
    ids = [json.loads(line)["id"] for line in verdicts.read_text().splitlines()]
    assert ids == ["p0", "p1", "p2"]
    return done.output


@pytest.mark.parametrize(
    ("damage", "again"),
    [
        (lambda content: content[:-7], 1),  # cut off within the last line
        (lambda content: content.replace(b'"p1"', b'"p1\x00', 1), 1),  # no JSON any more
        (lambda content: b"".join(content.splitlines(keepends=True)[:1]), 2),  # cut off between lines
    ],
)
def test_damaged_verdicts_are_judged_again(
    verdicts: Path, damage: Callable[[bytes], bytes], again: int
) -> None:
    verdicts.write_bytes(damage(verdicts.read_bytes()))
    assert f"{again} judged, {3 - again} kept from before" in judged_again(verdicts)


def test_two_runs_of_tune_in_one_folder(tmp_path: Path) -> None:
    """As of every command: the second ends at once, and says that it may be run again (status 4)."""
    case, out = durability.tuning(tmp_path), tmp_path / "out"
    with files.locked(out / ".lock"):
        done = run(*case.words(out))
    assert done.status == 4, done.output
    assert f"{out}: another process is writing it; wait for it" in done.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_read_only_folder(verdicts: Path) -> None:
    folder = verdicts.parent / "closed"
    folder.mkdir(mode=0o555)
    done = run("judge", verdicts.with_name("programs.jsonl"), "-o", folder / "v.jsonl")
    assert (done.status, str(folder / "v.jsonl") in done.output) == (2, True)


def test_a_full_disk_is_an_error_and_the_next_run_continues(verdicts: Path) -> None:
    """/dev/full fails as a full disk does; a limit of file sizes stops within a line."""
    programs = verdicts.with_name("programs.jsonl")
    size = verdicts.stat().st_size
    out = verdicts.with_name("small.jsonl")

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    command: list[str | Path] = [
        CROSSTUNE,
        "judge",
        programs,
        "-o",
        out,
        "--sandbox",
        "none",
        "--isolation",
        "shared",
    ]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert f"{out}: cannot be written" in done.stderr
    again = run(*command[1:])
    assert again.status == 0, again.output
    assert len(out.read_text().splitlines()) == 3
