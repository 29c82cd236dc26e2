"""JSON lines with a checksum each, so that a line that a disk or a crash has changed is noticed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

_CHECK = re.compile(rb', "check": "([0-9a-f]{16})"\}\n$')
"""The end of a line: the first 64 bits of the SHA-256 of everything before it."""


def encode(row: Mapping[str, Any]) -> bytes:
    """``row``, which is not empty, as one line that ends with its checksum; lone surrogates are allowed."""
    content = json.dumps(row, ensure_ascii=False).encode(errors="surrogatepass")[:-1]
    return b'%b, "check": "%b"}\n' % (content, checksum(content).encode())


def decode(line: bytes) -> dict[str, Any] | None:
    """The row in a line, without the checksum; None if the line is damaged or holds no object.

    A line without a checksum, of an earlier version, is accepted; its caller has to check the fields' names,
    one of which may be a damaged ``check``.
    """
    found = _CHECK.search(line)
    if found and found[1].decode() != checksum(line[: found.start()]):
        return None
    try:
        row = json.loads(line.decode(errors="surrogatepass"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or ("check" in row) != bool(found):
        return None
    row.pop("check", None)
    return row


def checksum(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]
