"""Skip a test where this run leaves a language out, or this machine cannot judge it."""

from __future__ import annotations

import pytest

from crosstune.execution import judged_languages, requirements
from tests.conftest import chosen_set


def skip_without_tools(language: str) -> None:
    if language not in judged_languages(chosen_set()):
        pytest.skip(f"{language} is tested with --languages all")
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be judged here: {missing[0]} is missing")
