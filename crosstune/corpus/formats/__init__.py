"""Output formats of `crosstune corpus convert`, one file each, and the text of each prompt template."""

from crosstune.corpus.formats._format import Format, Row
from crosstune.corpus.formats._formats import FORMATS, format_names, load_format

__all__ = ["FORMATS", "Format", "Row", "format_names", "load_format"]
