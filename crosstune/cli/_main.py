"""The command itself: its subcommands and how it ends.

Exit status: 0 done, 2 usage, 3 environment (a toolchain, a server), 4 incomplete (run it again),
5 a gate failed. Rooms are imported inside the commands, so that help answers at once.
"""

from __future__ import annotations

import errno
import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from crosstune.cli import _compare, _corpus, _doctor, _gate, _judge, _mine, _published, _study, _view
from crosstune.errors import CrosstuneError

FULL = {errno.ENOSPC, errno.EDQUOT}
OUT_OF_REACH = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
}
"""What a path can be that was given: closed to us, not there, or of another kind."""

SHORT = {
    "study": "Run a whole experiment that stands in one YAML file.",
    "mine": "Turn the history of git repositories into a corpus.",
    "corpus": "Look at corpora, and make new ones of them.",
    "judge": "Run programs with their tests, and write verdicts.",
    "gate": "Judge a benchmark's own solutions: do they pass?",
    "doctor": "Say which languages can be judged here.",
    "view": "Open the page of a run in the browser.",
    "compare": "Say what rose and fell from one run to another.",
    "published": "Print a paper's tables, and what they support.",
}
"""What the list of commands says of each, in its order: the way of a study first, then what looks at one."""


class _InOrder(TyperGroup):
    def list_commands(self, ctx: object) -> list[str]:
        del ctx
        return list(SHORT)


app = typer.Typer(
    name="crosstune",
    cls=_InOrder,
    help="Instruction-tune code models and measure, with evidence, what it did in every language.",
    epilog="Exit status: 0 done · 2 usage · 3 environment · 4 incomplete, run it again · 5 a gate failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(_study.app, name="study", short_help=SHORT["study"])
app.command("mine", short_help=SHORT["mine"])(_mine.mine)
app.add_typer(_corpus.app, name="corpus", short_help=SHORT["corpus"])
app.command("judge", short_help=SHORT["judge"])(_judge.judge)
app.command("doctor", short_help=SHORT["doctor"])(_doctor.doctor)
app.command("gate", short_help=SHORT["gate"])(_gate.gate)
app.command("view", short_help=SHORT["view"])(_view.view)
app.command("compare", short_help=SHORT["compare"])(_compare.compare)
app.command("published", short_help=SHORT["published"])(_published.published)


def _print_version(wanted: bool) -> None:
    if wanted:
        import crosstune

        typer.echo(f"crosstune {crosstune.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Entry point of the `crosstune` command: expected failures print one message, no traceback."""
    try:
        app()
    except CrosstuneError as error:
        typer.echo(f"crosstune: {error}", err=True)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        typer.echo("crosstune: interrupted; what was finished is kept", err=True)
        sys.exit(4)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; there is nobody left to tell
        sys.exit(0)
    except OSError as error:
        if error.errno not in FULL | OUT_OF_REACH:
            raise
        typer.echo(f"crosstune: {_said(error)}", err=True)
        sys.exit(4 if error.errno in FULL else 2)


def _said(error: OSError) -> str:
    """The file, where the fault names it, and what the system said of it."""
    name = error.filename2 or error.filename
    said = f"{name}: {error.strerror}" if name else str(error)
    return f"{said}; free some room and run it again" if error.errno in FULL else said
