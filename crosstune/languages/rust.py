"""Rust."""

from crosstune.languages._language import Language, Tool
from crosstune.languages._rust_judging import INSTALL, JUDGING

LANGUAGE = Language(
    name="rust",
    title="Rust",
    extensions=(".rs",),
    fences=("rust", "rs"),
    comment="//",
    block="braces",
    tools=(
        Tool(name="rustc", install=INSTALL),
        Tool(name="cc", install="sudo apt-get install gcc libc6-dev"),
    ),
    judging=JUDGING,
)
