"""C."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="c",
    title="C",
    extensions=(".c", ".h"),
    fences=("c", "C"),
    comment="//",
    block="braces",
    stops=("\nint main", "\nvoid main", "\n#include", "\n#define", "\n//", "\n/*", "\n```"),
)
