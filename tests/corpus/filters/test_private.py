"""Secrets and personal data: found, replaced in the same format, counted."""

import ast
import base64
import json
import re
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
        (
            "Slack Token",
            "https://hooks.slack.com/services/" + "T0AB12CD3/B0AB12CD3/" + "aB3" * 8,
            "https://hooks.slack.com/xxxxxxxx/X0XX00XX0/X0XX00XX0/" + "xX0" * 8,
        ),
        ("Stripe Access Key", "sk_live_" + "a1" * 12, "xx_xxxx_" + "x0" * 12),
    ],
)
def test_keys_keep_their_format(kind: str, secret: str, replacement: str) -> None:
    text = f'key = "{secret}"\nprint(key)\n'
    cleaned, counts = scrubbed(text)
    assert cleaned == f'key = "{replacement}"\nprint(key)\n'
    assert counts[kind] >= 1
    assert scrubbed(cleaned) == (cleaned, {})


HEX, LETTERS = "0f3a" * 64, "aB3d" * 64
NEWER_KEYS = {
    "sk-proj-": LETTERS[:120],
    "sk-": HEX[:32],
    "sk-or-v1-": HEX[:64],
    "sk_": HEX[:48],
    "gsk_": LETTERS[:52],
    "r8_": LETTERS[:37],
    "xai-": LETTERS[:80],
    "pplx-": LETTERS[:48],
    "nvapi-": LETTERS[:64],
    "tvly-dev-": LETTERS[:32],
    "lsv2_pt_": f"{HEX[:32]}_{HEX[:10]}",
    "rubygems_": HEX[:48],
    "dckr_pat_": LETTERS[:27],
    "lin_api_": LETTERS[:40],
    "ntn_": "1234567890" + LETTERS[:36],
    "sntryu_": HEX[:64],
    "ATATT3": LETTERS[:186],
    "figd_": LETTERS[:40],
    "sbp_": HEX[:40],
    "NRAK-": "AB3" * 9,
    "glsa_": f"{LETTERS[:32]}_{HEX[:8]}",
    "glrt-": LETTERS[:20],
    "xapp-1-": f"A1B2-1234567890-{HEX[:64]}",
    "whsec_": LETTERS[:32],
    "PMAK-": f"{HEX[:24]}-{HEX[:34]}",
    "pat-na1-": f"{HEX[:8]}-{HEX[:4]}-{HEX[:4]}-{HEX[:4]}-{HEX[:12]}",
    "ya29.": LETTERS[:80],
    "AGE-SECRET-KEY-1": "QPZRY9X8GF" * 5 + "QPZRY9X8",
    "https://api.corp.io/v1?access_token=": LETTERS[:40],
    "https://a.blob.core.windows.net/c?sv=2020&sig=": "aB3d%2F" * 6 + "aB3d%3D",
    "https://discord.com/api/webhooks/123456789012345678/": LETTERS[:68],
    "https://api.telegram.org/bot": "123456789:AA" + LETTERS[:33],
    "Authorization: Basic ": base64.b64encode(b"ann:hunter2233").decode(),
}


@pytest.mark.parametrize("start", NEWER_KEYS)
def test_keys_of_newer_services_are_replaced(start: str) -> None:
    secret = NEWER_KEYS[start]
    for text in (f'key = "{start}{secret}"\nprint(key)\n', f"密钥是{start}{secret}。\n"):
        cleaned, counts = scrubbed(text)
        assert secret not in cleaned
        assert (len(cleaned), sum(counts.values())) == (len(text), 1)
        assert scrubbed(cleaned) == (cleaned, {})


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn-contrib-package-name-that-is-long-enough",
        "hf_hub_download gsk_something r8_model xai-sdk pat-na1-x key-value",
        "https://x.io/search?q=token&token=abc&key=1234",
        "https://x.io/?access_token=YOUR_ACCESS_TOKEN_GOES_HERE_0",
        "https://x.io/?token=<your_token_of_32_characters>&sig={signature_of_the_request_1}",
        "Authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=",
        "get('ann', 'hunter2233') sends Authorization: Basic YW5uOmh1bnRlcjIyMzM=",
        "Authorization: Basic authentication",
        "a9993e364706816aba3e25717850c26c9cd0d89d d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_what_only_looks_like_a_key_is_kept(text: str) -> None:
    assert scrubbed(text) == (text, {})


@pytest.mark.parametrize(
    ("address", "replaced"),
    [
        ("meredith@corp.com", True),
        ("barbara.h@corp.com", True),
        ("ann@test-systems.de", True),
        ("jürgen.müller@firma.de", True),
        ("émile@corp.fr", True),
        ("ann@münchen-shop.de", True),
        ("иван@corp.com", True),
        ("ann.lee%40corp-mail.com", True),
        ("me@corp.com", False),
        ("bar2@corp.com", False),
        ("test.user@corp.com", False),
        ("support@corp.com", False),
        ("ann@test.corp.com", False),
    ],
)
def test_addresses_of_people_and_of_roles(address: str, replaced: bool) -> None:
    expected = re.sub(".*(@|%40).*", r"user1\1example.org", address) if replaced else address
    for text in (
        "Mail {} now.",
        "联系{}。",
        "邮箱:{}谢谢",
        "Mail: {}",
        "メールは{}です",
        '# 作者{}\nx = "{}"\n',
    ):
        assert scrubbed(text.replace("{}", address))[0] == text.replace("{}", expected)


def test_an_ip_address_between_letters_of_other_scripts() -> None:
    assert scrubbed("地址93.184.215.14端口")[0] == "地址192.0.2.1端口"


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
