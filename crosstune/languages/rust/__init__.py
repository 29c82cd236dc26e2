"""Rust."""

from crosstune.languages._language import Description, Language
from crosstune.languages._tools import Tool
from crosstune.languages.rust import _crates, _toolchain
from crosstune.languages.rust._exercises import IDIOMS, format_literal
from crosstune.languages.rust._judging import JUDGING
from crosstune.languages.rust._syntax import SYNTAX
from crosstune.languages.rust._typed import TYPED
from crosstune.languages.rust._whole_program import WHOLE_PROGRAMS

LANGUAGE = Language(
    name="rust",
    title="Rust",
    extensions=(".rs",),
    fences=("rust", "rs"),
    line_comment="//",
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
        _toolchain.RUSTC,
        Tool(name="cc", package="gcc libc6-dev", purpose="linking Rust"),
    ),
    preparations=(_crates.PREPARATION,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=JUDGING,
    whole_programs=WHOLE_PROGRAMS,
    language_set="usual",
    description=Description(
        tested="Rust 1.95",
        run=(
            "one crate, whose test functions are called by crosstune's `main`, linked with the shared "
            "standard library ([more](#rust))"
        ),
        undefended=(
            "operators that return numbers, and methods, of its own types where there is no declaration; an "
            "equality of types with nothing in them; `unsafe`, assembler"
        ),
    ),
)
