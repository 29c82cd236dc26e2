"""A line that was changed anywhere is noticed, or still means the same."""

from __future__ import annotations

import json

import pytest

from crosstune.checked_lines import decode, encode

ROW = {"key": "k1", "answer": {"text": "x = 1 # ü\ud800", "finish_reason": "stop"}}
LINE = encode(ROW)


def test_a_row_comes_back() -> None:
    assert decode(LINE) == ROW
    assert set(json.loads(LINE.decode(errors="surrogatepass"))) == {"key", "answer", "check"}


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit(bit: int) -> None:
    """One in the name ``check`` makes it another field, which callers refuse; one in the newline tears the
    line."""
    for position in range(len(LINE) - 1):
        changed = bytearray(LINE)
        changed[position] ^= 1 << bit
        found = decode(bytes(changed))
        assert found is None or (set(found) - set(ROW) and found.items() > ROW.items()), changed


def test_lines_of_earlier_versions() -> None:
    assert decode(json.dumps({"key": "k"}).encode() + b"\n") == {"key": "k"}
    assert decode(b"[1]\n") is None
    assert decode(b"{\n") is None
