"""Rules one by one, where a repository would be a long way round."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, ServiceError, SettingsError, UnknownName
from crosstune.mining import fingerprint, load_profile, profiles
from crosstune.mining._file_languages import Table
from crosstune.mining._profile import Counter, languages_by_ending, verbs
from crosstune.mining._tokens import counted, estimated
from crosstune.mining.repository._log import Change, Entry, _entries, body, subject
from crosstune.mining.rules._contents import by_size, by_text, poison
from crosstune.mining.rules._contents import text as text_of
from crosstune.mining.rules._first_line import opening
from crosstune.mining.rules._message import by_message, cleaned
from crosstune.mining.rules._path import by_path
from crosstune.mining.rules._rule import first

PROFILE = load_profile("commitpackft")
RULES = [*by_message(PROFILE), *by_path(PROFILE)]


def change(text: str, path: str = "src/qq.py", author: tuple[str, ...] = ()) -> Change:
    told = subject(text)
    return Change("0" * 40, 0, author, text, told, told, path, "a", "b")


def told(text: str | bytes) -> Entry:
    """A commit with this message, as the log tells it."""
    message = text.encode() if isinstance(text, str) else text
    [entry] = _entries([b"c\0p\0t\x000\0\0" + message + b"\0"])
    return entry


def why(text: str, path: str = "src/qq.py") -> str | None:
    return first(RULES, change(text, path))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Add a test of the parser", None),
        ("ADD a test of the parser", None),
        ("Add a test of the qq", "file: named in the subject"),
        ("Add a test of #12 there", "subject: #"),
        ("Add a short one", "subject: length"),
        ("[x] y: Add a test [z]", "subject: length, cleaned"),
        ("add a test of the parser", "subject: no capital"),
        ("Adding a test of the parser", "subject: no verb"),
        ("Add, then test the parser", "subject: no verb"),
        ("Speed up the slow path here", None),
        ("Merge branch 'a' into b now", "message: merge"),
        ("Revert Merge branch 'a' of b", "subject: banned words"),
        ("Add a line. Signed-off-by: A B", "subject: banned words"),
        ("Revert (cherry picked from commit abc)", "subject: a commit's hash"),
        ("Revert 0123456789abcdef0123456789abcdef01234567 for right now", "subject: a commit's hash"),
        ("Remove it as I said before", "subject: talk, issue or link"),
        ("Fix the things I'm not proud of", "subject: talk, issue or link"),
        ("Fix bug 12 in the parser", "subject: talk, issue or link"),
        ("Add what code review asked for", "subject: talk, issue or link"),
        ("Add thanks to Ann at the end", None),
        ("Put the thingie in the thingie", "subject: talk, issue or link"),
        ("Add a WIP note for later", "subject: talk, issue or link"),
        ("Wipe the slate and start anew", "subject: no verb"),
        ("Add Wipe to the list here", None),
        ("Add tests of it [ci skip]", None),
        ("Fix tests a [ci skip]", "subject: too few words"),
    ],
)
def test_messages(text: str, reason: str | None) -> None:
    assert why(text) == reason


def test_a_version_or_hash_cannot_start_with_a_verb_but_is_a_rule() -> None:
    loose = by_message(load_profile("commitpackft", {"subject": {"verbs": None, "capital": False}}))
    assert first(loose, change("v1.2.3 of this is out now")) == "subject: version or hash"
    assert first(loose, change("1.2.3 of this is out now")) == "subject: version or hash"
    short = {"verbs": None, "capital": False, "more_words_than": 0}
    told = first(by_message(load_profile("commitpackft", {"subject": short})), change("0239-2a41-fe"))
    assert told == "subject: version or hash"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Add", "message: length"),
        ("x" * 10_000, "message: length"),
        ("Mirroring from Micro.blog.\n", "message: says nothing"),
        ("Merged the one into the other", "message: merge"),
        ("Update src/qq.py", "message: Update and the path"),
        ("Update src/zz.py", None),
        ("fix #12", None),
    ],
)
def test_messages_of_the_larger_set(text: str, reason: str | None) -> None:
    larger = load_profile("commitpack")
    assert opening(larger.subject)(told(text)) is None
    assert first([*by_message(larger), *by_path(larger)], change(text)) == reason


@pytest.mark.parametrize(
    "text",
    ["Add a test of it", "add a test of it", "Adding a test of it", "\n \n Tests for the one thing", "Add",
     "", "core: Add a test of it", "core: add a test of it", "core: Adds a test of it",
     "[x] Add a test of it",
     "core: Fix #12 of it", "Fix #12 in it now", "Fix it\nwith #12 in it now",
     "Fix it now\n\nand more of it", "Fix it", "x: Fix",
     "Fix it now\nand more of it", "Fix [#12] it", "Fix [#12]", "core: Fix", "core:\n\nFix it",
     "core: core: Fix it",
     "Fix it \u00e9 #1", " Fix it #1 at once", "Fix it now \n", "Fix it now\n \nand", "x: [y] Fix it now",
     "Fix: it now",
     "Add: a test of it", "Wip[skip ci] of it", "A[skip ci]dd a test of it", "Ändere das eine Ding da",
     "Add\u00a0a test of it", "\x0bAdd a test of it", "speed up a test of it", "Speed the slow path up",
     "Fix\x1fit up"],
)  # fmt: skip
def test_the_first_word_says_what_the_rules_say_or_nothing(text: str) -> None:
    every: list[dict[str, Any]] = [{}, {"capital": False}, {"verbs": None}, {"clean": False}, {"delete": []}]
    for changes in every:
        profile = load_profile("commitpackft", {"subject": changes})
        at_once = opening(profile.subject)(told(text))
        assert at_once in {None, first(by_message(profile), change(text))}


def test_the_first_word_is_enough_for_most() -> None:
    asked = opening(PROFILE.subject)
    assert asked(told("adding a test of it")) == "subject: no capital"
    assert asked(told("Adding a test of it")) == "subject: no verb"
    assert asked(told("Add a test of it")) is None


def test_the_log_comes_in_pieces_of_any_size() -> None:
    fields = [
        b"c1",
        b"p1 p2",
        b"t1",
        b"12",
        b"",
        b"Add: a thing\n\nand more",
        b"c2",
        b"",
        b"t2",
        b"",
        b"A\na",
        b"",
    ]
    text = b"".join(field + b"\0" for field in fields)
    found = [(*fields[:6], b"Add: a thing", b"Add:", b"a"), (*fields[6:], b"", b"", b"")]
    for size in range(1, len(text) + 1):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert list(_entries(pieces)) == found


def test_subjects_and_bodies_are_those_that_git_shows() -> None:
    found = {
        text: (subject(text), body(text))
        for text in ("a", "a \n\nb\n", "\n \na\nb \n \n c\n\nd\n", "", "\r\n a\r\n")
    }
    assert list(found.values()) == [("a", ""), ("a", "b"), ("a b", " c\n\nd"), ("", ""), (" a", "")]


def test_authors_can_opt_out() -> None:
    listed = by_message(load_profile("commitpackft", {"authors": {"opted_out": ["ANN@example.org"]}}))
    ann = change("Add a test of the parser", author=("A", "ann@Example.org"))
    bob = change("Add a test of the parser", author=("B", "B@example.org"))
    assert first(listed, ann) == "author opted out"
    assert first(listed, bob) is None
    sha = hashlib.sha256(b"b@example.org").hexdigest()
    listed = by_message(load_profile("commitpackft", {"authors": {"opted_out": [f"sha256:{sha}"]}}))
    assert first(listed, bob) == "author opted out"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("src/zz.min.js", None),
        ("src/jquery.parser.js", "file: named in the subject"),
        ("src/zz.jsx", None),
        ("src/zz.hpp", "file: ending not typical"),
        ("src/zz.h", None),
        ("Makefile", "file: ending not typical"),
        ("src.py/zz", "file: language not known"),
        (".py", None),
        ("zz.unheard", "file: language not known"),
        ("zz.CMAKE", "file: language not known"),
    ],
)
def test_paths(path: str, reason: str | None) -> None:
    assert why("Add a test of the parser", path) == reason


def test_the_longest_ending_names_the_language() -> None:
    table = languages_by_ending("commitpack-extensions.yaml")
    assert len(table) == 853
    assert len(set(table.values())) == 358
    paths = ("a.cmake.in", "a/Dockerfile", "b.C", "b.c", "x.y.py")
    found = {path: Table(table).decide(path, "") for path in paths}
    assert found == {
        "a.cmake.in": "CMake",
        "a/Dockerfile": "Dockerfile",
        "b.C": "C++",
        "b.c": "C",
        "x.y.py": "Python",
    }
    assert len(verbs("commitpackft-verbs.txt")) == 257


def test_cleaning() -> None:
    assert cleaned(" [a] b: Fix  the\tthing [c] ", ("[skip ci]",), True) == "Fix the thing"
    assert cleaned("b: [a] Fix", (), True) == "[a] Fix"
    assert cleaned("Fix[skip ci] it", ("[skip ci]",), True) == "Fix it"
    assert cleaned("[only]", (), True) == ""


def test_contents() -> None:
    rules = PROFILE.contents

    def sized(old: int, new: int) -> str | None:
        return by_size(rules, old, new, whole=True)

    assert sized(0, 0) == "contents: new empty"
    assert sized(200_000, 10) == "contents: old too long"
    assert sized(0, 1_000_001) == by_size(rules, 0, 1_000_001, whole=False) == "contents: too large"
    assert [sized(0, size) for size in (168, 169, 2684, 2685)] == [
        "contents: token window",
        None,
        None,
        "contents: token window",
    ]
    assert by_size(rules, 0, 2685, whole=False) is None
    count = counted(rules.counter)
    assert count("é", "abc") == estimated(rules.counter, 5) == 3
    assert by_text(rules, "a", "a", count) == "contents: unchanged"
    assert by_text(rules, "é" * 50_000, "a", count) == "contents: old too long"
    assert by_text(rules, "a", "", count) == "contents: new empty"
    assert by_text(rules, "é" * 49_999, "a", count) == "contents: token window"
    assert by_text(rules, "é" * 600, "a", count) is None


def test_poison() -> None:
    rules = PROFILE.contents
    assert poison(rules, "a\n" * 200_000, "é") is None
    assert poison(rules, "", "a" * 100_001) == "contents: line too long"
    assert poison(rules, "if admin:  # \u2066 then \u2069", "") == "contents: marks of direction"
    allowed = load_profile("commitpackft", {"contents": {"no_direction_marks": False}})
    assert poison(allowed.contents, "\u202e") is None
    assert text_of(b"a\0b") == ("", "contents: binary")
    assert text_of(b"\xed\xa0\x80") == ("", "contents: not UTF-8")  # half a surrogate pair
    assert text_of("é".encode()) == ("é", "")


def test_profiles_are_files_whose_faults_are_named() -> None:
    assert profiles() == ("commitpack", "commitpackft")
    with pytest.raises(UnknownName, match="did you mean 'commitpackft'"):
        load_profile("comitpackft")
    with pytest.raises(SettingsError, match="changes to the profile .*subject.captal: unknown key"):
        load_profile("commitpackft", {"subject": {"captal": True}})
    with pytest.raises(SettingsError, match="not a regular expression"):
        load_profile("commitpackft", {"subject": {"nowhere": ["("]}})
    with pytest.raises(SettingsError, match="expected either bytes_per_token or tokenizer"):
        load_profile("commitpackft", {"contents": {"counter": {}}})
    with pytest.raises(SettingsError, match="no such file"):
        load_profile("nowhere.yaml")
    with pytest.raises(DataError, match="no such tokenizer"):
        counted(Counter(tokenizer="/nowhere/tokenizer.json"))


def test_faults_of_a_tokenizer_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(DataError, match="cannot be loaded: EOF while parsing"):
        counted(Counter(tokenizer=str(tmp_path)))
    with pytest.raises(DataError, match="the tokenizer a b/c cannot be loaded: Repo id"):
        counted(Counter(tokenizer="a b/c"))
    with pytest.raises(ServiceError, match="the tokenizer ann/none cannot be loaded"):
        counted(Counter(tokenizer="ann/none"))

    class Broken:
        @staticmethod
        def from_pretrained(_name: str) -> None:
            raise TypeError("a fault of this program")

    monkeypatch.setattr(tokenizers, "Tokenizer", Broken)
    with pytest.raises(TypeError, match="of this program"):
        counted(Counter(tokenizer="ann/none"))


def test_a_profiles_fingerprint_covers_what_it_says() -> None:
    assert fingerprint(PROFILE) == fingerprint(load_profile("commitpackft", {"additions": True}))
    changed = {fingerprint(load_profile("commitpackft", {"subject": {"thinned_seed": n}})) for n in range(3)}
    assert len(changed | {fingerprint(load_profile("commitpackft", {"additions": False}))}) == 4
