"""Rust."""

from crosstune.languages.rust._syntax import SYNTAX
from crosstune.languages._language import Language, Tool
from crosstune.languages.rust._judging import JUDGING
from crosstune.languages.rust._toolchain import INSTALL

LANGUAGE = Language(
    name="rust",
    title="Rust",
    extensions=(".rs",),
    fences=("rust", "rs"),
    comment="//",
    block="braces",
    stops=(
        "\nfn ",
        "\npub ",
        "\nuse ",
        "\nmod ",
        "\nimpl ",
        "\nstruct ",
        "\nenum ",
        "\ntrait ",
        "\n#[",
        "\n//",
        "\n/*",
        "\n```",
    ),
    tools=(
        Tool(name="rustc", install=INSTALL),
        Tool(name="cc", install="sudo apt-get install gcc libc6-dev"),
    ),
    syntax=SYNTAX,
    judging=JUDGING,
)
