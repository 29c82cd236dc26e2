"""Rust."""

from crosstune.languages._language import Language

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
)
