"""The data card, read by the Hub's own parser and compared with the corpus."""

import importlib.util
import struct
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from crosstune import corpus
from crosstune.errors import DataError, MissingExtra
from crosstune.mining import load_profile
from tests.corpus.samples import example, write_corpus
from tests.mining.repositories import CODE, MIT, Repo


def metadata(folder: Path) -> dict[str, Any]:
    """Rewrite the card; return its metadata as the Hub's parser reads them."""
    corpus.describe(folder)
    card: Any = DatasetCard.load(folder / "README.md")
    data: dict[str, Any] = card.data.to_dict()
    return data


@pytest.fixture
def made(tmp_path: Path) -> Path:
    rows = [example(n, "go" if n % 2 else "c++", licence="mit + apache-2.0") for n in range(8)]
    source = write_corpus(tmp_path / "in", [*rows, example(8, "")])
    out = tmp_path / "out"
    index = corpus.ContaminationIndex([])
    report = {"private": {"e-mail address": 2}, "guarded": index.report(), "lacking": {"b": "no data"}}
    corpus.transform([source], out, corpus.Transformation("all", {}, [index], report=lambda: report))
    return out


@pytest.mark.skipif(not importlib.util.find_spec("vl_convert"), reason="draws with the extra 'report'")
def test_describe_writes_metadata_tables_and_plot(made: Path) -> None:
    data = metadata(made)
    assert data["license"] == ["mit", "apache-2.0", "unknown"]
    assert data["size_categories"] == ["n<1K"]
    assert data["task_categories"] == ["text-generation"]
    assert [each["config_name"] for each in data["configs"]] == ["default", "cpp", "go", "text"]
    assert all((made / name).is_file() for each in data["configs"] for name in each["data_files"])
    text = (made / "README.md").read_text()
    assert "| s | mit + apache-2.0 | 8 |" in text
    assert "| e-mail address | 2 |" in text
    assert "![Lengths of prompts and completions](lengths.png)" in text
    png = (made / "lengths.png").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert (png[:8], width > 800, height > 300) == (b"\x89PNG\r\n\x1a\n", True, True)
    svg = (made / "lengths.svg").read_text()
    assert svg.startswith("<svg")
    assert all(name in svg for name in ("(prose)", "cpp", "go", "characters", "completion"))
    before = (made / "README.md").read_bytes()
    corpus.describe(made)
    assert (made / "README.md").read_bytes() == before


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "r")
    made.commit("Add the licence that we all like", {"LICENSE": MIT})
    made.commit("Add one file to the small tree", {"qq.py": CODE})
    made.commit("wip", {"qq.py": CODE + "1\n"})
    return made


def mine(repo: Repo, out: Path, *, plot: bool) -> corpus.Mining:
    return corpus.mine(
        [repo.path],
        out,
        profile=load_profile("commitpackft", {}),
        workers=1,
        progress=lambda *_: None,
        failed={"https://forge.example.org/ann/gone": "not found"},
        stale={"https://forge.example.org/ann/shapes": "no route"},
        plot=plot,
    )


@pytest.mark.skipif(not importlib.util.find_spec("vl_convert"), reason="draws with the extra 'report'")
def test_describe_writes_cards_of_mined_and_plain_corpora(repo: Repo, tmp_path: Path) -> None:
    mined = tmp_path / "mined"
    mine(repo, mined, plot=True)
    files = {path: path.read_bytes() for path in mined.rglob("*") if path.is_file()}
    assert metadata(mined)["license"] == ["mit"]
    assert {path: path.read_bytes() for path in mined.rglob("*") if path.is_file()} == files
    text = (mined / "README.md").read_text()
    for line in (
        "| commits |  | 3 |",
        "from r, selected by the rules `commitpackft-",
        "Tokens were estimated as bytes / 3.5.",
        "## Not read",
        "| https://forge.example.org/ann/gone | not found |",
        "## Not updated",
        "| https://forge.example.org/ann/shapes | no route |",
        "![Lengths of prompts and completions](lengths.png)",
    ):
        assert line in text
    repo.commit("Add another file to the small tree", {"zz.py": CODE + "z = 1\n"})
    mine(repo, mined, plot=False)  # the plot of the former rows is removed
    assert "lengths.png" not in (mined / "README.md").read_text()
    assert not list(mined.glob("lengths.*"))
    plain = write_corpus(tmp_path / "plain", [example(1)])
    assert metadata(plain)["configs"] == [{"config_name": "default", "data_files": ["c.parquet"]}]


def test_cards_without_the_plotting_library_have_no_plot(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    mine(repo, tmp_path / "mined", plot=True)
    corpus.transform([tmp_path / "mined"], tmp_path / "out", corpus.Transformation("all", {}), plot=True)
    for folder in (tmp_path / "mined", tmp_path / "out"):
        assert not list(folder.rglob("lengths.*"))
        text = (folder / "README.md").read_text()
        assert "## Lengths\n\nIn characters." in text
        assert "lengths.png" not in text


def test_describe_refuses_what_is_missing(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="nothing: no such folder"):
        corpus.describe(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no Parquet file in this folder"):
        corpus.describe(tmp_path / "empty")
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[report\]'"):
        corpus.describe(made)
    assert "lengths.png" not in (made / "README.md").read_text()
