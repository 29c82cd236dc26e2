"""Secrets and personal data: found, replaced in the same format, counted."""

import ast
import json
import sys

import pytest

from crosstune.corpus import Dropped, Privacy, Scrubber
from crosstune.errors import MissingExtra
from crosstune.records import Example
from tests.shared import shared_data

AWS = "AKIA" + "QZ7WEXAMPLE7RPT2"  # split, so that secret scanners do not report this file
GITHUB = "ghp_" + "a1B2" * 9
PEM = (
    f"-----BEGIN RSA {'PRIVATE'} KEY-----\n"
    + "MIIEowIBAAKCAQEA3x\nab+/9=\n" * 3
    + "-----END RSA PRIVATE KEY-----"
)


def example(completion: str, prompt: str = "Do it.", **provenance: str) -> Example:
    return Example("e", prompt, completion, "python", "t", "s", provenance)


def scrubbed(text: str, **settings: str) -> tuple[str, dict[str, int]]:
    scrubber = Scrubber(Privacy.model_validate(settings))
    result = scrubber(example(text))
    assert isinstance(result, Example)
    return result.completion, dict(scrubber.counts)


@pytest.mark.parametrize(
    ("kind", "secret", "replacement"),
    [
        ("AWS Access Key", AWS, "XXXXXX0XXXXXXXX0XXX0"),
        ("GitHub Token", GITHUB, "xxx_" + "x0X0" * 9),
        ("GitLab Token", "glpat-" + "abcDEF123456" + "ghiJKL78", "xxxxx-xxxXXX000000xxxXXX00"),
        ("Google API Key", "AIza" + "Sy0_-" * 7, "XXxx" + "Xx0_-" * 7),
        ("Hugging Face Token", "hf_" + "aB" * 17, "xx_" + "xX" * 17),
        ("Slack Token", "xoxb-" + "123456789012-abcdefABCDEF".lower(), "xxxx-000000000000-xxxxxxxxxxxx"),
        ("Stripe Access Key", "sk_live_" + "a1" * 12, "xx_xxxx_" + "x0" * 12),
    ],
)
def test_keys_keep_their_format(kind: str, secret: str, replacement: str) -> None:
    text = f'key = "{secret}"\nprint(key)\n'
    cleaned, counts = scrubbed(text)
    assert cleaned == f'key = "{replacement}"\nprint(key)\n'
    assert counts[kind] >= 1
    assert scrubbed(cleaned) == (cleaned, {})


def test_password_in_a_url_is_replaced() -> None:
    cleaned, counts = scrubbed('url = "https://ann:hunter22@db.corp.io/x"')
    assert cleaned == 'url = "https://ann:xxxxxx00@db.corp.io/x"'
    assert counts == {"Basic Auth Credentials": 1}
    assert scrubbed(cleaned) == (cleaned, {})


def test_private_key_keeps_its_lines() -> None:
    cleaned, counts = scrubbed(PEM)
    assert cleaned.splitlines()[0] == PEM.splitlines()[0]
    assert cleaned.splitlines()[1:3] == ["XXXXxxXXXXXXXXXX0x", "xx+/0="]
    assert counts == {"Private Key": 1}
    quoted = f"KEY = {PEM!r}"
    left, _ = scrubbed(quoted)
    assert "MIIE" not in left
    assert ast.literal_eval(left.removeprefix("KEY = ")).count("\n") == PEM.count("\n")


def test_equal_addresses_get_equal_replacements() -> None:
    text = (
        "mail ann.lee@corp-mail.com, bob@corp-mail.com, ann.lee@corp-mail.com"
        " from 93.184.215.14 or 2a00:1450:4001:830::200e"
    )
    cleaned, counts = scrubbed(text)
    assert cleaned == (
        "mail user1@example.org, user2@example.org, user1@example.org from 192.0.2.1 or 2001:db8::1"
    )
    assert counts == {"e-mail address": 3, "IP address": 2}
    assert scrubbed(cleaned) == (cleaned, {})


@pytest.mark.parametrize(
    "text",
    [
        "git@github.com:a/b.git",
        "someone@example.com",
        "123+robot@users.noreply.github.com",
        "icon@2x.png",
        "noreply@corp.com",
        "y = x@w.dot(z)",
        "@app.route('/')",
        "127.0.0.1 10.0.0.1 192.168.1.1 0.0.0.0 255.255.255.0 8.8.8.8",
        "version 93.12.44.1",
        "1.2.3.4",
        "std::vector ab::cd::ef dead::",
        "12:30:45",
        '"integrity": "sha512-' + "aB3+" * 21 + 'aA=="',
        "a" * 5000,
    ],
)
def test_impersonal_values_are_kept(text: str) -> None:
    assert scrubbed(text) == (text, {})


def test_action_drop_drops_the_example() -> None:
    scrubber = Scrubber(Privacy(keys="drop", emails="keep"))
    assert scrubber(example(f"k = '{AWS}'")) == Dropped("e", "private: AWS Access Key")
    kept = example("ann.lee@corp-mail.com")
    assert scrubber(kept) is kept
    assert dict(scrubber.counts) == {"AWS Access Key": 1}


def test_commit_that_changes_only_a_secret_is_dropped() -> None:
    other = AWS.replace("QZ7", "QZ8")
    scrubber = Scrubber()
    cleaned = scrubber(example(f'key = "{other}"\n', prompt=f'Rotate the key\nkey = "{AWS}"\n'))
    assert cleaned == Dropped("e", "private: nothing else was changed")
    moved = scrubber(
        example('to = "bob@corp-mail.com"\n', prompt='Write to another\nto = "ann@corp-mail.com"\n')
    )
    assert isinstance(moved, Example)
    assert (moved.prompt[-19:-2], moved.completion[6:-2]) == ("user1@example.org", "user2@example.org")


def test_provenance_is_cleaned_too() -> None:
    cleaned = Scrubber()(example("x", message="Thanks to ann.lee@corp-mail.com", commit="ab" * 20))
    assert isinstance(cleaned, Example)
    assert cleaned.provenance == {"message": "Thanks to user1@example.org", "commit": "ab" * 20}


def test_cleaned_python_still_parses() -> None:
    from crosstune.sources import SOURCES

    file = shared_data("commitpackft") / "oasst-commitpackft-manual.jsonl.gz"
    source = SOURCES.load("octogeex")
    settings = source.settings.model_validate({"path": str(file)})
    scrubber = Scrubber()
    changed = 0
    for each in source.examples(settings, file.parent, lambda *_: None):
        leaking = Example(
            each.id, each.prompt, f"{each.completion}\nK = '{AWS}' # ann.lee@corp-mail.com\n", "", "", ""
        )
        if each.language != "python" or not parses(leaking.completion):
            continue
        cleaned = scrubber(leaking)
        assert isinstance(cleaned, Example)
        assert AWS not in cleaned.completion
        assert parses(cleaned.completion)
        changed += 1
    assert changed > 60
    json.dumps(scrubber.counts)


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from crosstune.corpus.filters import _private_patterns

    _private_patterns._key_patterns.cache_clear()
    for name in [*sys.modules]:
        if name.startswith("detect_secrets"):
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "detect_secrets", None)
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[corpus\]'"):
        Scrubber()
    Scrubber(Privacy(keys="keep"))
    _private_patterns._key_patterns.cache_clear()
