"""Go."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="go",
    title="Go",
    extensions=(".go",),
    fences=("go", "golang"),
    comment="//",
    block="braces",
    stops=(
        "\nfunc ",
        "\ntype ",
        "\nvar ",
        "\nconst ",
        "\nimport ",
        "\npackage ",
        "\n//",
        "\n/*",
        "\n```",
    ),
)
