"""Small whole programs in every language that can have cases, by language; see `WHOLE_PROGRAMS`."""

from __future__ import annotations

from tests.languages.cases import cases, judged, kinds_of
from tests.languages.kinds import WHOLE_PROGRAMS


def _by_language(kind: str) -> dict[str, str]:
    assert kind in WHOLE_PROGRAMS
    return {name: cases(name).by_name[kind].candidate for name in judged() if kind in kinds_of(name)}


SUMS = _by_language("whole_sum")
BROKEN = _by_language("whole_compile_error")
CRASHES = _by_language("whole_crash")
COUNTS_BYTES = _by_language("whole_byte_count")
