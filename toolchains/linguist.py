"""Write crosstune/mining/data/linguist.json from a checkout of github-linguist/linguist:
`python toolchains/linguist.py CHECKOUT`. Only what decides a language by file name and contents is kept."""

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
    data = {
        "version": (lib / "VERSION").read_text("utf-8").strip(),
        "languages": {name: _names(language) for name, language in languages.items()},
        "popular": popular,
        "patterns": {name: _patterns(each) for name, each in heuristics["named_patterns"].items()},
        "rules": [_rules(block) for block in heuristics["disambiguations"]],
    }
    text = json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True)
    (DATA / "linguist.json").write_text(text + "\n", "utf-8")
    (DATA / "linguist-LICENSE.txt").write_text((Path(sys.argv[1]) / "LICENSE").read_text("utf-8"), "utf-8")
    return 0


def _names(language: dict[str, Any]) -> dict[str, list[str]]:
    return {key: language[key] for key in ("extensions", "filenames") if language.get(key)}


def _rules(block: dict[str, Any]) -> dict[str, Any]:
    return {"extensions": block["extensions"], "rules": [_rule(rule) for rule in block["rules"]]}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    converted = dict(rule)
    for key in ("pattern", "negative_pattern"):
        if key in converted:
            converted[key] = _patterns(converted[key])
    if "and" in converted:
        converted["and"] = [_rule(part) for part in converted["and"]]
    return converted


def _patterns(patterns: str | list[str]) -> list[str]:
    return [_python(each) for each in ([patterns] if isinstance(patterns, str) else patterns)]


def _python(pattern: str) -> str:
    """A Ruby pattern in Python's syntax; one that Python cannot express matches nothing."""
    converted = pattern.replace("(?-m)", "").replace(r"\z", r"\Z").replace(r"[\s&&[^\r\n]]", r"[^\S\r\n]")
    converted = re.sub(r"\(\?<(?=[a-z])", "(?P<", converted)
    before, flag, after = converted.partition("(?i)")
    if flag and before:
        converted = f"{before}(?i:{after})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(converted, re.MULTILINE)
    except (re.error, Warning) as error:
        sys.stderr.write(f"left out, {error}: {pattern!r}\n")
        return "(?!)"
    return converted


if __name__ == "__main__":
    sys.exit(main())
