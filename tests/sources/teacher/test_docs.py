"""The settings shown in docs/teachers.md are valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosstune.generation.openai_compatible import Options
from crosstune.sources.teacher import TeacherSettings
from crosstune.sources.translate import TranslateSettings
from tests.shared import ROOT


def test_the_examples_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CODEALPACA", "TEACHER_URL", "MBPP"):
        monkeypatch.delenv(name, raising=False)
    page = (ROOT / "docs" / "teachers.md").read_text()
    examples: list[dict[str, Any]] = [
        yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    ]
    corpus, translation, back_end = examples
    settings = corpus["corpora"]["javascript"]["source"]["teacher"]
    parsed = TeacherSettings.model_validate(settings, context={"base": Path("/study")})
    assert parsed.seeds == Path("/study/data/code_alpaca_20k.json")
    assert parsed.server.url == "https://api.openai.com/v1"
    settings = translation["corpora"]["rust"]["source"]["translate"]
    translating = TranslateSettings.model_validate(settings, context={"base": Path("/study")})
    assert (translating.rows, translating.answers) == (Path("/study/data/mbpp.jsonl"), 3)
    options = Options.model_validate(back_end["back_end"]["openai-compatible"])
    assert options.server.url == "http://localhost:8000/v1"
