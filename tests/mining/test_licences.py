"""Names of licences by their texts."""

from pathlib import Path

import pytest

from crosstune.mining.repository._licences import licence_name
from tests.mining.repositories import MIT
from tests.shared import ROOT

APACHE = (ROOT / "LICENSE").read_text()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def name(text: str) -> str:
    return licence_name(text.encode())


def test_apache_is_recognised_with_and_without_its_appendix() -> None:
    assert name(APACHE) == "apache-2.0"
    bare, _, _ = APACHE.partition("END OF TERMS AND CONDITIONS")
    assert bare != APACHE
    assert name(bare) == "apache-2.0"
    sixth = (
        "except as required for reasonable and customary use in describing the\n      origin of the Work and"
    )
    assert sixth in bare
    pixar = bare.replace("of the Licensor,\n", "of the Licensor and its affiliates,\n").replace(
        sixth, "except as required to comply with Section 4(c) of the License and"
    )
    assert name(pixar) == "pixar"


def test_holder_and_year_do_not_matter() -> None:
    others = MIT.replace("Copyright (c) 2020 A", "Copyright 1999-2004, B and others\n(c) 2005 C")
    assert name(MIT) == name(others) == "mit"
    assert name("You may do as you please.\n" * 9) == ""
