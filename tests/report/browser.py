"""A real browser without a window, or a skip that says what is missing."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A driver of Debian's chromium with its own profile in the folder ``profile``."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        pytest.skip("chromium or chromedriver is not installed (apt install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    session = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield session
    finally:
        session.quit()


def screen(session: Any, width: int, *, dark: bool = False, media: str = "") -> None:
    """Emulate a screen of that many CSS pixels."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    session.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})


def requests(session: Any) -> list[str]:
    """Addresses requested since the last call."""
    events = [json.loads(entry["message"])["message"] for entry in session.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def wait(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while not (result := condition()):
        assert time.monotonic() < deadline, "the page did not reach the expected state"
        time.sleep(0.02)
    return result


def state(page: Any, part: str = "completions") -> str:
    """The text of the section's live region."""
    return str(page.find_element("css selector", f"#{part} .state").text)


def unpacked(page: Any) -> None:
    page.execute_script("document.getElementById('completions').scrollIntoView()")
    wait(lambda: "of 4,320 answers" in state(page))


def choose(page: Any, name: str, value: str, part: str = "completions") -> None:
    """Set a filter as a reader would."""
    page.execute_script(
        "const f = document.querySelector(`#${arguments[2]} form`).elements[arguments[0]];"
        "f.value = arguments[1]; f.dispatchEvent(new Event('input', {bubbles: true}))",
        name,
        value,
        part,
    )


def complaints(page: Any) -> list[str]:
    """Messages of the browser's console since the last call."""
    return [entry["message"] for entry in page.get_log("browser")]
