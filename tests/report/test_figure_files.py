from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from crosstune.analysis import Findings, analyse
from crosstune.report import write_figures
from crosstune.report._draw import SCALE, altair
from crosstune.report._figure_files import figures
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)
NAMES = [
    "transfer",
    "control",
    "rates",
    "gains",
    "verdicts",
    "correlations-cells-raw",
    "correlations-cells-centred",
    "correlations-models-raw",
    "correlations-models-gains",
    "correlations-models-centred",
    "losses",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    assert write_figures(FINDINGS, folder) == [
        folder / f"{name}.{end}" for name in NAMES for end in ("svg", "png")
    ]
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_has_the_size_of_its_svg(folder: Path, name: str) -> None:
    svg = ET.parse(folder / f"{name}.svg").getroot()
    png = (folder / f"{name}.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width == pytest.approx(SCALE * float(svg.attrib["width"]), abs=2)
    assert height == pytest.approx(SCALE * float(svg.attrib["height"]), abs=2)


def test_figures_show_the_numbers_of_the_findings(folder: Path) -> None:
    transfer = (folder / "transfer.svg").read_text("utf-8")
    gain = FINDINGS.gains["python", FINDINGS.task_keys[2]]
    assert f">+{gain.value:.1f}{gain.stars}</text>" in transfer
    assert FINDINGS.correlations
    tree = FINDINGS.correlations.column_trees["raw"]
    task_keys = (folder / "correlations-cells-raw.svg").read_text("utf-8")
    assert task_keys.count(">1.00</text>") >= len(tree.order)


def test_only_changed_figures_are_drawn_again(tmp_path: Path) -> None:
    paths = write_figures(FINDINGS, tmp_path)
    whole = [path.read_bytes() for path in paths]
    (tmp_path / "gains.svg").write_text("<svg/>")
    (tmp_path / "gains.png").write_bytes(b"old")
    (tmp_path / "rates.png").unlink()
    kept = (tmp_path / "transfer.png").stat().st_mtime_ns
    assert write_figures(FINDINGS, tmp_path) == paths
    assert [path.read_bytes() for path in paths] == whole
    assert (tmp_path / "transfer.png").stat().st_mtime_ns == kept


def test_every_chart_fits_its_schema() -> None:
    """Altair's own validation, which the package skips when drawing."""
    altair()
    for _, charts in figures(FINDINGS):
        for _, chart in charts:
            chart.to_dict(validate=True)


def test_figures_without_data_are_not_drawn() -> None:
    def names(result: Findings) -> list[str]:
        return [name for name, _ in figures(result)]

    plain = replace(RUN, control="", losses={}, judged=[row for row in RUN.judged if row.model == "base"])
    assert names(analyse(plain)) == ["transfer", "rates", "verdicts"]
    assert names(analyse(replace(RUN, judged=[]))) == []
