"""HTML: learned from, never run."""

from crosstune.languages._language import Language

LANGUAGE = Language(
    name="html",
    title="HTML",
    extensions=(".html", ".htm", ".xhtml"),
    fences=("html", "htm", "xhtml"),
    comment="<!--",
    block="tags",
    stops=("</html>", "\n```"),
)
