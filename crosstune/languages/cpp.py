"""C++."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="cpp",
    title="C++",
    extensions=(".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"),
    fences=("cpp", "c++", "C++", "cc", "cxx"),
    comment="//",
    block="braces",
    stops=(
        "\nint main",
        "\nvoid main",
        "\n#include",
        "\n#define",
        "\nusing namespace",
        "\n//",
        "\n/*",
        "\n```",
    ),
)
