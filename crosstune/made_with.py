"""What an output was made with, as plain values: recorded beside it, compared before it is continued.

A file or folder counts by its contents, not by its name: a moved model is the same model, and another one in
its place is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

CONTENTS = "contents"
"""The key of a record under which it has the digests of the files and folders that it names elsewhere, by
the names of these settings: ``{"model": "./m", "contents": {"model": "9f86d0…"}}``."""
Record = Mapping[str, Any]


def differences(earlier: Record, now: Record) -> list[str]:
    """``decoding.max_new_tokens: 512, now 1024`` for each setting that differs; empty if none does.

    Contents that only one of the records has are not compared.
    """
    return list(_differences(earlier, now))


def identity(record: Record) -> str:
    """SHA-256 (hex) of a record, in which contents replace names."""
    settings = _settings(record) | dict(record.get(CONTENTS, {}))
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _differences(earlier: Record, now: Record) -> Iterator[str]:
    before, after = _settings(earlier), _settings(now)
    known, found = earlier.get(CONTENTS, {}), now.get(CONTENTS, {})
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        compared = name in known and name in found
        if compared and known[name] == found[name]:
            continue
        if json.dumps(one) != json.dumps(other):
            yield f"{name}: {one}, now {other}"
        elif compared:
            yield f"{name}: {one} has other contents now"


def _settings(record: Record) -> dict[str, Any]:
    """All settings by their dotted names."""
    return dict(_flat({name: value for name, value in record.items() if name != CONTENTS}))


def _flat(value: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        name = f"{section}.{key}" if section else key
        if isinstance(each, Mapping) and each:
            yield from _flat(each, name)
        else:
            yield name, each
