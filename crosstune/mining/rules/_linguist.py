"""Detect a file's language as Linguist does: by its name and, if several languages use it, by its text.

The data are Linguist's own (``data/linguist.json``; its licence is in the same folder). Linguist's last step,
a classifier trained on samples, is not included: a file that neither names nor rules decide stays undecided,
unless exactly one of its candidate languages is popular.
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
"""Linguist's rules read only this much of a file."""


@dataclass(frozen=True)
class Linguist:
    """``by_name`` maps base names (after ``/``) and lower-case endings to the languages that claim them."""

    by_name: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Sequence[Mapping[str, Any]]]
    patterns: Mapping[str, Sequence[str]]
    popular: frozenset[str]

    def candidates(self, path: str) -> tuple[str, ...]:
        """The languages that claim the base name, or else its longest known ending."""
        name = path.rpartition("/")[2]
        return self.by_name.get(f"/{name}") or self.by_name.get(_ending(name, self.by_name), ())

    def decide(self, path: str, text: str) -> str:
        """The language; empty if the text does not decide between several."""
        candidates = self.candidates(path)
        if len(candidates) <= 1:
            return "".join(candidates)
        name, text = path.rpartition("/")[2], text[:READ_CHARACTERS]
        for rule in self.rules.get(_ending(name, self.rules), ()):
            if self._matches(rule, text):
                languages = rule["language"]
                ordered = [languages] if isinstance(languages, str) else languages
                return next((language for language in ordered if language in candidates), "")
        popular = [language for language in candidates if language in self.popular]
        return popular[0] if len(popular) == 1 else ""

    def _matches(self, rule: Mapping[str, Any], text: str) -> bool:
        if "and" in rule:
            return all(self._matches(part, text) for part in rule["and"])
        if "named_pattern" in rule:
            return _any_matches(self.patterns[rule["named_pattern"]], text)
        if "pattern" in rule:
            return _any_matches(rule["pattern"], text)
        if "negative_pattern" in rule:
            return not _any_matches(rule["negative_pattern"], text)
        return True


def _ending(name: str, known: Mapping[str, Any]) -> str:
    dot, lower = name.find("."), name.lower()
    while dot >= 0:
        if lower[dot:] in known:
            return lower[dot:]
        dot = name.find(".", dot + 1)
    return ""


def _any_matches(patterns: Sequence[str], text: str) -> bool:
    return any(_compiled(pattern).search(text) for pattern in patterns)


_compiled = functools.cache(functools.partial(re.compile, flags=re.MULTILINE))


@functools.cache
def _data() -> Any:
    file = importlib.resources.files("crosstune.mining") / "data" / "linguist.json"
    return json.loads(file.read_text("utf-8"))


def version() -> str:
    """The version of Linguist's data."""
    return f"linguist {_data()['version']}"


@functools.cache
def linguist() -> Linguist:
    """Linguist's data, read once."""
    data = _data()
    by_name: dict[str, list[str]] = {}
    for language, names in data["languages"].items():
        base_names = [f"/{name}" for name in names.get("filenames", ())]
        for name in (*names.get("extensions", ()), *base_names):
            by_name.setdefault(name if name.startswith("/") else name.lower(), []).append(language)
    return Linguist(
        {name: tuple(dict.fromkeys(languages)) for name, languages in by_name.items()},
        {ending.lower(): block["rules"] for block in data["rules"] for ending in block["extensions"]},
        data["patterns"],
        frozenset(data["popular"]),
    )
