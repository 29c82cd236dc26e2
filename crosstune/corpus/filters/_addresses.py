"""Search for e-mail and IP addresses in code and prose, leaving alone what only looks like one."""

from __future__ import annotations

import functools
import importlib.resources
import ipaddress
import re
from collections.abc import Iterator

Span = tuple[int, int]
"""The start and end of a match, in characters."""

LETTER = r"\w\u00c0-\u024f\u0370-\u052f"
"""Letters and digits, without those of scripts that put no space before an address (with ``re.ASCII``)."""
AT = r"\\?@|%40"
"""Before the domain, also in a Perl string and in a URL."""
EMAIL = re.compile(
    rf"(?<![{LETTER}.+-])[{LETTER}.+-]{{1,64}}(?:{AT})"
    rf"(?:[{LETTER}-]{{1,63}}\.){{1,5}}[A-Za-z]{{2,24}}(?![{LETTER}@(\[-])",
    re.ASCII,
)
NAME = re.compile(rf"[^\W_](?:[{LETTER}.+-]*[{LETTER}+-])?")
"""The part of an address before the ``@``: not what a pattern like ``[a-z]+@corp.com`` leaves of one."""
IMPERSONAL_EMAIL = re.compile(
    r"(?i)(?:^(?:example|git|no-?reply|do-?not-?reply|root|user|username|name|you|your[._-]?(?:name|e?mail)|me|foo|bar"
    r"|foobar|test|testuser|testing|e?mail|info|support|contact|admin|sales|help|security|postmaster|webmaster"
    r"|hostmaster|abuse|nobody|someone|mailer-daemon|ec2-user|ubuntu)(?:[\d_.+-][\w.+-]*)?@"
    r"|@(?:[\w-]+\.)*(?:example|test|invalid|localhost|domain|email|noreply)(?:\.|$)"
    r"|@users\.noreply\.github\.com$|@[a-z]\.[a-z]+$|@[1-9]x\.|\.(?:py|sh)$)"
)
"""Addresses of roles (`bar2@`, but not `barbara@`), of examples and no-reply addresses; also file names
(`icon@2x.io`)."""
CODE_LABELS = re.compile(r"(?:^(?:this|super|return|break|continue)@)|@(?:self|this|cls|super)\.")
"""`this@Activity.name` (Kotlin) and `x@self.data`, in code that no grammar reads."""
BEFORE = re.compile(r"(?:://[^\s/@]*|\w/|[%$@}*])$")
"""An address is not part of a URL, a path, a placeholder (``%s@corp.com``), an interpolation or a masked
address (``a***e@corp.com``)."""
ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|.)$")

