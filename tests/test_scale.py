"""The simulation of many workers (`bench.scale`), with tasks whose times are given."""

from __future__ import annotations

import random

import pytest

from bench.scale import MODELS, PROBLEMS, duration, judging, mining, queue, repositories
from bench.scale_tasks import Clone, JudgeTasks, MineTasks


def test_a_queue_gives_the_next_task_to_whoever_is_free() -> None:
    assert queue([3, 1, 1, 1, 2], 2) == 5  # 3 + 2, and meanwhile 1 + 1 + 1
    assert queue([3, 1, 1, 1], 100) == 3
    assert queue([3, 1, 1, 1], 1) == 6


def test_judging_in_shards() -> None:
    tasks = JudgeTasks({"c": [1.0], "go": [2.0]}, {"c": 4.0, "go": 5.0}, start=1.0, read=0.001, merge=0.01)
    count = 2 * MODELS * PROBLEMS
    one, two, many = (judging(tasks, workers, random.Random(0)) for workers in (1, 2, 1000))
    assert one.seconds == pytest.approx(10 + 0.011 * count + 3 * count / 2)
    assert two.seconds == pytest.approx(10 + 0.011 * count + 3 * count / 4)
    assert (one.longest, many.longest) == ("programs", "merge")


def test_mining_waits_for_the_largest_repository() -> None:
    tasks = MineTasks([Clone("a", 50, 100, 1.0)], start=1.0, repository=0.5, merge=0.001, memory=2.0)
    sizes = [*[100.0] * 9, 1000.0]  # 1.5 seconds each, and 10.5
    shards, together = mining(tasks, sizes, workers=2, gbit=1e9)
    assert shards.seconds == together.seconds == pytest.approx(1 + 4 * 1.5 + 10.5 + 1.9)
    assert together.parts["waiting for the last one"] == pytest.approx(16.5 - 12)
    first, even = mining(tasks, [1000.0, *sizes[:-1]], workers=2, gbit=1e9)
    assert first.seconds == pytest.approx(1 + 16.5 + 1.9)
    assert even.seconds == pytest.approx(1 + 12 + 1.9)
    slow, returned = mining(tasks, sizes, workers=2, gbit=76e-9)  # 950 bytes of clones at 9.5 bytes a second
    assert slow.longest == "clones"
    assert slow.seconds == pytest.approx(1 + 100 + 1.9)
    assert returned.longest == "rows"
    assert returned.parts["rows"] == pytest.approx(200)


def test_sizes_of_repositories() -> None:
    sizes = sorted(repositories(10_000, 1e6, 2.0, random.Random(0)))
    assert sum(sizes) == pytest.approx(1e6)
    assert sum(sizes[-100:]) > 0.3 * 1e6  # a hundredth has far more than its share


def test_durations() -> None:
    assert [duration(each) for each in (0.25, 12, 90, 5400)] == ["0.25 s", "12 s", "1.5 min", "1.5 h"]
