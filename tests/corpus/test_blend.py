"""Mixtures from files: what is drawn, controls of the same size, replay."""

from collections import Counter
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.errors import DataError, SettingsError, UnknownName, UsageError
from tests.corpus.test_mix import some
from tests.corpus.test_rework import tree, write
from tests.shared import shared_data

MIX = """\
title: a test
size: 40
seed: 3
parts:
  py: {path: py, share: 3}
  js: {path: js, share: 1}
  old: {path: old}
replay: {part: old, share: 0.25}
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    for name, language in (("py", "python"), ("js", "javascript"), ("old", "go")):
        write(tmp_path / name, some(language, 60, name))
    (tmp_path / "m.yaml").write_text(MIX)
    return tmp_path / "m.yaml"


def languages(out: Path) -> Counter[str]:
    return Counter(each.language for each in corpus.read(out))


def test_a_mixture_and_its_controls_are_of_one_size(recipe: Path, tmp_path: Path) -> None:
    made = corpus.blend(corpus.load_mix(str(recipe)), tmp_path / "out", controls=True)
    assert [(each.out.name, each.rows) for each in made] == [
        ("out", 40),
        ("out-only-py", 40),
        ("out-only-js", 40),
        ("out-only-replay", 40),
    ]
    assert languages(made[0].out) == {"python": 23, "javascript": 7, "go": 10}
    assert languages(made[1].out) == {"python": 30, "go": 10}
    assert languages(made[2].out) == {"javascript": 30, "go": 10}
    assert languages(made[3].out) == {"go": 40}
    replayed = [{e.id for e in corpus.read(each.out) if e.language == "go"} for each in made[:3]]
    assert replayed[0] == replayed[1] == replayed[2]
    assert {e.id for e in corpus.read(made[0].out) if e.language == "python"} < {
        e.id for e in corpus.read(made[1].out)
    }
    assert all(
        each.reused for each in corpus.blend(corpus.load_mix(str(recipe)), tmp_path / "out", controls=True)
    )


def test_the_seed_decides(recipe: Path, tmp_path: Path) -> None:
    for name, seed in (("a", None), ("b", 3), ("c", 4)):
        corpus.blend(corpus.load_mix(str(recipe), seed=seed), tmp_path / name)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert {e.id for e in corpus.read(tmp_path / "a")} != {e.id for e in corpus.read(tmp_path / "c")}
    corpus.blend(corpus.load_mix(str(recipe), size=80), tmp_path / "d")
    assert languages(tmp_path / "d").total() == 80


def test_parts_by_number_and_poison_put_aside(recipe: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"prompt": "a", "completion": "b"}\n{"prompt": 1, "completion": "b"}\n'
    )
    recipe.write_text(
        "parts:\n  py: {path: py, rows: 5}\n  file: {path: rows.jsonl}\n"
        "  source: {source: {jsonl: {path: rows.jsonl, label: x}}}\n"
    )
    [made] = corpus.blend(corpus.load_mix(str(recipe)), tmp_path / "out")
    assert [(each.name, each.available, each.taken) for each in made.taken] == [
        ("py", 60, 5),
        ("file", 1, 1),
        ("source", 1, 1),
    ]
    assert (tmp_path / "out" / "quarantine.jsonl").read_text().count("wrong type") == 2
    assert "| mix: unusable, wrong type | 2 | 62 |" in (tmp_path / "out" / "README.md").read_text()
    with pytest.raises(UsageError, match="controls are of one size"):
        corpus.blend(corpus.load_mix(str(recipe)), tmp_path / "other", controls=True)
    write(tmp_path / "py", some("python", 61))
    with pytest.raises(UsageError, match="not this corpus"):
        corpus.blend(corpus.load_mix(str(recipe)), tmp_path / "out")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size: 40\n", "", "shares and replay need the 'size'"),
        ("share: 1}", "shar: 1}", "m.yaml:6: parts.js.shar: unknown key; .*did you mean 'share'"),
        ("part: old", "part: odl", "replay: no part 'odl'; there are py, js, old"),
        ("path: js", "source: {jsnl: {}}", "m.yaml:6: .*unknown source 'jsnl'; .*did you mean 'jsonl'"),
        ("path: js", "source: {jsonl: {pat: a}}", "m.yaml:6: .*unknown key"),
        ("path: js, share: 1", "path: js", "every part needs a 'share'"),
        ("path: js,", "path: js, rows: 3,", "expected 'rows' or 'share', not both"),
        ("path: js,", "", "expected either 'path' or 'source'"),
    ],
)
def test_a_wrong_file_is_said(recipe: Path, old: str, new: str, message: str) -> None:
    recipe.write_text(MIX.replace(old, new))
    with pytest.raises(SettingsError, match=message):
        corpus.load_mix(str(recipe))


def test_the_named_mixtures_are_well_formed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert corpus.mixes() == ("codem-mixed", "octocoder", "octogeex")
    monkeypatch.chdir(tmp_path)
    octocoder = corpus.load_mix("octocoder")
    assert octocoder.spec.parts["commits"].rows == 5000
    codem = corpus.load_mix("codem-mixed")
    assert (codem.spec.size, len(codem.spec.parts)) == (9000, 8)
    assert codem.spec.parts["go"].path == tmp_path / "corpora" / "go"
    with pytest.raises(UnknownName, match="did you mean 'octocoder'"):
        corpus.load_mix("octocoda")
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.blend(codem, tmp_path / "out")


def test_octogeex_is_the_published_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCTOGEEX", str(shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"))
    [made] = corpus.blend(corpus.load_mix("octogeex"), tmp_path / "out")
    assert made.rows == 1178
    assert languages(tmp_path / "out")["python"] == 89
