"""Search code and prose for secrets and personal data by patterns.

Keys are searched for by the vendor-specific patterns of detect-secrets (bc-detect-secrets, Apache-2.0) and a
few newer ones. Not searched for: names of people, passwords by a variable's name, and strings of high
entropy. In code, most matches of the last two are harmless.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterator

from crosstune.errors import MissingExtra

PACKAGE = "detect_secrets"
Span = tuple[int, int]
"""The start and end of a match, in characters."""

UNUSED_DETECTORS = {
    "Base64HighEntropyString",
    "HexHighEntropyString",
    "KeywordDetector",
    "PrivateKeyDetector",
}
"""The first three mostly match harmless text (for StarCoder, arXiv 2305.06161, BigCode left them out or
filtered them with a model); the last matches only the first line of a key."""
REQUIRED_TEXT = {
    "ArtifactoryDetector": ("AKC", "artif", "jfrog", "buildkit"),
    "AzureStorageKeyDetector": ("==",),
    "CloudantDetector": ("cloudant",),
    "DiscordBotTokenDetector": (".",),
    "IbmCloudIamDetector": ("ibm",),
    "IbmCosHmacDetector": ("cos_", "cos-", "hmac"),
    "MailchimpDetector": ("-us",),
    "NpmDetector": ("npm", "_authtoken"),
    "SoftlayerDetector": ("softlayer",),
}
"""Slow patterns are tried only on texts that contain one of these, as written or in lower case."""
MORE_KEYS = {
    "GitHub Token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})",
    "GitLab Token": r"\bglpat-[A-Za-z0-9_-]{20}",
    "Google API Key": r"\bAIza[A-Za-z0-9_-]{35}",
    "OpenAI API Key": r"\bsk-(?:proj-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{34}\b",
    "Private Key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----([\s\S]{40,20000}?)-----END ",
}
SHORTEST_GROUP = 8
"""A shorter capturing group is only a prefix: the whole match is the secret."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w@(\[-])")
IMPERSONAL_EMAIL = re.compile(
    r"(?i)(?:^(?:git|no-?reply|root|user|username|name|you|your\.?name|me|foo|bar|test|email|mail|info)"
    r"[\w.+-]*@|@(?:[\w-]+\.)*(?:example|test|invalid|localhost|domain|email|noreply)\b"
    r"|@users\.noreply\.github\.com$|\.(?:png|jpe?g|gif|svg|webp|js|css|html?|py|rb|php|local|dot|shape)$)"
)
"""Example and no-reply addresses; also file names (`icon@2x.png`) and attributes that look like addresses."""
IN_URL = re.compile(r"://[^\s/@]*$")
IPV4 = re.compile(r"(?<![\w.+-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::|[0-9A-Fa-f]{1,4})(?:[0-9A-Fa-f:]*)(?![\w:])")
PUBLIC_RESOLVERS = {
    "8.8.8.8",
    "8.8.4.4",
    "1.1.1.1",
    "1.0.0.1",
    "9.9.9.9",
    "208.67.222.222",
    "208.67.220.220",
}
"""Well-known name servers do not identify a person (StarCoder kept them, too)."""
AFTER_VERSION = re.compile(r"(?i)(?:version|ver|release|v|rev|revision)\W{0,4}$")
LARGEST_IN_VERSION = 20
"""An IPv4 address with no number above this is taken for a version."""


def keys(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the kind and position of each secret.

    Raises:
        MissingExtra: detect-secrets is not installed.
    """
    lowered = text.lower()
    for kind, required, pattern in _key_patterns():
        if required and not any(each in text or each in lowered for each in required):
            continue
        for match in pattern.finditer(text):
            if kind == "Azure Storage Account access key" and text[: match.start()].endswith("sha512-"):
                continue  # a checksum in a lock file
            groups = [index for index in range(1, pattern.groups + 1) if match[index]]
            long = [
                index for index in groups if len(match[index]) >= SHORTEST_GROUP or kind.startswith("Basic")
            ]
            yield kind, match.span(long[0] if long else 0)


@functools.cache
def _key_patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """(kind, required texts, pattern)."""
    try:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    except ImportError:
        raise MissingExtra("bc-detect-secrets", "corpus") from None
    patterns = [
        (kind, REQUIRED_TEXT.get(detector.__name__, ()), pattern)
        for kind, detector in sorted(get_mapping_from_secret_type_to_class().items())
        if detector.__name__ not in UNUSED_DETECTORS
        for pattern in getattr(detector, "denylist", ())
    ]
    return (*patterns, *((kind, (), re.compile(pattern)) for kind, pattern in MORE_KEYS.items()))


def emails(text: str) -> Iterator[Span]:
    if "@" in text:
        for match in EMAIL.finditer(text):
            before = text[max(0, match.start() - 80) : match.start()]
            if not IMPERSONAL_EMAIL.search(match[0]) and not IN_URL.search(before):
                yield match.span()


def addresses(text: str) -> Iterator[tuple[int, Span]]:
    """Yield the version (4 or 6) and position of each public IP address."""
    for match in IPV4.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        numbers = [int(part) for part in match[0].split(".")]
        is_version = max(numbers) <= LARGEST_IN_VERSION or AFTER_VERSION.search(before)
        if not is_version and match[0] not in PUBLIC_RESOLVERS and _is_public(match[0]):
            yield 4, match.span()
    if ":" in text:
        for match in IPV6.finditer(text):
            if _is_public(match[0]):
                yield 6, match.span()


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast
