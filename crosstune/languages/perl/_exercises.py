"""The idioms of the exercises in Perl."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "setup": "use List::Util qw(sum0 max min);\n",
    "reserved": "last push shift times",
    "variable": "${0}",
    "declare": "sub {0} {{\n    my (${1}) = @_;",
    "define": "\n    return {0};\n}}\n",
    "assert": "die unless {0} == {1};\n",
    "assert text": "die unless {0} eq {1};\n",
    "assert truth": "die unless !{0} == !{1};\n",
    "assert list": 'die unless "@{{{0}}}" eq "@{{{1}}}";\n',
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "[@{{{0}}}[0 .. min({1}, scalar @{{{0}}}) - 1]]",
    "skip": "[@{{{0}}}[{1} .. $#{{{0}}}]]",
    "last": "[@{{{0}}}[max(0, @{{{0}}} - {1}) .. $#{{{0}}}]]",
    "append": "[@{{{0}}}, {1}]",
    "prepend": "[{1}, @{{{0}}}]",
    "holds": "scalar(grep {{ $_ == {1} }} @{{{0}}})",
    "lacks": "!grep {{ $_ == {1} }} @{{{0}}}",
    "sum": "sum0(@{{{0}}})",
    "length": "scalar(@{{{0}}})",
    "greatest": "max(@{{{0}}})",
    "least": "min(@{{{0}}})",
    "repeat": "{0} x {1}",
    "fill after": "sprintf('%-{1}s', {0})",
    "fill before": "sprintf('%{1}s', {0})",
    "each": "[map {{ my $x = $_; {1} }} @{{{0}}}]",
    "keep": "[grep {{ my $x = $_; {1} }} @{{{0}}}]",
    "all": "!grep {{ my $x = $_; !({1}) }} @{{{0}}}",
    "any": "scalar(grep {{ my $x = $_; {1} }} @{{{0}}})",
}


def format_literal(value: object) -> str:
    """A value as Perl source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{format_literal(k)} => {format_literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, str):
        return text(value)
    return "undef" if value is None else str(int(value)) if isinstance(value, bool) else repr(value)


def text(value: str) -> str:
    """In double quotes, where ``$`` and ``@`` would begin variables."""
    return quoted(value).replace("$", "\\$").replace("@", "\\@")
