"""`crosstune tune`, from a corpus and a base to a model."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crosstune.cli._main import app
from crosstune.errors import CrosstuneError
from crosstune.tuning._job import Job
from tests.shared import ROOT
from tests.tuning import families

ROWS = [{"prompt": f"Add {number}.", "completion": f"x + {number}"} for number in range(11)]
FAST = ["--set", "max_length=64", "--set", "learning_rate=0.001", "--set", "save_steps=2"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return families.make("qwen2", tmp_path_factory.mktemp("bases") / "qwen2")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def tune(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["tune", *map(str, arguments)])


def options(rows: Path, base: str | Path, *more: str | Path) -> list[str | Path]:
    return ["--corpus", rows, "--base", base, *FAST, *more]


def test_model_is_trained_once(rows: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = tune("sft", *options(rows, base, "-o", out, "--set", "epochs=2"))
    assert done.exit_code == 0, done.output
    steps = [json.loads(line)["step"] for line in (out / "losses.jsonl").read_text().splitlines()]
    assert steps == [1, 2, 3]  # 2 epochs of 11 rows in batches of 8
    assert {"model", "losses.jsonl", "check.json", "tuning.json"} == {path.name for path in out.iterdir()}
    written = (out / "model" / "model.safetensors").stat().st_mtime_ns

    again = tune("sft", *options(rows, base, "-o", out, "--set", "epochs=2"))
    assert (again.exit_code, "(nothing new)" in again.output) == (0, True)
    assert written == (out / "model" / "model.safetensors").stat().st_mtime_ns
    other = tune("sft", *options(rows, base, "-o", out, "--set", "epochs=3"))
    assert "has the model of another training (recipe.epochs: 2" in str(other.exception)


@pytest.fixture
def unfinished(rows: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the checkpoints of a training that was stopped before its model was written."""
    from crosstune.tuning import _train

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    shutil.copytree(base, tmp_path / "base")
    with monkeypatch.context() as patched:
        patched.setattr(_train, "_write_model", stop)
        tune("sft", *options(rows, tmp_path / "base", "-o", tmp_path / "out", "--set", "steps=4"))
    assert checkpoints(tmp_path / "out") == {"checkpoint-2", "checkpoint-4"}
    return tmp_path / "out"


def checkpoints(out: Path) -> set[str]:
    return {path.name for path in (out / ".work").glob("checkpoint-*")}


@pytest.mark.parametrize(
    ("more", "change"),
    [
        (("--set", "learning_rate=0.002"), "recipe.learning_rate: 0.001, now 0.002"),
        (("--set", "steps=5"), "recipe.steps: 4, now 5"),
        (("--seed", "1"), "seed: 0, now 1"),
        (("--prompt", "plain"), "prompt: chat, now plain"),
    ],
)
def test_another_training_leaves_checkpoints(
    rows: Path, unfinished: Path, more: tuple[str, str], change: str
) -> None:
    given = options(rows, unfinished.parent / "base", "-o", unfinished, "--set", "steps=4", *more)
    assert f"{unfinished}: has checkpoints of another training ({change}" in str(
        tune("sft", *given).exception
    )
    assert checkpoints(unfinished) == {"checkpoint-2", "checkpoint-4"}


def test_other_rows_or_weights_leave_checkpoints(rows: Path, unfinished: Path) -> None:
    base = unfinished.parent / "base"
    given = options(rows, base, "-o", unfinished, "--set", "steps=4")
    text, config = rows.read_text(), (base / "config.json").read_text()
    rows.write_text(text.replace("x + 3", "x + 4"))
    assert "corpus: 11 rows has other contents now" in str(tune("sft", *given).exception)
    rows.write_text(text)
    (base / "config.json").write_text(config.replace("1e-06", "1e-05"))
    assert f"base: {base} has other contents now" in str(tune("sft", *given).exception)
    assert checkpoints(unfinished) == {"checkpoint-2", "checkpoint-4"}


