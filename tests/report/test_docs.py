"""The examples of the pages on statistics and on the report, run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.analysis import synthetic
from tests.shared import ROOT


@pytest.mark.parametrize("page", ["statistics", "report"])
def test_examples_run(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 1
    names: dict[str, Any] = {}
    exec(compile(examples[0], f"{page}.md", "exec"), names)
    if "conclude" in names:
        assert names["conclude"](synthetic.run(), tmp_path).is_file()
