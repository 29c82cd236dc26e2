"""Which language a file is in, as Linguist says: by its name, and where several share it by its text.

The data are Linguist's own (``data/linguist.json``, under the licence beside it). Its last resort, a
classifier trained on samples, is not here: what neither name nor rules tell stays open, but where just one
of the languages is a popular one.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

READ_CHARACTERS = 50_000
"""How much of a file Linguist's rules look at."""


@dataclass(frozen=True)
class Linguist:
    """``by_name`` is base names and endings (in small letters) to the languages that claim them."""

    by_name: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Sequence[Mapping[str, Any]]]
    patterns: Mapping[str, Sequence[str]]
    popular: frozenset[str]

    def candidates(self, path: str) -> tuple[str, ...]:
        """The languages that claim the base name, or else its longest known ending."""
        name = path.rpartition("/")[2]
        return self.by_name.get(f"/{name}") or self.by_name.get(_ending(name, self.by_name), ())

    def decide(self, path: str, text: str) -> str:
        """One language, or empty where its text does not tell."""
        found = self.candidates(path)
        if len(found) <= 1:
            return "".join(found)
        name, text = path.rpartition("/")[2], text[:READ_CHARACTERS]
        for rule in self.rules.get(_ending(name, self.rules), ()):
            if self._fits(rule, text):
                names = rule["language"]
                told = [names] if isinstance(names, str) else names
                return next((each for each in told if each in found), "")
        known = [each for each in found if each in self.popular]
        return known[0] if len(known) == 1 else ""

    def _fits(self, rule: Mapping[str, Any], text: str) -> bool:
        if "and" in rule:
            return all(self._fits(part, text) for part in rule["and"])
        if "named_pattern" in rule:
            return _found(self.patterns[rule["named_pattern"]], text)
        if "pattern" in rule:
            return _found(rule["pattern"], text)
        if "negative_pattern" in rule:
            return not _found(rule["negative_pattern"], text)
        return True


def _ending(name: str, known: Mapping[str, Any]) -> str:
    dot, lower = name.find("."), name.lower()
    while dot >= 0:
        if lower[dot:] in known:
            return lower[dot:]
        dot = name.find(".", dot + 1)
    return ""


def _found(patterns: Sequence[str], text: str) -> bool:
    return any(_compiled(each).search(text) for each in patterns)


_compiled = functools.cache(functools.partial(re.compile, flags=re.MULTILINE))


@functools.cache
def _data() -> Any:
    file = importlib.resources.files("crosstune.mining") / "data" / "linguist.json"
    return json.loads(file.read_text("utf-8"))


def version() -> str:
    """Of Linguist, as it numbers itself."""
    return f"linguist {_data()['version']}"


@functools.cache
def linguist() -> Linguist:
    """Linguist's data, read once."""
    data = _data()
    by_name: dict[str, list[str]] = {}
    for language, about in data["languages"].items():
        for name in (*about.get("extensions", ()), *(f"/{each}" for each in about.get("filenames", ()))):
            by_name.setdefault(name if name.startswith("/") else name.lower(), []).append(language)
    return Linguist(
        {name: tuple(dict.fromkeys(languages)) for name, languages in by_name.items()},
        {ending.lower(): block["rules"] for block in data["rules"] for ending in block["extensions"]},
        data["patterns"],
        frozenset(data["popular"]),
    )
