"""Generation on a cluster of several nodes on this machine, one of which is killed while it answers."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from crosstune.cluster import connected, on_cluster
from crosstune.errors import PrerequisiteError
from crosstune.generation import BACK_ENDS, Decoding
from crosstune.generation.transformers import Options
from tests.cli.in_process import run
from tests.cli.test_generate import ASKED, PROBLEMS, solve
from tests.cluster.marks import DEADLINE_SECONDS, RAY_MARKS, kill_a_node
from tests.generation.conftest import tiny_model
from tests.generation.parts import completions, problem
from tests.generation.parts import run as generate
from tests.scripted_server import Action, RequestBody, scripted

pytest.importorskip("ray", reason="Ray is not installed; make check-cluster installs it")

__all__ = ["tiny_model"]
pytestmark = RAY_MARKS


def test_a_node_is_killed_while_it_answers(cluster: Any, tmp_path: Path) -> None:
    """The node's server never answers some requests; it is killed, and the other node asks them again."""
    hold = threading.Event()

    def act(body: RequestBody, number: int) -> Action:
        if number < 2:  # one of each node
            assert hold.wait(DEADLINE_SECONDS)
        return solve(body)

    with scripted(act) as server:
        asked = ("-m", "m", "--server", server.url, *ASKED, "--samples", "3", "--batch-size", "1")
        done: list[Any] = []
        out = tmp_path / "answers.jsonl"
        words = ("generate", *asked, "-o", out, "--on", "ray")
        command = threading.Thread(target=lambda: done.append(run(*words)))
        command.start()
        with server.changed:
            assert server.changed.wait_for(lambda: server.most_open == 2, DEADLINE_SECONDS)
        kill_a_node(cluster)
        hold.set()
        command.join(DEADLINE_SECONDS)
        assert done[0].status == 0, done[0].output
        count = len(server.bodies)
        assert count >= 3 * len(PROBLEMS) + 1  # the killed node's was asked again
        here = run("generate", *asked, "-o", tmp_path / "here.jsonl")
        assert here.status == 0, here.output
        again = run("generate", *asked, "-o", out)
        assert (again.status, len(server.bodies)) == (0, count + 3 * len(PROBLEMS))
    assert out.read_bytes() == (tmp_path / "here.jsonl").read_bytes()
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["problem"], row["sample"]) for row in rows] == [
        (each.id, sample) for each in PROBLEMS for sample in range(3)
    ]


@pytest.mark.usefixtures("one_node")
def test_a_model_on_a_node_answers_as_here(tiny_model: Path, tmp_path: Path) -> None:
    special = problem(8, instruction="What is <eos> here?")
    problems = [*(problem(number) for number in range(7)), special]
    back_end = BACK_ENDS.load("transformers")
    options: dict[str, Any] = {
        "model": str(tiny_model),
        "options": Options(batching="fixed", device="cpu", dtype="float32"),
        "decoding": Decoding(max_new_tokens=6, batch_size=16),
    }
    here = generate(tmp_path / "here", problems, back_end, **options)
    with connected("ray") as ray:
        there = generate(tmp_path / "there", problems, on_cluster(ray, back_end), **options)
    assert completions(tmp_path / "there") == completions(tmp_path / "here")
    described = [each.pop("computed_with") for each in (here, there)]
    assert here == there
    assert described[1][0]["device"] == "cpu"


@pytest.mark.usefixtures("one_node")
def test_nodes_without_the_model_are_not_used(tiny_model: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    back_end = BACK_ENDS.load("transformers")
    with (
        connected("ray") as ray,
        pytest.raises(PrerequisiteError, match="no node of the cluster .*gone is missing"),
    ):
        generate(tmp_path / "a", [problem(1)], on_cluster(ray, back_end), model=str(gone))
    other = dataclasses.replace(back_end, name="transformers")
    (tiny_model / "generation_config.json").touch()
    with connected("ray") as ray, pytest.raises(PrerequisiteError, match="no node of the cluster .* GPU"):
        generate(
            tmp_path / "b",
            [problem(1)],
            on_cluster(ray, other),
            model=str(tiny_model),
            options=Options(device="cuda"),
        )


def test_by_a_client(client: str, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    with scripted(solve) as server:
        done = run("generate", "-m", "m", "--server", server.url, *ASKED, "-o", out, "--on", client)
        assert (done.status, len(server.bodies)) == (0, len(PROBLEMS)), done.output
    programs = tmp_path / "programs.jsonl"
    row = {
        "id": "a",
        "language": "python",
        "candidate": "def f():\n    return 1\n",
        "tests": "assert f() == 1",
    }
    programs.write_text(json.dumps(row) + "\n")
    judged = run("judge", programs, "-o", tmp_path / "verdicts.jsonl", "--on", client)
    assert judged.status == 0, judged.output
    assert json.loads((tmp_path / "verdicts.jsonl").read_text())["verdict"] == "passed"
