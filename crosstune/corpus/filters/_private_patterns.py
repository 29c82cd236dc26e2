"""Search code and prose for secrets by patterns.

Keys are searched for by the vendor-specific patterns of detect-secrets (bc-detect-secrets, Apache-2.0) and
those of newer services. Not searched for: names of people, passwords by a variable's name, and strings of
high entropy. In code, most matches of the last two are harmless.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterator

from crosstune.corpus.filters import _key_formats
from crosstune.errors import MissingExtra

PACKAGE = "detect_secrets"
Span = tuple[int, int]
"""The start and end of a match, in characters."""

PASSWORDS = {"Basic Auth Credentials"}
"""Kinds of secrets that code may have apart from the URL."""
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
SHORTEST_GROUP = 8
"""A shorter capturing group is only a prefix: the whole match is the secret."""
PLACEHOLDER = re.compile(
    r"(?i)[{}<>]|%[sdrfi(]|\.\.\.|\*\*\*|^(?:your|my|the|some)[_-]|example(?:key)?$|^(.)\1*$"
)
"""Values that stand for a secret: ``{password}``, ``%s``, ``<token>``, ``your-key``, ``xxxx``."""
DEFAULT_PASSWORDS = re.compile(
    r"(?i)passw(?:or)?d|pass|pwd?|secret|token|key|apikey|change-?me|admin|root|guest|user(?:name)?|test(?:ing)?"
    r"|foo|bar|example|dummy|default|postgres|mysql|redis|mongo|rabbit|[xyp]"
)
"""Passwords in URLs that keep nothing secret; nor does a password that equals the user's name."""


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
            groups = [index for index in range(1, pattern.groups + 1) if match[index]]
            long = [
                index for index in groups if len(match[index]) >= SHORTEST_GROUP or kind.startswith("Basic")
            ]
            span = _after_host(text, match.span(long[0] if long else 0))
            if not _is_harmless(kind, text, span):
                yield kind, span


def _after_host(text: str, span: Span) -> Span:
    """Without the scheme and the host, if a whole URL is secret."""
    url = re.compile(r"https?://[^/\s]+").match(text, *span)
    return (url.end(), span[1]) if url else span


def _is_harmless(kind: str, text: str, span: Span) -> bool:
    value, before, after = text[span[0] : span[1]], text[: span[0]], text[span[1] : span[1] + 8]
    if kind == "Azure Storage Account access key" and before.endswith("sha512-"):
        return True  # a checksum in a lock file
    if kind == "JSON Web Token":
        return not _is_token(value)
    if kind == "Basic Authorization":
        return _is_known_password(value, text)
    if kind == "Basic Auth Credentials":
        user = before.rpartition("://")[2].rstrip(":")
        if value == user or DEFAULT_PASSWORDS.fullmatch(value) or after.startswith("@sha256:"):
            return True
    return kind != "Private Key" and bool(PLACEHOLDER.search(value))


def _is_known_password(value: str, text: str) -> bool:
    """Whether the text has the password of an `Authorization` also as it is: then the code may compute it."""
    try:
        user, colon, password = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return True
    return (
        not colon or password in (user, "") or password in text or bool(DEFAULT_PASSWORDS.fullmatch(password))
    )


def _is_token(value: str) -> bool:
    """Whether the first part is an object in JSON; not so in ``keyJson.getString``."""
    head = value.partition(".")[0]
    try:
        return isinstance(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))), dict)
    except ValueError:
        return False


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
    return (*patterns, *_key_formats.compiled())
