"""What an output was made with, compared before it is continued."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.made_with import differences, identity

RECORD = {"model": "./m", "decoding": {"seed": 0, "stops": []}, "contents": {"model": "aa"}}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, []),
        ({"model": "/moved/m"}, []),
        ({"contents": {"model": "bb"}}, ["model: ./m has other contents now"]),
        ({"model": "n", "contents": {"model": "bb"}}, ["model: ./m, now n"]),
        ({"model": "n", "contents": {}}, ["model: ./m, now n"]),
        ({"contents": {}}, []),
        ({"decoding": {"seed": 1, "stops": []}}, ["decoding.seed: 0, now 1"]),
        ({"decoding": {"seed": 0, "stops": ["x"]}}, ["decoding.stops: [], now ['x']"]),
        ({"prompt": "chat"}, ["prompt: None, now chat"]),
    ],
)
def test_differences_are_named(now: dict[str, Any], expected: list[str]) -> None:
    assert differences(RECORD, RECORD | now) == expected


def test_identity_is_of_contents() -> None:
    assert identity(RECORD) == identity(RECORD | {"model": "/moved/m"})
    assert identity(RECORD) != identity(RECORD | {"contents": {"model": "bb"}})
    assert identity(RECORD) != identity(RECORD | {"decoding": {"seed": 1}})