IPV4 = re.compile(r"(?<![\w.+-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)", re.ASCII)
IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::|[0-9A-Fa-f]{1,4})(?:[0-9A-Fa-f:]*)(?![\w:])", re.ASCII
)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
PUBLIC_RESOLVERS = {
    *("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "208.67.222.222", "208.67.220.220"),
    *("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001"),
}
"""Well-known name servers do not identify a person (StarCoder kept them, too)."""
BEFORE_VERSION = re.compile(
    r"(?i)(?:(?:version|ver|release|rev|revision|build|since|v|section|chapter|rfc)[\W_]{0,6}|[=~<>!]=\s?|~>\s?|\^"
    r"|\b(?:chrome|chromium|crios|edge?|edg|edga|opr|opera|firefox|safari|version|applewebkit|gecko)/)$"
)
OBJECT_IDENTIFIER = re.compile(r"(?i)(?:\b|_)oid|object.?id|asn\.?1|x\.?509|snmp|\bmib\b")
LONGER_IDENTIFIER = re.compile(r"(?<![\d.])[0-2]\.\d+(?:\.\d+){3,}(?![\d.])")
SEPARATOR = r"[,;|]?\s?"
LARGEST_IN_VERSION = 20
"""An IPv4 address with no number above this is taken for a version."""


def emails(text: str, around: str) -> Iterator[Span]:
    """Yield the position of each person's e-mail address in ``text``, a part of the texts ``around``."""
    if "@" not in text and "%40" not in text:
        return
    for match in EMAIL.finditer(text):
        start = match.start() + _escaped(text, match.start())
        address = plain_email(text[start : match.end()])
        name, _, domain = address.partition("@")
        if (
            NAME.fullmatch(name)
            and domain.rpartition(".")[2].lower() in _top_level_domains()
            and not BEFORE.search(text[max(0, start - 80) : start])
            and not IMPERSONAL_EMAIL.search(address)
            and not CODE_LABELS.search(address)
            and not re.search(rf"(?i)\*[{LETTER}]{{0,3}}@{re.escape(domain)}", around)  # masked by the code
        ):
            yield start, match.end()


def plain_email(text: str) -> str:
    """The address without the escape of its ``@``."""
    return re.sub(AT, "@", text, count=1)


@functools.cache
def _top_level_domains() -> frozenset[str]:
    """Where people have addresses; an attribute (``x@self.weight``) is in none of them."""
    text = (importlib.resources.files("crosstune.corpus") / "data" / "top-level-domains.txt").read_text(
        "utf-8"
    )
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _escaped(text: str, start: int) -> int:
    """How many characters at ``start`` belong to an escape: ``\\n`` in ``\\nann@corp.com``."""
    if start == 0 or text[start - 1] != "\\":
        return 0
    for length in (5, 3, 1):
        if ESCAPE.search(text[max(0, start - 40) : start + length]):
            return length
    return 0


def addresses(text: str, around: str) -> Iterator[tuple[int, Span]]:
    """Yield the version (4 or 6) and position of each public IP address in ``text``, a part of ``around``."""
    for match in IPV4.finditer(text):
        if (
            match[0] not in PUBLIC_RESOLVERS
            and _is_public(match[0])
            and not _is_number(text, match)
            and not _is_computed(match[0], around)
        ):
            yield 4, match.span()
    if ":" in text:
        for match in IPV6.finditer(text):
            if (
                match[0].lower() not in PUBLIC_RESOLVERS
                and _is_public(match[0])
                and not _is_computed(match[0], around)
            ):
                yield 6, match.span()


def _is_number(text: str, match: re.Match[str]) -> bool:
    """Whether four dotted numbers are a version or an object identifier (2.5.29.17)."""
    before = text[max(0, match.start() - 60) : match.start()]
    numbers = [int(part) for part in match[0].split(".")]
    if max(numbers) <= LARGEST_IN_VERSION or BEFORE_VERSION.search(before):
        return True
    if numbers[0] > 2 or (numbers[0] < 2 and numbers[1] > 39):
        return False
    return numbers[:2] == [2, 5] or bool(OBJECT_IDENTIFIER.search(before) or LONGER_IDENTIFIER.search(text))


def _is_computed(address: str, texts: str) -> bool:
    """Whether the texts also have the address in another form: as a number, as its digits or parts in a row,
    reversed, with leading zeros, or (IPv6) shortened in another way. Code makes one of the other, and with
    another address tests would be wrong (``strip_zeros("216.08.094.196") == "216.8.94.196"``)."""
    value = ipaddress.ip_address(address)
    number = int(value)
    if re.search(rf"(?i)(?<!\w)(?:{number}|(?:0x)?0*{number:x}|(?:0b)?0*{number:b})(?!\w)", texts):
        return True
    if value.version == 6:
        return any(form != address and _equals(form, value) for form in IPV6.findall(texts))
    parts = address.split(".")
    with_zeros = r"\.".join(f"0*{part}" for part in parts)
    in_bits = r"\.".join(f"0*{int(part):b}" for part in parts)
    forms = {
        *re.findall(rf"(?<![\w.])(?:{with_zeros}|{in_bits})(?!\w|\.\d)", texts),
        *_reversed(parts, texts),
    }
    return forms > {address} or bool(re.search(rf"(?<!\d){SEPARATOR.join(parts)}(?!\d)", texts))


def _reversed(parts: list[str], texts: str) -> list[str]:
    return re.findall(rf"(?<![\w.]){re.escape('.'.join(reversed(parts)))}(?!\w|\.\d)", texts)


def _equals(text: str, value: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return ipaddress.ip_address(text) == value
    except ValueError:
        return False


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False  # for example a hardware address
    return address.is_global and not address.is_multicast
