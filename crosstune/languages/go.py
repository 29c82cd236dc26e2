"""Go. How its programs are judged: see `_go_judging`."""

from crosstune.languages._go_judging import INSTALL, JUDGING
from crosstune.languages._language import Language, Tool

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
    tools=(Tool(name="go", install=INSTALL),),
    judging=JUDGING,
)