def test_a_moved_base_and_other_checkpoints_continue(
    rows: Path, unfinished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosstune.tuning import _train

    moved = (unfinished.parent / "base").rename(unfinished.parent / "elsewhere")
    resumed: list[Path | None] = []
    trained = _train._trained

    def watched(job: Job, *rest: Any) -> Any:
        resumed.append(job.resume)
        return trained(job, *rest)

    monkeypatch.setattr(_train, "_trained", watched)
    given = options(rows, f"{moved}/", "-o", unfinished, "--set", "steps=4", "--set", "save_steps=1")
    done = tune("sft", *given)
    assert done.exit_code == 0, done.output
    assert [path and path.name for path in resumed] == ["checkpoint-4"]


@pytest.mark.slow
def test_killed_command_goes_on_with_the_same_result(rows: Path, base: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from crosstune.cli import main; main()",
        "tune",
        "lora",
        *map(str, options(rows, base)),
    ]
    command = [*command, "--set", "steps=8", "-o"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    killed = subprocess.Popen(
        [*command, str(tmp_path / "killed")], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    while killed.poll() is None and not (tmp_path / "killed/.work/checkpoint-4/whole-0").exists():
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    for name in ("killed", "whole"):
        subprocess.run(
            [*command, str(tmp_path / name)], cwd=ROOT, env=environment, check=True, capture_output=True
        )
    one, other = (tmp_path / name / "model" / "model.safetensors" for name in ("killed", "whole"))
    assert one.read_bytes() == other.read_bytes()
    assert (tmp_path / "killed/losses.jsonl").read_text() == (tmp_path / "whole/losses.jsonl").read_text()


def test_dry_run_prints_what_it_takes_and_writes_nothing(rows: Path, base: Path, tmp_path: Path) -> None:
    done = tune("lora", *options(rows, base, "--dry-run"))
    assert done.exit_code == 0, done.output
    for word in ("weights", "gradients", "optimizer", "activations", "total", "padding", "tokens", "time"):
        assert f"{word} " in done.output
    assert [rows] == [path for path in tmp_path.iterdir() if path.name != "base"]


def test_dry_run_of_what_cannot_fit_is_refused(
    rows: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosstune import hardware

    monkeypatch.setattr(hardware, "memory_bytes", lambda: hardware.GIB)
    done = tune("sft", *options(rows, base, "--dry-run"))
    assert isinstance(done.exception, CrosstuneError)
    assert done.exception.exit_status == 3
    assert str(done.exception).startswith("the training does not fit into memory: it needs 1.0")
    assert "not measured" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sft"], "the recipe sft tunes a base: give --base MODEL"),
        (["sft", "--base", "./none"], "the model in the folder ./none is missing: put a saved model there"),
        (["sft", "--base", "BASE"], "no folder for the model: give -o DIR"),
        (["tiny-base", "--base", "BASE"], "the recipe tiny-base makes a new model; leave out --base"),
        (["sff", "--base", "BASE"], "unknown recipe 'sff'.*did you mean 'sft'"),
        (
            ["sft", "--base", "BASE", "--set", "epocs=1"],
            "changes to the recipe sft: epocs: unknown key.*'epochs'",
        ),
        (["sft", "--base", "BASE", "--set", "steps=0"], "changes to the recipe sft: steps: .*greater than 0"),
        (
            ["lora", "--base", "BASE", "--set", "lora.rnk=1"],
            "lora.rnk: unknown key; known: .*did you mean 'rank'",
        ),
        (["sft", "--base", "some/model"], "a base on the Hub needs --prompt"),
        (["sft", "--base", "BASE", "--prompt", "chatt", "-o", "OUT"], "unknown prompt template 'chatt'"),
        (["qlora", "--base", "BASE", "-o", "OUT"], "a GPU with"),
    ],
)
def test_wrong_options_are_named(
    arguments: list[str], message: str, rows: Path, base: Path, tmp_path: Path
) -> None:
    import re

    places = {"BASE": str(base), "OUT": str(tmp_path / "out")}
    done = tune(*(places.get(each, each) for each in arguments), "--corpus", rows)
    assert isinstance(done.exception, CrosstuneError), done.output
    assert re.search(message, str(done.exception))


def test_preference_rows_are_learned(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    pairs = [each | {"provenance": {"rejected": "no"}} for each in ROWS]
    path.write_text("".join(json.dumps(row) + "\n" for row in pairs))
    done = tune("dpo", *options(path, base, "-o", tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "out" / "losses.jsonl").read_text().splitlines()[0])[
        "loss"
    ] == pytest.approx(0.6931, abs=1e-3)
