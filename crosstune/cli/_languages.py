"""`crosstune languages`: what each language has here, and the page of the documentation that says it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def languages(
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="FILE",
            help="Write table and sections of docs/languages.md anew; the costs are in performance.md.",
        ),
    ] = None,
) -> None:
    """List the languages that can be judged, when their tools are installed, and what is missing here."""
    from crosstune.execution import judged_languages, requirements
    from crosstune.languages import LANGUAGES
    from crosstune.tables import PROSE, TEXT, listed, print_table

    if update:
        _update(update)
        return
    rows = []
    for name in judged_languages():
        language = LANGUAGES.load(name)
        missing = ", ".join(each.what for each in requirements(name) if not each.met)
        rows.append(
            (name, language.title, language.language_set, f"lacks {missing}" if missing else "installed")
        )
    columns = [("name", TEXT), ("language", TEXT), ("set", TEXT), ("here", PROSE)]
    print_table(listed(columns, rows))


def _update(file: Path) -> None:
    from crosstune.errors import DataError
    from crosstune.languages import updated_page

    try:
        performance = file.with_name("performance.md").read_text("utf-8")
        page = updated_page(file.read_text("utf-8"), performance)
    except OSError as error:
        raise DataError(f"{file}: {error}") from None
    file.write_text(page, "utf-8")
