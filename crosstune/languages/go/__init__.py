"""Go. How its programs are judged: see `_judging`."""

from crosstune.languages.go._syntax import SYNTAX
from crosstune.languages._language import Language, Tool
from crosstune.languages.go._judging import INSTALL, JUDGING

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
    syntax=SYNTAX,
    judging=JUDGING,
)
