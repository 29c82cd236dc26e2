"""Size of a page with very many answers, and how soon it can be used: python -m tests.report.scale

Prints bytes, the CPU seconds of writing it, and what chromium measures: until the page is loaded, until
the answers are listed (opened by a link to them), a filter, the search through every text.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from crosstune.analysis import analyse
from crosstune.report import render
from tests.report import answers
from tests.report.browser import choose, chromium, screen, state

STAMP = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector("#completions .answers li")) return;
  window.listed = performance.now();
  watcher.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
"""Run before the page's own script: records when answers are listed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--unlike", action="store_true", help="answers to one problem share little")
    parser.add_argument("--times", type=int, default=5, help="open it so often; medians are printed")
    parser.add_argument("--page", type=Path, help="measure this page instead of writing one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = given.page or _written(given.rows, Path(folder), unlike=given.unlike)
        typer.echo(f"{page.stat().st_size:,} bytes")
        with chromium(Path(folder) / "profile") as session:
            _measure(session, page.resolve().as_uri(), given.times)


def _written(rows: int, folder: Path, *, unlike: bool) -> Path:
    run = answers.run(rows, unlike=unlike)
    texts = [row.text for row in run.judged]
    typer.echo(
        f"{len(texts):,} answers, {len(set(texts)):,} different, "
        f"{statistics.mean(map(len, texts)):.0f} characters each"
    )
    findings = analyse(run)
    start = time.process_time()
    page = folder / "page.html"
    page.write_text(render(findings), "utf-8")
    typer.echo(f"written in {time.process_time() - start:.1f} s of CPU time")
    return page


def _measure(session: Any, address: str, times: int) -> None:
    screen(session, 1440)
    session.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STAMP})
    result: dict[str, list[float]] = {}
    for _ in range(times):
        session.get("about:blank")
        session.get(f"{address}#completions?model=python")
        _until(lambda: "answers" in state(session))
        _until(lambda: session.execute_script("return window.listed"))
        took = session.execute_script(
            "const t = performance.getEntriesByType('navigation')[0];"
            "return { interactive: t.domInteractive, loaded: t.loadEventEnd, listed: window.listed }"
        )
        for name, value in took.items():
            result.setdefault(name, []).append(value)
    for name, values in result.items():
        typer.echo(f"{name}: {statistics.median(values):.0f} ms, at most {max(values):.0f} ms")
    typer.echo(f"filter: {_after(session, 'status', 'passed'):.0f} ms")
    typer.echo(f"search of every text: {_after(session, 'text', 'nowhere to be result'):.0f} ms")
    typer.echo(f"heap: {session.execute_script('return performance.memory.usedJSHeapSize') / 1e6:.0f} MB")
    typer.echo(
        session.execute_script("return document.querySelector('#completions .measure')?.textContent ?? ''")
    )


def _after(session: Any, name: str, value: str) -> float:
    """Milliseconds from a choice to its result; the page waits 150 of them for more to be typed."""
    before = state(session)
    start = time.monotonic()
    choose(session, name, value)
    _until(lambda: (now := state(session)) != before and "Searching" not in now)
    return 1000 * (time.monotonic() - start)


def _until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 120
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("the page did not reach the expected state")
        time.sleep(0.01)


if __name__ == "__main__":
    main()
