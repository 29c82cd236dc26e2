"""Java."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="java",
    title="Java",
    extensions=(".java",),
    fences=("java",),
    comment="//",
    block="braces",
    stops=(
        "\nclass ",
        "\npublic ",
        "\nfinal class ",
        "\nabstract class ",
        "\ninterface ",
        "\nenum ",
        "\nimport ",
        "\npackage ",
        "\n//",
        "\n/*",
        "\n```",
    ),
)
