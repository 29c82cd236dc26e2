"""docs/languages.md: its table and its sections are written from the languages themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from crosstune.errors import DataError
from crosstune.languages._language import Description, Language
from crosstune.languages._registry import LANGUAGES
from crosstune.languages._shared.calls_only import has_tests_apart
from crosstune.languages._tools import Tool

_PART = r"(<!-- {0}: written by `crosstune languages` -->\n).*?(<!-- end -->)"
_ROW = re.compile(r"^\| ([^|]+?) \| \d+ \|(?:[^|]*\|){2} ([\d.]+) \|", re.MULTILINE)
_HEADS = (
    *("language", "tested with", "Debian packages", "installed", "built and run", "not defended"),
    *("tests apart", "calls", "of the plain way", "folder"),
)
_INSTALLED = {"usual": "by `make setup`", "tests": "by `make test`", "all": "on demand"}


def updated(page: str, performance: str) -> str:
    """The text of docs/languages.md with the current table and sections; ``performance`` is that of
    docs/performance.md, which has what a verdict costs.

    Raises:
        DataError: the page lacks a place for them.
    """
    judged = {name: each for name, each in LANGUAGES.all().items() if each.judging}
    costs = dict(_ROW.findall(performance))
    for part, text in (("table", _table(judged, costs)), ("sections", _sections(judged.values()))):
        pattern = re.compile(_PART.format(part), re.DOTALL)
        if not pattern.search(page):
            raise DataError(f"docs/languages.md has no place for its {part}")
        page = pattern.sub(_between(text), page)
    return page


def _between(text: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1]}\n{text}\n{match[2]}"


def _table(languages: Mapping[str, Language], costs: Mapping[str, str]) -> str:
    rows = [_row(name, each, costs.get(each.title, "-")) for name, each in languages.items()]
    lines = [_HEADS, ("---",) * len(_HEADS), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(name: str, language: Language, cost: str) -> tuple[str, ...]:
    described = language.description or Description(run="-")
    separate = language.judging.separate if language.judging else None
    return (
        language.title,
        described.tested,
        _packages(language.tools),
        _INSTALLED[language.language_set],
        described.run,
        described.undefended,
        "by nature" if language.judging and language.judging.inert else _yes(has_tests_apart(separate)),
        _yes(separate and separate.calls),
        cost,
        f"`languages/{name.replace('-', '_')}`",
    )


def _yes(value: object) -> str:
    return "yes" if value else "-"


def _packages(tools: Iterable[Tool]) -> str:
    """Those that a language needs, and in brackets those that it can do without."""
    found = list(tools)
    needed = dict.fromkeys(name for tool in found if tool.required for name in tool.package.split())
    more = dict.fromkeys(f"{tool.package}: {tool.purpose}" for tool in found if not tool.required)
    return ", ".join(needed) + (f" ({'; '.join(more)})" if more else "") or "-"


def _sections(languages: Iterable[Language]) -> str:
    described = [(each.title, each.description) for each in languages]
    return "\n".join(
        f"## {title}\n\n{about.notes.strip()}\n" for title, about in described if about and about.notes
    )
