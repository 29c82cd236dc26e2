"""Code reads as before when private data are replaced: true and false cases, as people write them."""

from __future__ import annotations

import ast
import json

import pytest

from crosstune.corpus import Dropped, Scrubber
from crosstune.corpus.filters._code_parts import code_parts
from crosstune.records import Example, Turn

HARMLESS = {
    "python": [
        "class Dense:\n    def __call__(self, x):\n        return x@self.weight + self.bias\n",
        "def f(q, k):\n    scores = q@k.to_dense.io\n    return scores\n",
        "y = model.x@other.name\n",
        "a = b@c.info\nprint(a)\n",
        'def address(user, password, host):\n    return f"postgresql://{user}:{password}@{host}/db"\n',
        'URL = "mysql://%s:%s@%s/db" % (user, password, host)\n',
        'URL = "amqp://{}:{}@{}".format(user, password, host)\n',
        'URL = "ftp://%(user)s:%(password)s@corp.com/"\n',
        'URL = "postgres://postgres:postgres@localhost/db"\n',
        'URL = "redis://user:password@cache.corp.com"\n',
        'TO = "%s@corp.com" % name\n',
        'TO = f"{name}@corp.com"\n',
        'EMAIL = re.compile(r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$")\n',
        'EMAIL = re.compile(r"[a-z]+@corp.com")\n',
        'EMAIL = re.compile(r"\\w+@corp.com")\n',
        'EMAIL = re.compile(r"(\\S+)@(\\S+)")\n',
        "@app.route('/x')\n@pytest.fixture\ndef f(): pass\n",
        'ARCS = ["2.5.29.17", "2.5.29.31", "1.3.6.1.4.1.311.20.2.3"]\n',
        'SUBJECT_ALT_NAME_OID = "2.5.29.17"\n',
        'oid = "1.3.36.3"  # Teletrust\n',
        '__version__ = "1.22.33.4"\n',
        'VERSION = "2.21.37.4"\n',
        'install_requires = ["package==1.30.44.2", "other>=93.25.30.1", "third~=1.25.30.4"]\n',
        "assert addresses('101023') == ['1.0.10.23', '101.0.2.3']\n",
        "assert parse('93.184.215.14') == [93, 184, 215, 14]\n",
        "assert strip('216.08.094.0196') == '216.8.94.196'\n",
        "assert to_int('128.114.17.104') == 2154959208\nassert to_ip(2154959208) == '128.114.17.104'\n",
        "assert to_hex('128.114.17.104') == '0x80721168'\n",
        "assert to_bits('128.32.10.1') == '10000000.00100000.00001010.00000001'\n",
        "assert pointer('93.184.215.14') == '14.215.184.93.in-addr.arpa'\n",
        "assert short('2a00:1450:4001:0830:0000:0000:0000:200e') == '2a00:1450:4001:830::200e'\n",
        "assert mask('LeetCode@LeetCode.com') == 'l*****e@leetcode.com'\n",
        "AGENT = 'Chrome/91.0.147.124'\n",
        'MAC = "de:ad:be:ef:ca:fe:ba:be"\n',
        "total = keyJson.get(x)\nname = eyJson.value.other\n",
        'SAMPLE = "AKIAIOSFODNN7EXAMPLE"\n',
        'IMAGE = "docker://alpine:3.18@sha256:' + "ab" * 32 + '"\n',
        "assert parse('a@b.c') == ('a', 'b.c')\n",
        "x = y[2001:4860:4860]\n",
        "logo = 'icon@2x.io'\n",
    ],
    "kotlin": ["class A {\n  fun f() { val x = this@Outer.name\n    println(this@Main.info) }\n}\n"],
    "r": ["y <- object@slot.name\nz <- fit@call.info\n"],
    "ocaml": ["let x = xs@M.name\n"],
    "java": [
        '@Value("${mail.user}@corp.com")\nclass A { String oid = "2.5.29.35"; }\n',
        "class A { void f() { JSONObject x = keyJson.getJSONObject(name); } }\n",
    ],
    "javascript": [
        "const url = `https://${user}:${password}@${host}/`;\n",
        "const to = `${name}@corp.com`;\nimport x from 'scope/pkg@v1.io';\n",
        "const re = /^\\w+([.-]?\\w+)*@\\w+([.-]?\\w+)*(\\.\\w{2,3})+$/;\n",
    ],
    "php": ['<?php $url = "ftp://$user:$password@corp.com"; $to = "$name@corp.com";\n'],
    "perl": ['my $to = "$name\\@corp.com";\n'],
    "shell": ["curl https://$USER:$PASSWORD@corp.com/\n", "pip install 'package==1.30.44.2'\n"],
    "ruby": ['to = "#{name}@corp.com"\ngem "x", "~> 4.25.1.3"\n'],
    "csharp": ['[assembly: AssemblyVersion("4.25.30.1")]\nclass A { string s = $"{user}@corp.com"; }\n'],
    "go": ['var url = fmt.Sprintf("postgres://%s:%s@%s/db", user, password, host)\n'],
    "": [
        "return x@self.weight + self.bias",
        "    h = x@this.weight.name\n",
        "git clone git@github.com:ann/shapes.git",
        "uses: actions/checkout@v4.io",
        "RFC 5280, section 24.2.21.6",
        "<Version>6.0.21.4</Version>",
        "postgresql://<user>:<password>@host/db",
        "https://user:***@host",
    ],
}

