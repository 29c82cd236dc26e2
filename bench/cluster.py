"""What judging on a cluster of Ray costs beyond judging, in CPU time.

    python -m bench.cluster --programs 120 --seconds 0.3

The same programs are judged by a judge in this process, then by a node of a cluster on this machine, in
batches of `crosstune.cluster._judge.BATCH_SECONDS`. Overhead is the CPU time of the process that asks and of
the node's judge, less that of the judge here, as a share of the CPU time of the programs. Ray's own daemons
are not in it. What both use while nothing is judged (Ray's heartbeats) depends on the time that the programs
take, so it is measured first, and the overhead is printed with it and without it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence

from crosstune.cluster import ClusterJudge, connected
from crosstune.execution import Judge
from crosstune.execution._stream import TakesPrograms
from crosstune.records import Program

_BUSY = """\
import time
def one():
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return {number}
"""


def programs(count: int, seconds: float) -> list[Program]:
    return [
        Program(f"p{n}", "python", _BUSY.format(seconds=seconds, number=n), f"assert one() == {n}")
        for n in range(count)
    ]


def judged(judge: TakesPrograms, given: Sequence[Program]) -> tuple[float, float]:
    """The CPU seconds of this process, and of the programs."""
    began = time.process_time()
    verdicts = [future.result() for future in [judge.submit(program) for program in given]]
    assert {str(verdict.status) for verdict in verdicts} == {"passed"}
    return time.process_time() - began, sum(verdict.cpu_seconds for verdict in verdicts)


IDLE_SECONDS = 20.0


def idle(judge: ClusterJudge) -> float:
    """The CPU seconds that this process and the node's judge use per second in which nothing is judged."""
    began, before = time.process_time(), actor_seconds(judge)
    time.sleep(IDLE_SECONDS)
    return (time.process_time() - began + actor_seconds(judge) - before) / IDLE_SECONDS


def actor_seconds(judge: ClusterJudge) -> float:
    """The CPU seconds that the judges of all nodes have used themselves."""
    ray = judge._ray  # noqa: SLF001 (a measurement from outside)
    refs = [node.actor.cpu_seconds.remote() for node in judge._nodes.values()]  # noqa: SLF001
    return float(sum(ray.get(refs)))


@contextlib.contextmanager
def one_node(cores: int) -> Iterator[None]:
    from ray.cluster_utils import Cluster  # noqa: PLC0415 (an extra)

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": cores, "include_dashboard": False})
    os.environ["RAY_ADDRESS"] = made.address
    yield
    made.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.cluster", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--programs", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds of each program")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    given, first = programs(options.programs, options.seconds), programs(2 * options.cores, 0)
    with Judge(options.cores) as judge:
        judged(judge, first)  # starts the sandboxes
        here, work = judged(judge, given)
    with one_node(options.cores), connected("ray") as ray, ClusterJudge(ray) as cluster:
        judged(cluster, first)
        rate = idle(cluster)
        before, began = actor_seconds(cluster), time.monotonic()
        asking, there = judged(cluster, given)
        wall = time.monotonic() - began
        node = actor_seconds(cluster) - before
    print(f"here:    {here:.2f} s for {work:.1f} s of programs")
    print(f"cluster: {asking:.2f} s asking and {node:.2f} s on the node, for {there:.1f} s of programs")
    print(f"overhead: {100 * (asking + node - here) / there:.1f} % in {wall:.0f} s")
    print(f"without what it takes to do nothing ({1000 * rate:.1f} ms a second): ", end="")
    print(f"{100 * (asking + node - here - rate * wall) / there:.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
