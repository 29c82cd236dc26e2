"""A server and an empty bucket; each test is a machine of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage_server import KEYS, client, s3_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    pytest.importorskip("s3fs", reason="the extra storage is not installed")
    pytest.importorskip("moto", reason="moto is not installed; make setup installs it")
    with s3_server() as url:
        yield url


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The URL of a server with the empty bucket ``bucket``, which the environment names."""
    import fsspec

    s3 = client(server)
    s3.create_bucket(Bucket="bucket")
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": server}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "machine"))
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield server
    for each in s3.list_objects_v2(Bucket="bucket").get("Contents", ()):
        s3.delete_object(Bucket="bucket", Key=each["Key"])
    s3.delete_bucket(Bucket="bucket")