AWS = "AKIA" + "QZ7W3XAMPLE7RPT2"
GITHUB = "ghp_" + "a1B2" * 9
MAIL, OTHER, ADDRESS = "ann.lee@corp-mail.com", "bo@firma.de", "93.184.215.14"

SECRETS = {
    "python": [
        (f'def connect():\n    return boto("{AWS}")\n', AWS),
        (f"# ask {MAIL} about this\nx = a@b.T\n", MAIL),
        (f'def f():\n    """Mail {MAIL}\\nor not."""\n', MAIL),
        (f'text = "first\\n{MAIL}\\nlast"\n', MAIL),
        (f'text = b"\\x41{MAIL}"\n', MAIL),
        (f'x = f"{{user}} wrote to {MAIL} from {ADDRESS}"\n', MAIL),
        (f'SERVERS = ["{ADDRESS}", "2a00:1450:4001:830::200e"]\n', ADDRESS),
        ('url = "https://ann:hunter22@db.corp.io/x"\n', "hunter22"),
        ('url = f"https://ann:hunter22@{host}/x"\n', "hunter22"),
        (f"__author__ = 'Ann Lee <{MAIL}>'\n", MAIL),
        (f"assert lower('{MAIL.title()}') == '{MAIL}'\n", MAIL),
        (f'print "{MAIL}"\nx = 1\n', MAIL),
        (f'É = "é {MAIL} é"  # é\ny = É@z.io\n', MAIL),
    ],
    "javascript": [
        (f"const a = '{MAIL}'; // {OTHER}\n", OTHER),
        (f"fetch(`http://{ADDRESS}/${{x}}`);\n", ADDRESS),
    ],
    "java": [
        (f'class A {{ String s = "{GITHUB}"; }}\n', GITHUB),
        (f"/** @author {MAIL} */\nclass A {{}}\n", MAIL),
    ],
    "go": [(f"// {MAIL}\nvar s = `{GITHUB}`\n", GITHUB)],
    "c": [(f'/* {MAIL} */ const char *s = "{AWS}";\n', AWS)],
    "rust": [(f'fn main() {{ let s = "{MAIL}"; }}\n', MAIL)],
    "scala": [(f'val s = s"$name wrote to {MAIL}, ${{x}} to {OTHER}"\n', MAIL)],
    "haskell": [(f'-- | By {OTHER}\nmodule A where\nx = "{MAIL}"\n', OTHER)],
    "perl": [('my $x = "ann.lee\\@corp-mail.com";\n', "ann.lee")],
    "elixir": [(f"# {OTHER}\nx = ~s({MAIL})\n", MAIL)],
    "kotlin": [(f'val s = "$name wrote to {MAIL}"\n', MAIL)],
    "shell": [
        (f"export AWS_KEY={AWS}\ngit config user.email {MAIL}\n", MAIL),
        (f"curl -H 'token: {GITHUB}'\n", GITHUB),
    ],
    "": [
        (f"AWS_ACCESS_KEY_ID={AWS}\nMAIL={MAIL}\n", AWS),
        (f'{{"mail": "{MAIL}", "key": "{GITHUB}"}}', GITHUB),
        (f"Write to {MAIL}.", MAIL),
        (f"mailto:{MAIL}", MAIL),
        (MAIL, MAIL),
        (f"Use this:\n\n```python\nx = a@b.io\nmail = '{MAIL}'\n```\n", MAIL),
        (f"host: {ADDRESS}\nuser: ann\n", ADDRESS),
    ],
}  # fmt: skip


