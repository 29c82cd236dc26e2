"""Go. How its programs are judged: see `_judging`."""

from crosstune.languages._language import Description, Language
from crosstune.languages.go import _packages
from crosstune.languages.go._exercises import IDIOMS, format_literal
from crosstune.languages.go._judging import JUDGING
from crosstune.languages.go._run_go_test import GO_TEST
from crosstune.languages.go._syntax import SYNTAX
from crosstune.languages.go._typed import TYPED
from crosstune.languages.go._whole_program import WHOLE_PROGRAMS

LANGUAGE = Language(
    name="go",
    title="Go",
    extensions=(".go",),
    fences=("go", "golang"),
    line_comment="//",
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
    tools=(_packages.TOOL,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=JUDGING,
    whole_programs=WHOLE_PROGRAMS,
    test_runners={"go_test": GO_TEST},
    language_set="usual",
    description=Description(
        tested="Go 1.19",
        run=(
            "imports are merged; candidate, tests and crosstune's `main` are compiled as one package and "
            "linked against precompiled packages; tests are functions of `testing`, examples with an "
            "output, or a `main` that panics or exits; testify's `assert` and `require` are replaced by "
            "crosstune's own small ones, and so is `testing` in programs that use only its `T`"
        ),
        undefended=(
            "its own memory (`unsafe`, `/proc`); predeclared names that only its helpers use, hidden; "
            "`go vet` is not run"
        ),
    ),
)
