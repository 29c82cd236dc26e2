"""TypeScript."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="typescript",
    title="TypeScript",
    extensions=(".ts", ".mts", ".cts"),
    fences=("typescript", "ts"),
    comment="//",
    block="braces",
    stops=(
        "\nconst ",
        "\nfunction ",
        "\nlet ",
        "\nvar ",
        "\nclass ",
        "\ninterface ",
        "\ntype ",
        "\nenum ",
        "\nimport ",
        "\nexport ",
        "\nconsole.",
        "\n//",
        "\n/*",
        "\n```",
    ),
)
