"""The page as axe-core sees it, on every view; by keyboard; without motion."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crosstune.analysis import analyse
from crosstune.report import write
from crosstune.report._page import STYLES
from crosstune.report._script import asset
from tests.analysis import synthetic
from tests.report.browser import screen, state, wait

AXE = Path(sys.prefix, "share", "crosstune", "axe", "node_modules", "axe-core", "axe.min.js")
LISTS = ("problems", "compare", "completions")
AUDIT = """
const done = arguments[0];
axe.run({resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((each) => `${each.impact} ${each.id}: ${each.nodes[0].target}`)),
  (fault) => done([String(fault)]));
"""
ALL_OPEN = """
for (const one of document.querySelectorAll("details")) one.open = true;
for (const one of [...document.querySelectorAll("#completions .answers button")].slice(0, 2)) one.click();
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Every view with few rows, since axe checks each element."""
    run = synthetic.run()
    few = replace(run, judged=[row for row in run.judged if row.problem < "scale-08"], notice="Of yesterday.")
    return write(analyse(few), tmp_path_factory.mktemp("small")).as_uri()


def opened(session: Any, address: str, width: int, *, dark: bool) -> None:
    """Open the page with everything unpacked and unfolded."""
    session.get("about:blank")
    screen(session, width, dark=dark)
    session.get(address)
    for part in LISTS:
        session.execute_script("document.getElementById(arguments[0]).scrollIntoView()", part)
        wait(partial(_counted, session, part))
    session.execute_script(ALL_OPEN)
    wait(lambda: session.find_elements("css selector", "#completions .answer .drawer"))


def _counted(session: Any, part: str) -> bool:
    return any(sign.isdigit() for sign in state(session, part))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_wrong_in_any_view(session: Any, small: str, width: int, dark: bool) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (`make setup` fetches it, with npm)")
    opened(session, small, width, dark=dark)
    session.execute_script(AXE.read_text("utf-8"))
    assert session.execute_async_script(AUDIT) == []


@pytest.mark.slow
def test_the_keyboard_reaches_every_section(session: Any, small: str) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(session, small, 1440, dark=False)
    session.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
    page = session.find_element("css selector", "body")
    reached: dict[str, None] = {}
    for _ in range(2000):
        page.send_keys(Keys.TAB)
        page = session.switch_to.active_element
        if page.tag_name == "body":
            break
        where = "const at = document.activeElement.closest('section'); return at ? at.id : 'top'"
        reached[session.execute_script(where)] = None
    sections = session.execute_script(
        "return [...document.querySelectorAll('section')].filter((one) =>"
        " one.querySelector('a[href], button:enabled, summary, [tabindex=\"0\"]')).map((one) => one.id)"
    )
    assert list(reached) == ["top", *sections]


def test_nothing_moves_by_itself(session: Any, small: str) -> None:
    """So readers who prefer less motion need no setting."""
    opened(session, small, 1440, dark=False)
    assert session.execute_script("return document.getAnimations().length") == 0
    styles = "".join(map(asset, STYLES))
    assert not [word for word in ("transition", "animation", "scroll-behavior") if word in styles]
