"""Search code and prose for secrets by patterns.

Keys are searched for by the vendor-specific patterns of detect-secrets (bc-detect-secrets, Apache-2.0) and a
few newer ones. Not searched for: names of people, passwords by a variable's name, and strings of high
entropy. In code, most matches of the last two are harmless.
"""

from __future__ import annotations

import base64
import functools
import json
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
    "OpenAI API Key": r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}",
    "Anthropic API Key": r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}",
    "Google OAuth Secret": r"\bGOCSPX-[A-Za-z0-9_-]{28}",
    "DigitalOcean Token": r"\bdo[opr]_v1_[a-f0-9]{64}",
    "Shopify Token": r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    "PyPI Token": r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
    "Vault Token": r"\bhv[sbr]\.[A-Za-z0-9_-]{90,}",
    "Databricks Token": r"\bdapi[a-f0-9]{32}\b",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{34}\b",
    "Private Key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----([\s\S]{40,20000}?)-----END ",
}
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
            span = match.span(long[0] if long else 0)
            if not _is_harmless(kind, text, span):
                yield kind, span


def _is_harmless(kind: str, text: str, span: Span) -> bool:
    value, before, after = text[span[0] : span[1]], text[: span[0]], text[span[1] : span[1] + 8]
    if kind == "Azure Storage Account access key" and before.endswith("sha512-"):
        return True  # a checksum in a lock file
    if kind == "JSON Web Token":
        return not _is_token(value)
    if kind == "Basic Auth Credentials":
        user = before.rpartition("://")[2].rstrip(":")
        if value == user or DEFAULT_PASSWORDS.fullmatch(value) or after.startswith("@sha256:"):
            return True
    return kind != "Private Key" and bool(PLACEHOLDER.search(value))


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
    return (*patterns, *((kind, (), re.compile(pattern)) for kind, pattern in MORE_KEYS.items()))
