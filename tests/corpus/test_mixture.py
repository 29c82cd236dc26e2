"""Mixtures from files: shares, controls of the same size, replay."""

import json
from collections import Counter
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.errors import DataError, SettingsError, UnknownName, UsageError
from tests.corpus.samples import additions, file_contents, write_corpus
from tests.scripted_server import scripted
from tests.shared import shared_data
from tests.sources.teacher.test_teacher import SEEDS, teacher

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
def mixture(tmp_path: Path) -> Path:
    for name, language in (("py", "python"), ("js", "javascript"), ("old", "go")):
        write_corpus(tmp_path / name, additions(language, 60, name))
    (tmp_path / "m.yaml").write_text(MIX)
    return tmp_path / "m.yaml"


def languages(out: Path) -> Counter[str]:
    return Counter(each.language for each in corpus.read(out))


def test_controls_have_the_size_and_replayed_rows_of_the_mixture(mixture: Path, tmp_path: Path) -> None:
    made = corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "out", controls=True)
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
        each.reused
        for each in corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "out", controls=True)
    )


def test_seed_decides_which_rows_are_drawn(mixture: Path, tmp_path: Path) -> None:
    for name, seed in (("a", None), ("b", 3), ("c", 4)):
        corpus.mix_corpora(corpus.load_mixture(str(mixture), seed=seed), tmp_path / name)
    assert file_contents(tmp_path / "a") == file_contents(tmp_path / "b")
    assert {e.id for e in corpus.read(tmp_path / "a")} != {e.id for e in corpus.read(tmp_path / "c")}
    corpus.mix_corpora(corpus.load_mixture(str(mixture), size=80), tmp_path / "d")
    assert languages(tmp_path / "d").total() == 80


def test_parts_by_rows_and_unusable_rows_in_quarantine(mixture: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"prompt": "a", "completion": "b"}\n{"prompt": 1, "completion": "b"}\n'
    )
    mixture.write_text(
        "parts:\n  py: {path: py, rows: 5}\n  file: {path: rows.jsonl}\n"
        "  source: {source: {jsonl: {path: rows.jsonl, label: x}}}\n"
    )
    [made] = corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "out")
    assert [(each.name, each.available, each.taken) for each in made.parts] == [
        ("py", 60, 5),
        ("file", 1, 1),
        ("source", 1, 1),
    ]
    assert (tmp_path / "out" / "quarantine.jsonl").read_text().count("wrong type") == 2
    assert "| mix: unusable, wrong type | 2 | 62 |" in (tmp_path / "out" / "README.md").read_text()
    with pytest.raises(UsageError, match="controls are of one size"):
        corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "other", controls=True)
    write_corpus(tmp_path / "py", additions("python", 61))
    with pytest.raises(UsageError, match="not this corpus"):
        corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "out")


def test_one_corpus_in_two_parts_gives_rows_with_their_own_ids(mixture: Path, tmp_path: Path) -> None:
    mixture.write_text("title: t\nparts:\n  a: {path: py, rows: 50}\n  b: {path: py, rows: 50}\n")
    corpus.mix_corpora(corpus.load_mixture(str(mixture)), tmp_path / "out")
    ids = [each.id for each in corpus.read(tmp_path / "out")]
    assert len(set(ids)) == len(ids) == 100
    again = corpus.transform([tmp_path / "out"], tmp_path / "again", corpus.Transformation("all", {}))
    assert (again.rows, dict(again.quarantined)) == (100, {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size: 40\n", "", "shares and replay need the 'size'"),
        ("share: 1}", "shar: 1}", "m.yaml:6: parts.js.shar: unknown key; .*did you mean 'share'"),
        ("part: old", "part: odl", "replay: no part 'odl'; there are py, js, old"),
        ("path: js", "source: {jsnl: {}}", "m.yaml:6: .*unknown source 'jsnl'; .*did you mean 'jsonl'"),
        ("path: js", "source: {jsonl: {pat: a}}", "m.yaml:6: .*unknown key"),
        ("share: 1}", "share: .inf}", "m.yaml:6: parts.js.share: .*less than or equal to"),
        ("path: js, share: 1", "path: js", "every part needs a 'share'"),
        ("path: js,", "path: js, rows: 3,", "expected 'rows' or 'share', not both"),
        ("path: js,", "", "expected either 'path' or 'source'"),
    ],
)
def test_malformed_files_are_refused(mixture: Path, old: str, new: str, message: str) -> None:
    mixture.write_text(MIX.replace(old, new))
    with pytest.raises(SettingsError, match=message):
        corpus.load_mixture(str(mixture))


def test_named_mixtures_are_well_formed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert corpus.mixture_names() == ("codem-mixed", "octocoder", "octogeex")
    monkeypatch.chdir(tmp_path)
    octocoder = corpus.load_mixture("octocoder")
    assert octocoder.spec.parts["commits"].rows == 5000
    codem = corpus.load_mixture("codem-mixed")
    assert (codem.spec.size, len(codem.spec.parts)) == (9000, 8)
    assert codem.spec.parts["go"].path == tmp_path / "corpora" / "go"
    with pytest.raises(UnknownName, match="did you mean 'octocoder'"):
        corpus.load_mixture("octocoda")
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.mix_corpora(codem, tmp_path / "out")


def test_octogeex_has_the_published_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCTOGEEX", str(shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"))
    [made] = corpus.mix_corpora(corpus.load_mixture("octogeex"), tmp_path / "out")
    assert made.rows == 1178
    assert languages(tmp_path / "out")["python"] == 89


def test_a_teacher_whose_answers_are_kept_is_paid_once(tmp_path: Path) -> None:
    (tmp_path / "seeds.jsonl").write_text("\n".join(map(json.dumps, SEEDS)))
    with scripted(teacher) as server:
        (tmp_path / "m.yaml").write_text(
            "parts:\n  new:\n    source:\n      teacher:\n        seeds: seeds.jsonl\n"
            "        language: javascript\n        model: m\n        count: 4\n"
            f"        server: {{url: '{server.url}', keep: answers}}\n"
        )
        for name in ("one", "one", "two"):
            (made,) = corpus.mix_corpora(corpus.load_mixture(str(tmp_path / "m.yaml")), tmp_path / name)
            assert made.rows == 4
        assert len(server.bodies) == 12
