"""Search for e-mail and IP addresses in code and prose, leaving alone what only looks like one."""

from __future__ import annotations

import functools
import importlib.resources
import ipaddress
import re
from collections.abc import Iterator

Span = tuple[int, int]
"""The start and end of a match, in characters."""

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w@(\[-])")
NAME = re.compile(r"[A-Za-z0-9](?:[\w.+-]*[\w+-])?")
"""The part of an address before the ``@``: not what a pattern like ``[a-z]+@corp.com`` leaves of one."""
IMPERSONAL_EMAIL = re.compile(
    r"(?i)(?:^(?:example|git|no-?reply|do-?not-?reply|root|user|username|name|you|your\.?name|me|foo|bar|test|email|mail"
    r"|info|postmaster|webmaster|hostmaster|abuse|nobody|mailer-daemon|ec2-user|ubuntu)[\w.+-]*@"
    r"|@(?:[\w-]+\.)*(?:example|test|invalid|localhost|domain|email|noreply)\b"
    r"|@users\.noreply\.github\.com$|@[a-z]\.[a-z]+$|@[1-9]x\.|\.(?:py|sh)$)"
)
"""Addresses of roles, of examples and no-reply addresses; also file names (`icon@2x.io`)."""
CODE_LABELS = re.compile(r"(?:^(?:this|super|return|break|continue)@)|@(?:self|this|cls|super)\.")
"""`this@Activity.name` (Kotlin) and `x@self.data`, in code that no grammar reads."""
BEFORE = re.compile(r"(?:://[^\s/@]*|\w/|[%$@}])$")
"""An address is not part of a URL, a path, a placeholder (``%s@corp.com``) or an interpolation."""
ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|.)$")

IPV4 = re.compile(r"(?<![\w.+-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::|[0-9A-Fa-f]{1,4})(?:[0-9A-Fa-f:]*)(?![\w:])")
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
PUBLIC_RESOLVERS = {
    *("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "208.67.222.222", "208.67.220.220"),
    *("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001"),
}
"""Well-known name servers do not identify a person (StarCoder kept them, too)."""
BEFORE_VERSION = re.compile(
    r"(?i)(?:(?:version|ver|release|rev|revision|build|v|section|chapter|rfc)[\W_]{0,6}|[=~<>!]=\s?|~>\s?|\^)$"
)
OBJECT_IDENTIFIER = re.compile(r"(?i)(?:\b|_)oid|object.?id|asn\.?1|x\.?509|snmp|\bmib\b")
LONGER_IDENTIFIER = re.compile(r"(?<![\d.])[0-2]\.\d+(?:\.\d+){3,}(?![\d.])")
SEPARATOR = r"[,;|]?\s?"
LARGEST_IN_VERSION = 20
"""An IPv4 address with no number above this is taken for a version."""


def emails(text: str) -> Iterator[Span]:
    if "@" not in text:
        return
    for match in EMAIL.finditer(text):
        start = match.start() + _escaped(text, match.start())
        name, _, domain = text[start : match.end()].partition("@")
        address = f"{name}@{domain}"
        if (
            NAME.fullmatch(name)
            and domain.rpartition(".")[2].lower() in _top_level_domains()
            and not BEFORE.search(text[max(0, start - 80) : start])
            and not IMPERSONAL_EMAIL.search(address)
            and not CODE_LABELS.search(address)
        ):
            yield start, match.end()


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


def addresses(text: str) -> Iterator[tuple[int, Span]]:
    """Yield the version (4 or 6) and position of each public IP address."""
    for match in IPV4.finditer(text):
        if match[0] not in PUBLIC_RESOLVERS and _is_public(match[0]) and not _is_number(text, match):
            yield 4, match.span()
    if ":" in text:
        for match in IPV6.finditer(text):
            if match[0].lower() not in PUBLIC_RESOLVERS and _is_public(match[0]):
                yield 6, match.span()


def _is_number(text: str, match: re.Match[str]) -> bool:
    """Whether four dotted numbers are a version, an object identifier (2.5.29.17), or computed: the text also
    has their digits or the four numbers in a row."""
    apart = match[0].replace(".", SEPARATOR)
    if re.search(rf"(?<!\d){apart}(?!\d)", text):
        return True
    before = text[max(0, match.start() - 60) : match.start()]
    numbers = [int(part) for part in match[0].split(".")]
    if max(numbers) <= LARGEST_IN_VERSION or BEFORE_VERSION.search(before):
        return True
    if numbers[0] > 2 or (numbers[0] < 2 and numbers[1] > 39):
        return False
    return numbers[:2] == [2, 5] or bool(OBJECT_IDENTIFIER.search(before) or LONGER_IDENTIFIER.search(text))


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False  # for example a hardware address
    return address.is_global and not address.is_multicast
