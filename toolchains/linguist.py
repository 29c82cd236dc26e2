"""Writes crosstune/mining/data/linguist.json from a checkout of github-linguist/linguist:
`python toolchains/linguist.py CHECKOUT`. Only what tells a language by a file's name and contents is kept."""

from __future__ import annotations

import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "crosstune" / "mining" / "data"


def main() -> int:
    lib = Path(sys.argv[1]) / "lib" / "linguist"
    languages, heuristics, popular = (
        yaml.safe_load((lib / f"{name}.yml").read_text("utf-8"))
        for name in ("languages", "heuristics", "popular")
    )
    found = {
        "version": (lib / "VERSION").read_text("utf-8").strip(),
        "languages": {name: _endings(about) for name, about in languages.items()},
        "popular": popular,
        "patterns": {name: _patterns(each) for name, each in heuristics["named_patterns"].items()},
        "rules": [_rules(each) for each in heuristics["disambiguations"]],
    }
    text = json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True)
    (DATA / "linguist.json").write_text(text + "\n", "utf-8")
    (DATA / "linguist-LICENSE.txt").write_text((Path(sys.argv[1]) / "LICENSE").read_text("utf-8"), "utf-8")
    return 0


def _endings(about: dict[str, Any]) -> dict[str, list[str]]:
    return {key: about[key] for key in ("extensions", "filenames") if about.get(key)}


def _rules(block: dict[str, Any]) -> dict[str, Any]:
    return {"extensions": block["extensions"], "rules": [_rule(rule) for rule in block["rules"]]}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    found = dict(rule)
    for key in ("pattern", "negative_pattern"):
        if key in found:
            found[key] = _patterns(found[key])
    if "and" in found:
        found["and"] = [_rule(part) for part in found["and"]]
    return found


def _patterns(given: str | list[str]) -> list[str]:
    return [_python(each) for each in ([given] if isinstance(given, str) else given)]


def _python(pattern: str) -> str:
    """Ruby's expression in Python's words; one that cannot be said matches nothing."""
    said = pattern.replace("(?-m)", "").replace(r"\z", r"\Z").replace(r"[\s&&[^\r\n]]", r"[^\S\r\n]")
    said = re.sub(r"\(\?<(?=[a-z])", "(?P<", said)
    before, flag, after = said.partition("(?i)")
    if flag and before:
        said = f"{before}(?i:{after})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(said, re.MULTILINE)
    except (re.error, Warning) as fault:
        sys.stderr.write(f"left out, {fault}: {pattern!r}\n")
        return "(?!)"
    return said


if __name__ == "__main__":
    sys.exit(main())
