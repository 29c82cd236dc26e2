"""The example of docs/extraction.md gives what the page says."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "extraction.md").read_text("utf-8")


def test_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"^````python\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)[0]
    output = re.findall(r"^````\n\n```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
    exec(compile(code, "extraction.md", "exec"), {"__name__": "extraction"})
    assert output.split() == capsys.readouterr().out.split()
