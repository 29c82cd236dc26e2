"""HTML. Pages are parsed and compared, never run: see `_judging`."""

from crosstune.languages._language import Description, Language
from crosstune.languages.html._judging import JUDGING

LANGUAGE = Language(
    name="html",
    title="HTML",
    extensions=(".html", ".htm"),
    fences=("html", "xml"),
    line_comment="<!--",
    stops=("</html>", "\n```"),
    judging=JUDGING,
    language_set="usual",
    description=Description(
        tested="html5lib 1.1",
        run=(
            "never run: parsed as browsers do; the tests are assertions on the document, written in "
            "Python ([more](#html))"
        ),
    ),
)
