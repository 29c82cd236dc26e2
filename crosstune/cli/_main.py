"""The command itself: its subcommands and how it ends.

Exit status: 0 done, 2 usage, 3 environment (a toolchain, a server), 4 incomplete (run it again),
5 a gate failed. Rooms are imported inside the commands, so that help answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crosstune.cli import _compare, _corpus, _doctor, _gate, _judge, _mine, _published, _study, _view
from crosstune.errors import CrosstuneError

app = typer.Typer(
    name="crosstune",
    help="Instruction-tune code models and measure, with evidence, what it did in every language.",
    epilog="Exit status: 0 done · 2 usage · 3 environment · 4 incomplete, run it again · 5 a gate failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(_study.app, name="study")
app.add_typer(_corpus.app, name="corpus")
app.command("mine")(_mine.mine)
app.command("judge")(_judge.judge)
app.command("doctor")(_doctor.doctor)
app.command("gate")(_gate.gate)
app.command("view")(_view.view)
app.command("compare")(_compare.compare)
app.command("published")(_published.published)


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
    except CrosstuneError as fault:
        typer.echo(f"crosstune: {fault}", err=True)
        sys.exit(fault.exit_status)
    except KeyboardInterrupt:
        typer.echo("crosstune: interrupted; what was finished is kept", err=True)
        sys.exit(4)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; there is nobody left to tell
        sys.exit(0)
