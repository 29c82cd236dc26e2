"""Connecting to a cluster whose services are not all ready."""

from __future__ import annotations

import time
from typing import Any

import pytest

from crosstune.cluster import _connection


class Ray:
    """Fails to connect with these errors, one after another."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.tried = list(errors), 0

    def init(self, **_: Any) -> None:
        self.tried += 1
        if self.errors:
            raise self.errors.pop(0)

    def shutdown(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def test_what_is_not_ready_is_tried_again() -> None:
    ray = Ray(AssertionError(), ConnectionAbortedError("Initialization failure from server"))
    _connection._connect(ray, "auto")
    assert ray.tried == 3


def test_after_some_tries_the_error_is_raised() -> None:
    ray = Ray(*[AssertionError()] * 9)
    with pytest.raises(AssertionError):
        _connection._connect(ray, "auto")
    assert ray.tried == _connection._TRIES


def test_a_cluster_that_does_not_exist_is_not_waited_for() -> None:
    ray = Ray(ConnectionError("no cluster"))
    with pytest.raises(ConnectionError, match="no cluster"):
        _connection._connect(ray, "auto")
    assert ray.tried == 1
