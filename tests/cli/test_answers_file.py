"""What `crosstune generate` and `eval` continue, and what they refuse to mix."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from tests.cli import in_process
from tests.cli.in_process import Done
from tests.scripted_server import RequestBody, reply_with, scripted
from tests.tuning import families

ASKED = ("-b", "exercises", "--languages", "python", "--limit", "2", "--max-new-tokens", "4")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with the answers that it has given; tests use copies."""
    folder = tmp_path_factory.mktemp("answered")
    families.make("qwen2", folder / "model")
    assert generate(folder, "-m", folder / "model").status == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


def generate(folder: Path, *more: str | Path, command: str = "generate") -> Done:
    return in_process.run(command, *ASKED, "-o", folder / "answers.jsonl", *more)


def answers(folder: Path) -> list[str]:
    return [json.loads(line)["answer"] for line in (folder / "answers.jsonl").read_text().splitlines()]


def journal(folder: Path) -> bytes:
    return (folder / ".answers.jsonl.work/answers-1.jsonl").read_bytes()


def replace_weights(model: Path) -> None:
    """As after another training: the same names and sizes."""
    from safetensors.torch import load_file, save_file

    path = model / "model.safetensors"
    save_file({name: -value for name, value in load_file(path).items()}, path, metadata={"format": "pt"})


def edit(name: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(model: Path) -> None:
        value = json.loads((model / name).read_text())
        change(value)
        (model / name).write_text(json.dumps(value))

    return apply


@pytest.mark.parametrize(
    "change",
    [
        replace_weights,
        edit("generation_config.json", lambda value: value.update(eos_token_id=5)),
        edit("config.json", lambda value: value.update(rms_norm_eps=0.1)),
        lambda model: (model / "chat_template.jinja").write_text("{{ messages[0].content }}"),
    ],
)
def test_another_model_in_its_place_is_refused(folder: Path, change: Callable[[Path], None]) -> None:
    assert generate(folder, "-m", folder / "model").status == 0  # moved, so the same
    before = journal(folder), answers(folder)
    change(folder / "model")
    done = generate(folder, "-m", folder / "model")
    assert (done.status, f"model: {folder / 'model'} has other contents now" in done.output) == (2, True)
    assert before == (journal(folder), answers(folder))


def test_replaced_answers_are_of_the_new_model_and_the_old_ones_come_back(folder: Path) -> None:
    shutil.copytree(folder / "model", folder / "other")
    replace_weights(folder / "other")
    first, kept = answers(folder), journal(folder)
    assert generate(folder, "-m", folder / "other", "--replace").status == 0
    assert answers(folder) != first
    assert generate(folder, "-m", folder / "model", "--replace").status == 0
    assert (answers(folder), journal(folder)) == (first, kept)


def moved(folder: Path) -> Path:
    return (folder / "model").rename(folder / "elsewhere")


def copied_with_a_card(folder: Path) -> Path:
    shutil.copytree(folder / "model", folder / "copy", copy_function=shutil.copyfile)
    (folder / "copy" / "README.md").write_text("A card.")
    (folder / "copy" / ".cache").mkdir()
    return folder / "copy"


@pytest.mark.parametrize(
    "where",
    [moved, copied_with_a_card, lambda folder: f"{folder}/model/", lambda folder: f"{folder}/./model"],
)
def test_the_same_model_elsewhere_continues(folder: Path, where: Callable[[Path], str | Path]) -> None:
    before = journal(folder)
    done = generate(folder, "-m", where(folder), "--batch-size", "1")
    assert done.status == 0, done.output
    assert before == journal(folder)


@pytest.mark.parametrize(
    ("more", "change"),
    [
        (("--seed", "3"), "decoding.seed: 0, now 3"),
        (("--temperature", "0.5"), "decoding.temperature: 0.0, now 0.5"),
        (("--system", "Be brief."), "decoding.system: None, now Be brief."),
        (("--prompt", "plain"), "prompt: chat, now plain"),
        (("--set", "dtype=bfloat16"), "options.dtype: auto, now bfloat16"),
    ],
)
def test_other_settings_are_named(folder: Path, more: tuple[str, ...], change: str) -> None:
    before = journal(folder)
    done = generate(folder, "-m", folder / "model", *more)
    assert (done.status, change in done.output) == (2, True), done.output
    assert before == journal(folder)


def test_a_changed_file_of_answers_is_not_what_was_replayed(tmp_path: Path) -> None:
    exercises = BENCHMARKS.load("exercises")
    problems = exercises.problems(exercises.settings(), "python", "synthesize")[:2]
    file = tmp_path / "samples.jsonl"

    def write(text: str) -> None:
        rows = [{"task_id": each.id, "solution": text} for each in problems]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))

    write("x = 1\n")
    assert generate(tmp_path, "--replay", file).status == 0
    write("x = 2\n")
    done = generate(tmp_path, "--replay", file)
    assert (done.status, "has other contents now" in done.output) == (2, True), done.output
    assert generate(tmp_path, "--replay", file, "--replace").status == 0
    assert answers(tmp_path) == ["x = 2\n"] * 2


def test_another_number_of_requests_in_flight_asks_nothing_again(tmp_path: Path) -> None:
    def act(_body: RequestBody, _number: int) -> Any:
        return reply_with("x = 1")

    with scripted(act) as server:
        assert generate(tmp_path, "-m", "m", "--server", server.url).status == 0
        assert generate(tmp_path, "-m", "m", "--server", server.url, "--batch-size", "2").status == 0
        assert len(server.bodies) == 2
        other = generate(tmp_path, "-m", "n", "--server", server.url)
        assert (other.status, "model: m, now n" in other.output) == (2, True)
        assert generate(tmp_path, "-m", "n", "--server", server.url, "--replace").status == 0
        assert [body["model"] for body in server.bodies] == ["m", "m", "n", "n"]


def test_answers_of_an_unknown_origin_are_refused(folder: Path) -> None:
    record = folder / ".answers.jsonl.work/made-with.json"
    record.write_text("{")
    done = generate(folder, "-m", folder / "model")
    assert (done.status, "not known how it was made" in done.output) == (2, True)
