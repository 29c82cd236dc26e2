"""A page of a reconciliation: one HTML file with both answers of each difference, that opens from disk."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from html import escape
from string import Template

from crosstune.logs._causes import Side
from crosstune.logs._reconcile import Difference, Reconciliation, code_of
from crosstune.records import Verdict

_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Why two logs differ</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #8881; padding: .6rem; overflow-x: auto; font-size: .85rem; white-space: pre-wrap; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
h2, h4, li, dd, summary, pre { overflow-wrap: anywhere; }
.cause { background: #8883; border-radius: .3rem; padding: 0 .4rem; font-weight: 600; }
summary { cursor: pointer; padding: .2rem 0; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
:root { color-scheme: light dark; }
</style>
<h1>Why two logs differ</h1>
$body
</html>
""")


def page_of(results: Sequence[Reconciliation]) -> str:
    """The page; texts of models and harnesses are escaped."""
    return _PAGE.substitute(body="\n".join(part for each in results for part in _result(each)))


def _result(result: Reconciliation) -> Iterator[str]:
    yield f"<h2>{escape(result.pair.name)}</h2><ul>"
    for log in result.pair.logs:
        yield f"<li>{escape(log.format)}: <code>{escape(log.path)}</code></li>"
    causes = ", ".join(f"{escape(cause)} {count}" for cause, count in result.causes.most_common())
    yield f"</ul><p>{len(result.differences)} of {result.compared} answers differ. {causes}</p>"
    for one in result.differences:
        yield from _difference(one, result)


def _difference(one: Difference, result: Reconciliation) -> Iterator[str]:
    cause = escape(str(one.reasons[0].cause))
    values = " → ".join("none" if side.value is None else f"{side.value:.3g}" for side in one.sides)
    yield f'<details><summary><span class="cause">{cause}</span> {escape(one.name)}, sample {one.sample}: '
    yield f"{values}</summary><ul>"
    for reason in one.reasons:
        yield f"<li>{escape(str(reason.cause))}: {escape(reason.text)}</li>"
    yield "</ul>"
    prompts = [side.sample.prompt for side in one.sides]
    if None not in prompts and prompts[0] != prompts[1]:
        yield f"<h4>Difference of the prompts</h4>{_pre(_diff(*map(str, prompts)))}"
    yield '<div class="sides">'
    for side, metric in zip(one.sides, result.metrics, strict=True):
        yield from _side(side, code_of(side.sample, metric))
    yield "</div></details>"


def _side(side: Side, code: str | None) -> Iterator[str]:
    sample = side.sample
    facts = (
        ("where", sample.where),
        ("outcome there", f"{sample.outcome} {sample.message}".strip()),
        ("its code here", _words(side.code)),
        ("its answer here", _words(side.answer)),
    )
    yield f"<div><h4>{escape(side.harness)}</h4><dl>"
    yield from (f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    yield "</dl>"
    for title, text in (("Answer", sample.answer), ("Code that it ran", code)):
        yield f"<h4>{title}</h4>{'<p>Not in the log.</p>' if text is None else _pre(text)}"
    yield "</div>"


def _words(verdict: Verdict | None) -> str:
    return "" if verdict is None else f"{verdict.status}, {verdict.cpu_seconds:.2f} s of CPU"


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _diff(one: str, other: str) -> str:
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), "first", "second", lineterm="")
    return "\n".join(lines)