def scrubbed(text: str, language: str, prompt: str = "Do it.") -> Example | Dropped:
    return Scrubber()(Example("e", prompt, text, language, "t", "s"))


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in HARMLESS.items() for text in texts]
)
def test_what_only_looks_private_is_kept(language: str, text: str) -> None:
    for name in {language, ""} if language in {"python", "", "shell"} else {language}:
        result = scrubbed(text, name)
        assert isinstance(result, Example)
        assert result.completion == text


@pytest.mark.parametrize(
    ("language", "text", "secret"),
    [(language, text, secret) for language, texts in SECRETS.items() for text, secret in texts],
)
def test_secrets_are_replaced_and_code_reads_as_before(language: str, text: str, secret: str) -> None:
    result = scrubbed(text, language)
    assert isinstance(result, Example)
    assert secret not in result.completion
    if language not in {"", "shell", "elixir"} or "```" in text:
        before, after = code_parts(text, language), code_parts(result.completion, language)
        assert [each.reading for each in before] == [each.reading for each in after] != []
    if text.startswith("{"):
        json.loads(result.completion)


def test_code_after_a_commit_s_subject_is_code() -> None:
    code = f"import a\nx = b@c.name\n# {MAIL}\n"
    cleaned = scrubbed(code.replace("b@", "d@"), "python", f"Use another layer here\n{code}")
    assert isinstance(cleaned, Example)
    assert cleaned.prompt == "Use another layer here\n" + code.replace(MAIL, "user1@example.org")


def test_an_address_taken_apart_still_fits() -> None:
    text = f'def test_split():\n    assert split("{MAIL}") == ("ann.lee", "corp-mail.com")\n'
    cleaned = scrubbed(text, "python")
    assert isinstance(cleaned, Example)
    assert cleaned.completion == text.replace("ann.lee", "user1").replace("corp-mail.com", "example.org")
    ast.parse(cleaned.completion)


def test_spellings_of_one_address_stay_spellings_of_one() -> None:
    text = (
        'assert lower("Ann.Lee@Corp-Mail.COM") == "ann.lee@corp-mail.com"\nassert quote("%40") == "%2540"\n'
    )
    cleaned = scrubbed(text, "python")
    assert isinstance(cleaned, Example)
    assert cleaned.completion.startswith('assert lower("user1@example.org") == "user1@example.org"\n')
    perl = scrubbed('my $x = "ann.lee\\@corp-mail.com";\nok(f($x) eq "corp-mail.com");\n', "perl")
    assert isinstance(perl, Example)
    assert perl.completion == 'my $x = "user1\\@example.org";\nok(f($x) eq "example.org");\n'


def test_a_password_taken_out_of_its_url_still_fits() -> None:
    text = 'assert parse("https://ann:hunter22@corp.io/").password == "hunter22"\n'
    cleaned = scrubbed(text, "python")
    assert isinstance(cleaned, Example)
    assert cleaned.completion == text.replace("hunter22", "xxxxxx00")


def test_what_the_tests_compute_is_kept_in_all_texts() -> None:
    tests = 'assert strip("216.08.094.196") == "216.8.94.196"'
    example = Example("e", "Make 216.8.94.196.", "x = 1\n", "python", "t", "s", {"tests": tests})
    assert Scrubber()(example) == example


def test_a_key_with_an_escape_in_it_drops_the_example() -> None:
    """Masking would make another escape of it."""
    text = 'key = "' + f"-----BEGIN {'PRIVATE'} KEY-----\\n" + "\\u00e9" + "aB3" * 20 + "-----END "
    result = scrubbed(f'{text}PRIVATE KEY-----"\n', "python")
    assert result == Dropped("e", "private: Private Key, and the code would change with it")


def test_system_prompts_and_earlier_turns_are_cleaned() -> None:
    example = Example(
        *("e", "Q", "A", "", "t", "s"), system=f"Mail {MAIL}", history=(Turn("user", f"I am {MAIL}."),)
    )
    cleaned = Scrubber()(example)
    assert isinstance(cleaned, Example)
    assert (cleaned.system, cleaned.history[0].content) == (
        "Mail user1@example.org",
        "I am user1@example.org.",
    )
