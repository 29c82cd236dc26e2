"""Formats of keys that detect-secrets does not know, as the services publish them.

A format has a fixed beginning and length, so it hardly ever matches anything else.
"""

from __future__ import annotations

import re

_A = "[A-Za-z0-9]"
_W = "[A-Za-z0-9_-]"
_HEX = "[a-f0-9]"

KEY_FORMATS: dict[str, tuple[tuple[str, ...], str]] = {
    "GitHub Token": (("gh", "github_pat_"), rf"\b(?:gh[pousr]_{_A}{{36}}|github_pat_[A-Za-z0-9_]{{82}})"),
    "GitLab Token": (("gl",), rf"\bgl(?:pat|dt|rt|ft|soat|cbt|ptt|imt|agent)-{_W}{{20}}"),
    "Google API Key": (("AIza",), rf"\bAIza{_W}{{35}}"),
    "Google OAuth Secret": (("GOCSPX-",), rf"\bGOCSPX-{_W}{{28}}"),
    "Google OAuth Token": (("ya29.", "1//0"), rf"(?:\bya29\.|(?<![\w/])1//0){_W}{{60,}}"),
    "OpenAI API Key": (
        ("sk-",),
        rf"\bsk-(?:(?:proj-|svcacct-|admin-)?{_W}{{20,}}T3BlbkFJ{_W}{{20,}}|proj-{_W}{{60,}}|{_A}{{32,64}}\b)",
    ),
    "OpenRouter API Key": (("sk-or-",), rf"\bsk-or-v1-{_HEX}{{64}}\b"),
    "Anthropic API Key": (("sk-ant-",), rf"\bsk-ant-[a-z0-9]+-{_W}{{80,}}"),
    "ElevenLabs API Key": (("sk_",), rf"\bsk_{_HEX}{{48}}\b"),
    "Groq API Key": (("gsk_",), rf"\bgsk_{_A}{{52}}\b"),
    "Replicate Token": (("r8_",), rf"\br8_{_A}{{37}}\b"),
    "xAI API Key": (("xai-",), rf"\bxai-{_A}{{70,90}}\b"),
    "Perplexity API Key": (("pplx-",), rf"\bpplx-{_A}{{48}}\b"),
    "NVIDIA API Key": (("nvapi-",), rf"\bnvapi-{_W}{{60,70}}(?!{_W})"),
    "Tavily API Key": (("tvly-",), rf"\btvly-(?:(?:dev|prod)-)?{_A}{{32}}\b"),
    "LangSmith API Key": (("lsv2_",), rf"\blsv2_(?:pt|sk)_{_HEX}{{32}}_{_HEX}{{10}}\b"),
    "Hugging Face Token": (("hf_",), rf"\bhf_{_A}{{34}}\b"),
    "DigitalOcean Token": (("_v1_",), rf"\bdo[opr]_v1_{_HEX}{{64}}"),
    "Shopify Token": (("shp",), r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    "PyPI Token": (("pypi-",), rf"\bpypi-AgEIcHlwaS5vcmc{_W}{{50,}}"),
    "RubyGems Token": (("rubygems_",), rf"\brubygems_{_HEX}{{48}}\b"),
    "Docker Token": (("dckr_",), rf"\bdckr_[po]at_{_W}{{27,32}}(?!{_W})"),
    "Vault Token": (("hv",), rf"\bhv[sbr]\.{_W}{{90,}}"),
    "Databricks Token": (("dapi",), rf"\bdapi{_HEX}{{32}}\b"),
    "Linear API Key": (("lin_",), rf"\blin_(?:api|oauth)_{_A}{{40,64}}\b"),
    "Notion Token": (("ntn_", "secret_"), rf"\b(?:ntn_[0-9]{{10,11}}{_A}{{35,36}}|secret_{_A}{{43}})\b"),
    "Sentry Token": (("sntry",), rf"\b(?:sntrys_eyJ[A-Za-z0-9+/=_-]{{40,}}|sntryu_{_HEX}{{64}})"),
    "Atlassian Token": (("ATATT3", "ATCTT3"), r"\bAT[AC]TT3[A-Za-z0-9_=-]{100,}"),
    "Trello Token": (("ATTA",), r"\bATTA[a-fA-F0-9]{60,80}\b"),
    "Figma Token": (("figd_",), rf"\bfigd_{_W}{{40}}"),
    "PlanetScale Password": (("pscale_",), r"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64}"),
    "Supabase Token": (("sbp_", "sb_secret_"), rf"\b(?:sbp_{_HEX}{{40}}|sb_secret_{_W}{{30,}})"),
    "New Relic Key": (("NRAK-", "NRJS-"), rf"\b(?:NRAK-[A-Z0-9]{{27}}|NRJS-{_HEX}{{19}})\b"),
    "Grafana Token": (
        ("glsa_", "glc_"),
        rf"\b(?:glsa_{_A}{{32}}_[A-Fa-f0-9]{{8}}|glc_[A-Za-z0-9+/]{{32,400}})",
    ),
    "Slack App Token": (("xapp-",), rf"\bxapp-[0-9]-[A-Z0-9]+-[0-9]+-{_HEX}{{40,}}"),
    "Telegram Token": ((":AA",), rf"(?:\bbot|(?<![\w:]))([0-9]{{8,10}}:AA{_W}{{33}})(?!{_W})"),
    "Discord Webhook": (
        ("/api/webhooks/",),
        rf"discord(?:app)?\.com/api/webhooks/[0-9]{{17,20}}/({_W}{{60,}})",
    ),
    "Mailgun API Key": (("key-",), rf"\bkey-{_HEX}{{32}}\b"),
    "Brevo API Key": (("xkeysib-",), rf"\bxkeysib-{_HEX}{{64}}-{_A}{{16}}\b"),
    "Stripe Webhook Secret": (("whsec_",), r"\bwhsec_[A-Za-z0-9+/]{32,}"),
    "Airtable Token": (("pat",), rf"\bpat{_A}{{14}}\.{_HEX}{{64}}\b"),
    "HubSpot Token": (("pat-",), rf"\bpat-(?:na|eu)[0-9]-{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}\b"),
    "Postman API Key": (("PMAK-",), rf"\bPMAK-{_HEX}{{24}}-{_HEX}{{34}}\b"),
    "Pulumi Token": (("pul-",), rf"\bpul-{_HEX}{{40}}\b"),
    "Terraform Token": ((".atlasv1.",), rf"\b{_A}{{14}}\.atlasv1\.[A-Za-z0-9_=-]{{60,70}}"),
    "Doppler Token": (("dp.",), rf"\bdp\.(?:pt|st|ct|sa)\.(?:[a-z0-9_-]+\.)?{_A}{{40,44}}\b"),
    "Dynatrace Token": (("dt0c01.",), r"\bdt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b"),
    "Netlify Token": (("nfp_",), rf"\bnfp_{_A}{{36}}\b"),
    "age Secret Key": (("AGE-SECRET-KEY-1",), r"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b"),
    "Private Key": (
        ("PRIVATE KEY",),
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----([\s\S]{40,20000}?)-----END ",
    ),
    "Token in a URL": (
        ("=",),
        (
            r"(?i)[?&](?:(?:access_?|auth_?)?token|api_?key|(?:client_)?secret|password|(?:x-amz-)?sig(?:nature)?)"
            r"=(?=[^&\s]*[0-9])(?=[^&\s]*[a-z])((?:[a-z0-9_.~+/-]|%[0-9a-f]{2}){20,})"
        ),
    ),
    "Basic Authorization": (
        ("asic ",),
        r"(?i)\bauthorization\b[\"']?\s*[:=,]\s*[\"'`]?basic\s+([a-z0-9+/]{8,}={0,2})",
    ),
}
"""For each kind: the texts of which one must occur, and the pattern."""


def compiled() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """(kind, required texts, pattern); letters of other scripts end a word, as no key has them."""
    return tuple(
        (kind, required, re.compile(text, re.ASCII)) for kind, (required, text) in KEY_FORMATS.items()
    )
