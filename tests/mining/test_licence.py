"""Names of licences, by their texts."""

from pathlib import Path

import pytest

from crosstune.mining._licence import _named
from tests.mining.repositories import MIT
from tests.shared import ROOT

APACHE = (ROOT / "LICENSE").read_text()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def named(text: str) -> str:
    return _named(text.encode())


def test_apache_with_and_without_its_appendix() -> None:
    assert named(APACHE) == "apache-2.0"
    bare, _, _ = APACHE.partition("END OF TERMS AND CONDITIONS")
    assert bare != APACHE
    assert named(bare) == "apache-2.0"
    sixth = (
        "except as required for reasonable and customary use in describing the\n      origin of the Work and"
    )
    assert sixth in bare
    pixar = bare.replace("of the Licensor,\n", "of the Licensor and its affiliates,\n").replace(
        sixth, "except as required to comply with Section 4(c) of the License and"
    )
    assert named(pixar) == "pixar"


def test_whose_rights_since_when_does_not_matter() -> None:
    others = MIT.replace("Copyright (c) 2020 A", "Copyright 1999-2004, B and others\n(c) 2005 C")
    assert named(MIT) == named(others) == "mit"
    assert named("You may do as you please.\n" * 9) == ""
