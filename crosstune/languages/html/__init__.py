"""HTML: used for training only, never run."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="html",
    title="HTML",
    extensions=(".html", ".htm"),
    fences=("html", "xml"),
    line_comment="<!--",
    stops=("</html>", "\n```"),
)
