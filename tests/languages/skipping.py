"""Skip a test where this machine cannot judge a language."""

from __future__ import annotations

import pytest

from crosstune.execution import requirements


def skip_without_tools(language: str) -> None:
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be judged here: {missing[0]} is missing")
