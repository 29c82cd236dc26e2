"""Licences by the Hub's own list: the names that people write, as identifiers that it accepts in a card."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterable

OTHER, UNKNOWN = "other", "unknown"
SYNONYMS = {
    "apache": "apache-2.0",
    "apache-software": "apache-2.0",
    "apache2": "apache-2.0",
    "apache-2": "apache-2.0",
    "asl-2.0": "apache-2.0",
    "expat": "mit",
    "x11": "mit",
    "new-bsd": "bsd-3-clause",
    "modified-bsd": "bsd-3-clause",
    "bsd-3-clause-new-or-revised": "bsd-3-clause",
    "bsd-2-clause-simplified": "bsd-2-clause",
    "simplified-bsd": "bsd-2-clause",
    "freebsd": "bsd-2-clause",
    "3-clause-bsd": "bsd-3-clause",
    "2-clause-bsd": "bsd-2-clause",
    "bsd-2": "bsd-2-clause",
    "bsd-3": "bsd-3-clause",
    "boost": "bsl-1.0",
    "boost-1.0": "bsl-1.0",
    "boost-software-1.0": "bsl-1.0",
    "cc0": "cc0-1.0",
    "cc-0": "cc0-1.0",
    "cc-zero": "cc0-1.0",
    "creative-commons-zero": "cc0-1.0",
    "cc-by": "cc",
    "cc-by-sa": "cc",
    "cc-by-nc": "cc",
    "creative-commons": "cc",
    "mozilla-public-2.0": "mpl-2.0",
    "mpl": "mpl-2.0",
    "mpl-2": "mpl-2.0",
    "eclipse-public-2.0": "epl-2.0",
    "eclipse-public-1.0": "epl-1.0",
    "isc-license": "isc",
    "iscl": "isc",
    "gnu-general-public-2.0": "gpl-2.0",
    "gnu-general-public-3.0": "gpl-3.0",
    "gnu-affero-general-public-3.0": "agpl-3.0",
    "gnu-lesser-general-public-2.1": "lgpl-2.1",
    "gnu-lesser-general-public-3.0": "lgpl-3.0",
    "agpl": "agpl-3.0",
    "odc-by-1.0": "odc-by",
    "odbl-1.0": "odbl",
    "pddl-1.0": "pddl",
    "public-domain-dedication-and-1.0": "pddl",
    "the-unlicense": "unlicense",
    "artistic-2": "artistic-2.0",
    "openrail-m": "openrail",
    "llama-2": "llama2",
    "llama-2-community": "llama2",
    "llama-3": "llama3",
    "llama-3-community": "llama3",
    "none": UNKNOWN,
    "null": UNKNOWN,
    "noassertion": UNKNOWN,
    "n-a": UNKNOWN,
    "no-license": UNKNOWN,
    "": UNKNOWN,
}
"""Other names, as `_plain` writes them."""
CREATIVE_COMMONS = re.compile(r"creative-commons(?:-cc)?-")
TERMS = (
    *(("attribution", "by"), ("non-commercial", "nc"), ("noncommercial", "nc"), ("share-alike", "sa")),
    *(("sharealike", "sa"), ("no-derivatives", "nd"), ("noderivatives", "nd"), ("noderivs", "nd")),
)
EXCEPTION = re.compile(r"\s+with\s+\S+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s+\+\s+|\s+(?:or|and)\s+|\s*[,;/|&\n]\s*|[][()]", re.IGNORECASE)
"""Between the licences of a row: ``mit + isc``, ``MIT OR Apache-2.0``, ``["mit", "isc"]``."""
ADDRESSES = (
    (r"(?:spdx\.org/licenses|opensource\.org/licen[sc]es?)/", ""),
    (r"apache\.org/licenses/license-", "apache-"),
    (r"gnu\.org/licenses/(?:old-licenses/)?", ""),
    (r"creativecommons\.org/publicdomain/zero/", "cc0-"),
    (r"creativecommons\.org/licenses/", "cc-"),
    (r"mozilla\.org/(?:en-us/)?mpl/", "mpl-"),
)
"""The addresses of licences, without ``https://www.``, and how a name begins in their place."""


def licence_ids(text: str) -> tuple[str, ...]:
    """The licences in ``text`` as the Hub's identifiers; one that it does not list stays as it is written,
    in lower case with hyphens for spaces."""
    text = EXCEPTION.sub("", text)
    names = (
        [text] if _identifier(text) in _listed() else [each for each in SEPARATOR.split(text) if each.strip()]
    )
    return tuple(dict.fromkeys(_identifier(each) for each in names)) or (UNKNOWN,)


def licence_metadata(texts: Iterable[str]) -> dict[str, str | list[str]]:
    """The fields ``license`` and, for licences that the Hub does not list, ``license_name`` of a card."""
    names = list(dict.fromkeys(name for text in texts for name in licence_ids(text))) or [UNKNOWN]
    others = [name for name in names if name not in _listed() and name != UNKNOWN]
    listed = [name for name in names if name not in others]
    licences = [*listed, *([OTHER] if others else [])]
    named: dict[str, str | list[str]] = {"license_name": "-and-".join(others)} if others else {}
    return {"license": licences, **named}


@functools.lru_cache(maxsize=4096)
def _identifier(text: str) -> str:
    plain = _plain(text)
    version = re.sub(r"-(only|or-later)$|(?<=\d)[+]$", "", plain)
    for name in dict.fromkeys((plain, version, version.removeprefix("gnu-"))):
        for each in (SYNONYMS.get(name, name), _creative_commons(name), _with_minor_version(name)):
            if each in _listed() or each == UNKNOWN:
                return each
    return plain or UNKNOWN


def _plain(text: str) -> str:
    """Lower case, hyphens for spaces and underscores, without `the`, `licence`, `version`."""
    text = _from_address(text.strip().lower().rpartition("::")[2])  # "License :: OSI Approved :: MIT License"
    text = re.sub(
        r"\b(?:licen[cs]e|version|international|unported|generic|universal)\b|(?<=[\s-])v(?=\d)", " ", text
    )
    words = re.sub(r"[\"'“”:,]", " ", text).replace("_", "-").split()
    name = re.sub(r"-{2,}", "-", "-".join(words)).strip("-.")
    return name.removeprefix("the-") if name != "the-unlicense" else name


def _from_address(text: str) -> str:
    """The name in an address of a licence; other texts stay."""
    for address, start in ADDRESSES:
        name, found = re.subn(rf"^https?://(?:www\.)?{address}", start, text)
        if found:
            return re.sub(r"\.(?:en\.)?(?:html|txt|php)$", "", name).strip("/").replace("/", "-")
    return text


def _creative_commons(name: str) -> str:
    """``creative-commons-attribution-noncommercial-4.0`` and ``cc-by4.0`` as ``cc-by-nc-4.0`` and so on."""
    name = CREATIVE_COMMONS.sub("cc-", name)
    for term, short in TERMS:
        name = name.replace(term, short)
    return re.sub(r"(?<=[a-z])(?=\d\.\d$)", "-", name) if name.startswith("cc-") else name


def _with_minor_version(name: str) -> str:
    """``gplv3`` and ``gpl-3`` as ``gpl-3.0``."""
    spaced = re.sub(r"(?<=[a-z])-?v?(?=\d+(?:\.\d+)?$)", "-", name, count=1)
    return spaced if "." in spaced else f"{spaced}.0"


@functools.cache
def _listed() -> frozenset[str]:
    text = (importlib.resources.files("crosstune.corpus") / "data" / "hub-licences.txt").read_text("utf-8")
    return frozenset(name for line in text.splitlines() if not line.startswith("#") for name in line.split())
