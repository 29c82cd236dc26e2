"""One of N shards: which inputs are its own, and where its output goes."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from crosstune.errors import UsageError

T = TypeVar("T")
P = TypeVar("P", bound=PurePath)

INDEX_VARIABLES = ("SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX")
"""Set in the tasks of a Slurm array, and in the pods of an indexed job of Kubernetes."""
MOST = 99_999
_EXPECTED = "expected I/N, the shard's number from 0 to N-1 and how many there are, or env/N"


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard ``index`` of ``count``, counted from 0. It has every ``count``-th input, from ``index`` on."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def of(self, inputs: Iterable[T]) -> Iterator[T]:
        """This shard's inputs, in their order."""
        return itertools.islice(inputs, self.index, None, self.count)

    def path(self, out: P) -> P:
        """Where this shard writes what all of them write to ``out``: NAME-00003-of-00008.SUFFIX."""
        if self.count == 1:
            return out
        return out.with_name(f"{out.stem}-{self.index:05}-of-{self.count:05}{out.suffix}")


WHOLE = Shard(0, 1)
"""All inputs."""


def parse_shard(text: str, environment: Mapping[str, str] = os.environ) -> Shard:
    """The shard in ``I/N``; with ``env/N``, its number is what Slurm or Kubernetes has set.

    N is never taken from the environment: when some tasks of an array are submitted again, Slurm gives the
    number of these.

    Raises:
        UsageError: it is not a shard, or the environment has no number, or two.
    """
    match = re.fullmatch(r"(env|\d+)/(\d+)", text.strip())
    if not match:
        raise UsageError(f"--shard {text}: {_EXPECTED}")
    count = int(match[2])
    index = _index_in(environment, text) if match[1] == "env" else int(match[1])
    if not 1 <= count <= MOST:
        raise UsageError(f"--shard {text}: expected at least 1 and at most {MOST} shards")
    if index >= count:
        raise UsageError(f"--shard {text}: there is no shard {index}: {count} shards are 0 to {count - 1}")
    return Shard(index, count)


def _index_in(environment: Mapping[str, str], text: str) -> int:
    found = {name: environment[name] for name in INDEX_VARIABLES if environment.get(name)}
    if not found:
        raise UsageError(f"--shard {text}: neither {' nor '.join(INDEX_VARIABLES)} is set; give I/N")
    if len(set(found.values())) > 1:
        given = " and ".join(f"{name}={value}" for name, value in found.items())
        raise UsageError(f"--shard {text}: {given} differ; give I/N")
    name, value = next(iter(found.items()))
    if not re.fullmatch(r"\d+", value):
        raise UsageError(f"--shard {text}: {name} is {value!r}, expected a number from 0 on")
    return int(value)
