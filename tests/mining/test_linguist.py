"""Languages by Linguist's data."""

from pathlib import Path

import pytest

from crosstune.mining import fingerprint, load_profile
from crosstune.mining._one_repository import mine_repository
from crosstune.mining.rules._linguist import linguist, version
from tests.mining.repositories import Repo


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        ("a.py", "", "Python"),
        ("A.PY", "", "Python"),
        ("src/Makefile", "", "Makefile"),
        ("CMakeLists.txt", "", "CMake"),
        ("x.cmake.in", "", "CMake"),
        ("a.h", "class A {\npublic:\n};\n", "C++"),
        ("a.h", "int f(void);\n", "C"),
        ("a.h", "@interface A : B\n@end\n", "Objective-C"),
        ("a.ts", "const a: number = 1;\n", "TypeScript"),
        ("a.ts", "<?xml version='1.0'?>\n<TS version='2'>\n", "XML"),
        ("a.pl", "use strict;\n", "Perl"),
        ("a.pl", ":- module(x).\n", "Prolog"),
        ("a.rs", "fn main() {}\n", "Rust"),
        ("a.md", "# A title\n", "Markdown"),
        ("a.unheard", "", ""),
        ("noending", "", ""),
    ],
)
def test_linguist_decides_the_language(path: str, text: str, language: str) -> None:
    assert linguist().decide(path, text) == language


def test_every_rule_can_be_applied() -> None:
    data = linguist()
    assert len(data.by_name) > 1700
    assert len(data.rules) > 150
    for ending in data.rules:
        assert isinstance(data.decide(f"a{ending}", "one line\n"), str)


def test_contents_decide_if_the_profile_names_linguist(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add rules that are about some families", {"a/qq.pl": ":- module(family).\n" + "% x\n" * 60})
    repo.commit("Add a header that is of classes", {"qq.h": "class A {\npublic:\n};\n" + "// x\n" * 60})
    repo.commit("Add a text in no known language", {"qq.asm": "x\n" * 200})
    published = mine_repository(repo.path, load_profile("commitpackft"))
    assert [commit.language for commit in published.commits] == ["perl", "assembly", "c"]
    by_linguist = {"extensions": "linguist"}
    mined = mine_repository(repo.path, load_profile("commitpackft", {"file": by_linguist}))
    assert [commit.language for commit in mined.commits] == ["prolog"]
    assert mined.funnel.dropped == {"contents: language not decided": 1, "file: ending not typical": 1}
    loose = load_profile("commitpackft", {"file": by_linguist | {"extension_needed": False}})
    assert [commit.language for commit in mine_repository(repo.path, loose).commits] == ["prolog", "cpp"]
    assert fingerprint(loose) != fingerprint(load_profile("commitpackft"))
    assert version().startswith("linguist ")
