"""Study files are checked before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.errors import SettingsError
from crosstune.study import load_study

GOOD = """\
name: small
seeds: [0, 1]
corpora:
  raw:
    source:
      exercises: {cells: {python: [raw], javascript: [raw]}}
  python:
    source:
      exercises: {cells: {python: [synthesize]}}
  mixed:
    mix: {raw: 0.4, python: 0.6}
    size: 20
models:
  base: {corpus: raw, recipe: tiny-base}
  python: {base: base, corpus: mixed, recipe: tiny-tune}
evaluate:
- benchmark: exercises
  languages: [python, javascript]
  tasks: [synthesize]
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "study.yaml"
    path.write_text(text)
    return path


def test_valid_study_is_read(tmp_path: Path) -> None:
    study = load_study(_file(tmp_path, GOOD))
    assert study.baseline == "base"
    assert set(study.sources) == {"raw", "python"}
    assert set(study.recipes) == {"base", "python"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds:", "sedes:", r"study.yaml:2: sedes: unknown key; known: .*did you mean 'seeds'"),
        ("[0, 1]", "[1, 1]", r"study.yaml:2: seeds: expected one or more different"),
        (
            "exercises: {cells: {python: [raw],",
            "exercices: {cells: {python: [raw],",
            r"study.yaml:6: .*unknown source 'exercices'.*'exercises'",
        ),
        ("{cells: {python: [raw],", "{cels: {python: [raw],", r"study.yaml:6: .*cels: unknown key"),
        ("mix: {raw", "mix: {rav", r"study.yaml:11: .*no corpus 'rav' in this study; .*did you mean 'raw'"),
        ("    size: 20\n", "", r"study.yaml:10: corpora.mixed: a mix needs its 'size'"),
        ("python: 0.6", "mixed: 0.6", r"study.yaml:11: .*the corpus 'mixed' is mixed from itself"),
        (
            "recipe: tiny-tune",
            "recipe: tiny-tone",
            r"study.yaml:15: models.python.recipe: .*'tiny-tone'.*'tiny-tune'",
        ),
        ("base: base,", "base: bass,", r"study.yaml:15: models.python.base: no model 'bass'.*'base'"),
        (
            "{base: base, corpus: mixed, recipe: tiny-tune}",
            "{base: python, corpus: mixed, recipe: tiny-tune}",
            r"study.yaml:15: .*tuned from itself",
        ),
        (
            "benchmark: exercises",
            "benchmark: exercice",
            r"study.yaml:17: .*unknown benchmark 'exercice'.*'exercises'",
        ),
        (
            "[python, javascript]\n",
            "[python, javascrpt]\n",
            r"study.yaml:18: .*unknown language 'javascrpt'.*'javascript'",
        ),
        ("[python, javascript]\n", "[python, html]\n", r"study.yaml:18: .*exercises has no language 'html'"),
        (
            "tasks: [synthesize]",
            "tasks: [synthesise]",
            r"study.yaml:19: .*no task 'synthesise'.*'synthesize'",
        ),
        ("name: small", "name: small\nbaseline: bas", r"study.yaml:2: baseline: no model .bas."),
        (
            "name: small",
            "name: small\nprompt: plane",
            r"study.yaml:2: prompt: unknown prompt template 'plane'.*'plain'",
        ),
        ("name: small", "name: ../small", r"study.yaml:1: name: "),
        (
            "name: small",
            "name: small\nback_end: {transformer: {}}",
            r"study.yaml:2: .*unknown back end 'transformer'.*'transformers'",
        ),
    ],
)
def test_error_names_the_line_and_the_nearest_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(SettingsError, match=message):
        load_study(_file(tmp_path, GOOD.replace(old, new)))
