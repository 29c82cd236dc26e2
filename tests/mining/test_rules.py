"""Single rules, without a repository."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, ServiceError, SettingsError, UnknownName
from crosstune.mining import fingerprint, load_profile, profiles
from crosstune.mining._profile import Counter, languages_by_ending, verbs
from crosstune.mining.repository._log import Change, Entry, _entries, body, subject
from crosstune.mining.rules._contents import decode, safety_reason, sample_reason, size_reason
from crosstune.mining.rules._file_languages import EndingTable
from crosstune.mining.rules._first_line import first_line_shortcut
from crosstune.mining.rules._message import clean_subject, message_rules
from crosstune.mining.rules._path import path_rules
from crosstune.mining.rules._rule import first_reason
from crosstune.mining.rules._tokens import estimate_tokens, token_counter

PROFILE = load_profile("commitpackft")
RULES = [*message_rules(PROFILE), *path_rules(PROFILE)]


def change(text: str, path: str = "src/qq.py", author: tuple[str, ...] = ()) -> Change:
    shown = subject(text)
    return Change("0" * 40, 0, author, text, shown, shown, path, "a", "b")


def log_entry(text: str | bytes) -> Entry:
    """The log entry of a commit with this message."""
    message = text.encode() if isinstance(text, str) else text
    [entry] = _entries([b"c\0p\0t\x000\0\0" + message + b"\0"])
    return entry


def reason_for(text: str, path: str = "src/qq.py") -> str:
    return first_reason(RULES, change(text, path))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Add a test of the parser", ""),
        ("ADD a test of the parser", ""),
        ("Add a test of the qq", "file: named in the subject"),
        ("Add a test of #12 there", "subject: #"),
        ("Add a short one", "subject: length"),
        ("[x] y: Add a test [z]", "subject: length, cleaned"),
        ("add a test of the parser", "subject: no capital"),
        ("Adding a test of the parser", "subject: no verb"),
        ("Add, then test the parser", "subject: no verb"),
        ("Speed up the slow path here", ""),
        ("Merge branch 'a' into b now", "message: merge"),
        ("Revert Merge branch 'a' of b", "subject: banned words"),
        ("Add a line. Signed-off-by: A B", "subject: banned words"),
        ("Revert (cherry picked from commit abc)", "subject: a commit's hash"),
        ("Revert 0123456789abcdef0123456789abcdef01234567 for right now", "subject: a commit's hash"),
        ("Remove it as I said before", "subject: talk, issue or link"),
        ("Fix the things I'm not proud of", "subject: talk, issue or link"),
        ("Fix bug 12 in the parser", "subject: talk, issue or link"),
        ("Add what code review asked for", "subject: talk, issue or link"),
        ("Add thanks to Ann at the end", ""),
        ("Put the thingie in the thingie", "subject: talk, issue or link"),
        ("Add a WIP note for later", "subject: talk, issue or link"),
        ("Wipe the slate and start anew", "subject: no verb"),
        ("Add Wipe to the list here", ""),
        ("Add tests of it [ci skip]", ""),
        ("Fix tests a [ci skip]", "subject: too few words"),
    ],
)
def test_message_rules_give_the_reason(text: str, reason: str) -> None:
    assert reason_for(text) == reason


def test_versions_and_hashes_are_dropped_if_no_verb_is_required() -> None:
    loose = message_rules(load_profile("commitpackft", {"subject": {"verbs": None, "capital": False}}))
    assert first_reason(loose, change("v1.2.3 of this is out now")) == "subject: version or hash"
    assert first_reason(loose, change("1.2.3 of this is out now")) == "subject: version or hash"
    short = {"verbs": None, "capital": False, "more_words_than": 0}
    rules = message_rules(load_profile("commitpackft", {"subject": short}))
    assert first_reason(rules, change("0239-2a41-fe")) == "subject: version or hash"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Add", "message: length"),
        ("x" * 10_000, "message: length"),
        ("Mirroring from Micro.blog.\n", "message: says nothing"),
        ("Merged the one into the other", "message: merge"),
        ("Update src/qq.py", "message: Update and the path"),
        ("Update src/zz.py", ""),
        ("fix #12", ""),
    ],
)
def test_commitpack_rules_give_the_reason(text: str, reason: str) -> None:
    larger = load_profile("commitpack")
    assert first_line_shortcut(larger.subject)(log_entry(text)) == ""
    assert first_reason([*message_rules(larger), *path_rules(larger)], change(text)) == reason


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
def test_first_line_shortcut_agrees_with_the_rules_or_gives_nothing(text: str) -> None:
    every: list[dict[str, Any]] = [{}, {"capital": False}, {"verbs": None}, {"clean": False}, {"delete": []}]
    for changes in every:
        profile = load_profile("commitpackft", {"subject": changes})
        reason = first_line_shortcut(profile.subject)(log_entry(text))
        assert reason in {"", first_reason(message_rules(profile), change(text))}


def test_first_line_shortcut_decides_on_the_first_word() -> None:
    shortcut = first_line_shortcut(PROFILE.subject)
    assert shortcut(log_entry("adding a test of it")) == "subject: no capital"
    assert shortcut(log_entry("Adding a test of it")) == "subject: no verb"
    assert shortcut(log_entry("Add a test of it")) == ""


def test_log_can_arrive_in_chunks_of_any_size() -> None:
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
    expected = [(*fields[:6], b"Add: a thing", b"Add:", b"a"), (*fields[6:], b"", b"", b"")]
    for size in range(1, len(text) + 1):
        chunks = [text[start : start + size] for start in range(0, len(text), size)]
        assert list(_entries(chunks)) == expected


def test_subjects_and_bodies_are_as_git_shows_them() -> None:
    split = {
        text: (subject(text), body(text))
        for text in ("a", "a \n\nb\n", "\n \na\nb \n \n c\n\nd\n", "", "\r\n a\r\n")
    }
    assert list(split.values()) == [("a", ""), ("a", "b"), ("a b", " c\n\nd"), ("", ""), (" a", "")]


def test_authors_can_opt_out() -> None:
    rules = message_rules(load_profile("commitpackft", {"authors": {"opted_out": ["ANN@example.org"]}}))
    ann = change("Add a test of the parser", author=("A", "ann@Example.org"))
    bob = change("Add a test of the parser", author=("B", "B@example.org"))
    assert first_reason(rules, ann) == "author opted out"
    assert first_reason(rules, bob) == ""
    sha = hashlib.sha256(b"b@example.org").hexdigest()
    rules = message_rules(load_profile("commitpackft", {"authors": {"opted_out": [f"sha256:{sha}"]}}))
    assert first_reason(rules, bob) == "author opted out"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("src/zz.min.js", ""),
        ("src/jquery.parser.js", "file: named in the subject"),
        ("src/zz.jsx", ""),
        ("src/zz.hpp", "file: ending not typical"),
        ("src/zz.h", ""),
        ("Makefile", "file: ending not typical"),
        ("src.py/zz", "file: language not known"),
        (".py", ""),
        ("zz.unheard", "file: language not known"),
        ("zz.CMAKE", "file: language not known"),
    ],
)
def test_path_rules_give_the_reason(path: str, reason: str) -> None:
    assert reason_for("Add a test of the parser", path) == reason


def test_longest_ending_decides_the_language() -> None:
    table = languages_by_ending("commitpack-extensions.yaml")
    assert len(table) == 853
    assert len(set(table.values())) == 358
    paths = ("a.cmake.in", "a/Dockerfile", "b.C", "b.c", "x.y.py")
    languages = {path: EndingTable(table).decide(path, "") for path in paths}
    assert languages == {
        "a.cmake.in": "CMake",
        "a/Dockerfile": "Dockerfile",
        "b.C": "C++",
        "b.c": "C",
        "x.y.py": "Python",
    }
    assert len(verbs("commitpackft-verbs.txt")) == 257


def test_subjects_are_cleaned() -> None:
    assert clean_subject(" [a] b: Fix  the\tthing [c] ", ("[skip ci]",), True) == "Fix the thing"
    assert clean_subject("b: [a] Fix", (), True) == "[a] Fix"
    assert clean_subject("Fix[skip ci] it", ("[skip ci]",), True) == "Fix it"
    assert clean_subject("[only]", (), True) == ""


def test_contents_rules_give_the_reason() -> None:
    contents = PROFILE.contents
    count = token_counter(contents.counter)

    def sized(old: int, new: int) -> str:
        return size_reason(contents, old, new, whole_file=True)

    assert sized(0, 0) == "contents: new empty"
    assert sized(200_000, 10) == "contents: old too long"
    assert (
        sized(0, 1_000_001) == size_reason(contents, 0, 1_000_001, whole_file=False) == "contents: too large"
    )
    assert [sized(0, size) for size in (168, 169, 2684, 2685)] == [
        "contents: token window",
        "",
        "",
        "contents: token window",
    ]
    assert size_reason(contents, 0, 2685, whole_file=False) == ""
    assert count("é", "abc") == estimate_tokens(contents.counter, 5) == 3
    assert sample_reason(contents, "a", "a", count) == "contents: unchanged"
    assert sample_reason(contents, "é" * 50_000, "a", count) == "contents: old too long"
    assert sample_reason(contents, "a", "", count) == "contents: new empty"
    assert sample_reason(contents, "é" * 49_999, "a", count) == "contents: token window"
    assert sample_reason(contents, "é" * 600, "a", count) == ""


def test_unsafe_texts_and_binary_data_have_a_reason() -> None:
    contents = PROFILE.contents
    assert safety_reason(contents, "a\n" * 200_000, "é") == ""
    assert safety_reason(contents, "", "a" * 100_001) == "contents: line too long"
    assert safety_reason(contents, "if admin:  # \u2066 then \u2069", "") == "contents: marks of direction"
    allowed = load_profile("commitpackft", {"contents": {"no_direction_marks": False}})
    assert safety_reason(allowed.contents, "\u202e") == ""
    assert decode(b"a\0b") == ("", "contents: binary")
    assert decode(b"\xed\xa0\x80") == ("", "contents: not UTF-8")  # a lone surrogate
    assert decode("é".encode()) == ("é", "")


def test_errors_in_profiles_are_named() -> None:
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
        token_counter(Counter(tokenizer="/nowhere/tokenizer.json"))


def test_errors_of_a_tokenizer_are_distinguished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(DataError, match="cannot be loaded: EOF while parsing"):
        token_counter(Counter(tokenizer=str(tmp_path)))
    with pytest.raises(DataError, match="the tokenizer a b/c cannot be loaded: Repo id"):
        token_counter(Counter(tokenizer="a b/c"))
    with pytest.raises(ServiceError, match="the tokenizer ann/none cannot be loaded"):
        token_counter(Counter(tokenizer="ann/none"))

    class Broken:
        @staticmethod
        def from_pretrained(_name: str) -> None:
            raise TypeError("a bug in this program")

    monkeypatch.setattr(tokenizers, "Tokenizer", Broken)
    with pytest.raises(TypeError, match="in this program"):
        token_counter(Counter(tokenizer="ann/none"))


def test_fingerprint_covers_the_whole_profile() -> None:
    assert fingerprint(PROFILE) == fingerprint(load_profile("commitpackft", {"additions": True}))
    changed = {fingerprint(load_profile("commitpackft", {"subject": {"thinned_seed": n}})) for n in range(3)}
    assert len(changed | {fingerprint(load_profile("commitpackft", {"additions": False}))}) == 4
