"""Join the modules of ``page/`` into the page's script.

A page opened from disk cannot import other files, so each module becomes a function that returns its exports,
for the later ones. The modules use only what this file understands: one-line imports by name, and exports of
functions and constants.
"""

from __future__ import annotations

import re
from importlib import resources

MODULES = (
    "dom",
    "data",
    "address",
    "diff",
    "pages",
    "taken",
    "answers",
    "problems",
    "compare",
    "tables",
    "page",
)
"""The modules of ``page/``; each comes after those that it imports."""

_IMPORT = re.compile(r'^import (\{.*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)


def script() -> str:
    return "".join(_wrapped(name, asset(f"{name}.js")) for name in MODULES)


def asset(name: str) -> str:
    return resources.files("crosstune.report").joinpath("page", name).read_text("utf-8")


def _wrapped(name: str, source: str) -> str:
    exports = ", ".join(match[1] for match in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(r"const \1 = \2Module;", source))
    return f"const {name}Module = (() => {{\n{body}return {{ {exports} }};\n}})();\n"
