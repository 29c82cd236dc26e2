"""Sample a fixed number of examples, ranked by a hash: the result does not depend on their order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from crosstune.errors import DataError
from crosstune.files import text_digest
from crosstune.records import Example


def sample(examples: Iterable[Example], count: int, seed: int, wanted: str) -> list[Example]:
    """The ``count`` examples with the lowest hashes of seed and id; a larger sample contains a smaller one.

    Raises:
        DataError: there are fewer examples; ``wanted`` describes the sample in the message.
    """
    lowest = heapq.nsmallest(count, examples, key=lambda example: text_digest(f"{seed}:{example.id}"))
    if len(lowest) < count:
        raise DataError(f"{wanted} are required, but only {len(lowest)} are available")
    return lowest
