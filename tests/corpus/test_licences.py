"""Licences by the Hub's list, as people write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from crosstune import corpus
from crosstune.corpus._licences import licence_ids, licence_metadata
from tests.corpus.samples import example, write_corpus


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MIT", "mit"),
        ("The MIT License", "mit"),
        ("Apache-2.0", "apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("apache 2", "apache-2.0"),
        ("CC BY-NC 4.0", "cc-by-nc-4.0"),
        ("Creative Commons Attribution 4.0 International", "cc-by-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "cc-by-nc-sa-4.0"),
        ("CC0 1.0 Universal", "cc0-1.0"),
        ("cc-by-sa", "cc"),
        ("GPL-3.0-or-later", "gpl-3.0"),
        ("GPL-2.0+", "gpl-2.0"),
        ("GPLv3", "gpl-3.0"),
        ("GPL v2", "gpl-2.0"),
        ("LGPL-2.1-only", "lgpl-2.1"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "gpl-2.0"),
        ("BSD 3-Clause License", "bsd-3-clause"),
        ("3-clause BSD", "bsd-3-clause"),
        ("Mozilla Public License 2.0", "mpl-2.0"),
        ("The Unlicense", "unlicense"),
        ("https://opensource.org/licenses/MIT", "mit"),
        ("BigScience OpenRAIL-M", "bigscience-openrail-m"),
        ("bsd-3-clause + mit", "bsd-3-clause mit"),
        ('["mit", "isc"]', "mit isc"),
        ("['Apache-2.0']", "apache-2.0"),
        ("[]", "unknown"),
        ("null", "unknown"),
        ("MIT & Apache-2.0", "mit apache-2.0"),
        ("MIT\nApache-2.0", "mit apache-2.0"),
        ('BSD 3-Clause "New" or "Revised" License', "bsd-3-clause"),
        ('BSD 2-Clause "Simplified" License', "bsd-2-clause"),
        ("GNU GPLv3", "gpl-3.0"),
        ("GNU Lesser General Public License v2.1 or later", "lgpl-2.1"),
        ("ISC License (ISCL)", "isc"),
        ("License :: OSI Approved :: Apache Software License", "apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0", "apache-2.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.html", "apache-2.0"),
        ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.en.html", "gpl-2.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("https://mozilla.org/MPL/2.0/", "mpl-2.0"),
        ("UNLICENSED", "unlicensed"),
        ("(MIT OR Apache-2.0)", "mit apache-2.0"),
        ("MIT/Apache-2.0", "mit apache-2.0"),
        ("0bsd", "0bsd"),
        ("Python-2.0", "python-2.0"),
        ("proprietary", "proprietary"),
        ("", "unknown"),
        ("NOASSERTION", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_licences_become_identifiers_of_the_hub(text: str, names: str) -> None:
    assert licence_ids(text) == tuple(names.split())


def test_licences_that_the_hub_does_not_list_are_named() -> None:
    assert licence_metadata(["MIT", "0bsd", "CC BY-NC 4.0", "Python-2.0", "mit"]) == {
        "license": ["mit", "cc-by-nc-4.0", "other"],
        "license_name": "0bsd-and-python-2.0",
    }
    assert licence_metadata([]) == licence_metadata(["unknown"]) == {"license": ["unknown"]}


def test_a_card_has_identifiers_of_the_hub(tmp_path: Path) -> None:
    licences = ("MIT", "0bsd", "CC BY-NC 4.0")
    rows = [example(number, licence=licence) for number, licence in enumerate(licences)]
    source = write_corpus(tmp_path / "in", rows)
    corpus.transform([source], tmp_path / "out", corpus.Transformation("all", {}))
    card: Any = DatasetCard.load(tmp_path / "out" / "README.md")
    data = card.data.to_dict()
    assert (data["license"], data["license_name"]) == (["cc-by-nc-4.0", "mit", "other"], "0bsd")


def test_rows_are_selected_by_licence_and_language_in_any_spelling() -> None:
    selector = corpus.Selector(corpus.Selection(licences=("MIT", "CC BY 4.0"), languages=("C++",)))
    for name, language, kept in [
        ("mit", "cpp", True),
        ("MIT + cc-by-4.0", "cpp", True),
        ("MIT License", "cpp", True),
        ("isc", "cpp", False),
        ("mit + isc", "cpp", False),
        ("mit", "c", False),
    ]:
        assert isinstance(selector(example(1, language, licence=name)), corpus.Dropped) != kept
