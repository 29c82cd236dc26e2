"""The `crosstune` command: its subcommands, and how an error becomes a message and an exit status.

Exit status: 0 done, 2 usage, 3 environment (a toolchain, a server), 4 incomplete (run it again),
5 a gate failed; 128 plus the number of the signal that stopped it (see `crosstune.stopping`).
The commands import the packages they call when they run, which keeps `--help` fast.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from crosstune.cli import (
    _benchmarks,
    _compare,
    _corpus,
    _doctor,
    _eval,
    _evolve,
    _extract,
    _gate,
    _generate,
    _judge,
    _languages,
    _merge,
    _mine,
    _published,
    _reconcile,
    _serve,
    _study,
    _tune,
    _view,
)
from crosstune.errors import CrosstuneError

SUMMARIES = {
    "study": "Run a whole experiment defined in one YAML file.",
    "mine": "Turn the history of git repositories into a corpus.",
    "evolve": "Make a corpus with a teacher model.",
    "corpus": "Inspect corpora and make new ones from them.",
    "tune": "Train a model on a corpus by a recipe.",
    "generate": "Ask a model to solve a benchmark's problems.",
    "eval": "Ask a model to solve a benchmark's problems, and score it.",
    "extract": "Extract the program that an answer means.",
    "judge": "Run programs with their tests and write verdicts.",
    "merge": "Join what the shards of a command have written.",
    "serve": "Judge programs that clients send over HTTP.",
    "benchmarks": "List benchmarks, show their problems, and bring your own.",
    "gate": "Check that a benchmark's own solutions pass.",
    "doctor": "Check which languages can be judged here.",
    "languages": "List the languages that can be judged.",
    "view": "Open the report of a run in the browser.",
    "compare": "List what rose and fell between two runs or logs.",
    "reconcile": "Find out why two logs of one model differ.",
    "published": "Print a paper's tables and the claims they support.",
}
"""The line of each command in the help, in this order: the parts of a study, then what reads its results."""


class _OrderedGroup(TyperGroup):
    def list_commands(self, ctx: object) -> list[str]:
        del ctx
        return list(SUMMARIES)


app = typer.Typer(
    name="crosstune",
    cls=_OrderedGroup,
    help="Instruction-tune code models and measure, with evidence, the effect in every language.",
    epilog="Exit status: 0 done · 2 usage · 3 environment · 4 incomplete, run it again · 5 a gate failed · "
    "130, 143 stopped by Ctrl-C, SIGTERM.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(_study.app, name="study", short_help=SUMMARIES["study"])
app.command("mine", short_help=SUMMARIES["mine"])(_mine.mine)
app.add_typer(_corpus.app, name="corpus", short_help=SUMMARIES["corpus"])
app.command("tune", short_help=SUMMARIES["tune"])(_tune.tune)
app.command("evolve", short_help=SUMMARIES["evolve"])(_evolve.evolve)
app.command("eval", short_help=SUMMARIES["eval"])(_eval.evaluate)
app.command("generate", short_help=SUMMARIES["generate"])(_generate.generate)
app.command("extract", short_help=SUMMARIES["extract"])(_extract.extract)
app.command("judge", short_help=SUMMARIES["judge"])(_judge.judge)
app.command("merge", short_help=SUMMARIES["merge"])(_merge.merge)
app.command("serve", short_help=SUMMARIES["serve"])(_serve.serve)
app.command("doctor", short_help=SUMMARIES["doctor"])(_doctor.doctor)
app.command("languages", short_help=SUMMARIES["languages"])(_languages.languages)
app.command("gate", short_help=SUMMARIES["gate"])(_gate.gate)
app.add_typer(_benchmarks.app, name="benchmarks", short_help=SUMMARIES["benchmarks"])
app.command("view", short_help=SUMMARIES["view"])(_view.view)
app.command("compare", short_help=SUMMARIES["compare"])(_compare.compare)
app.command("reconcile", short_help=SUMMARIES["reconcile"])(_reconcile.reconcile)
app.command("published", short_help=SUMMARIES["published"])(_published.published)


def _print_version(wanted: bool) -> None:
    if wanted:
        import crosstune

        typer.echo(f"crosstune {crosstune.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the `crosstune` command: an expected failure prints one message and no traceback."""
    try:
        app()
    except CrosstuneError as error:
        typer.echo(f"crosstune: {error}", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has closed the pipe; Python would complain about it at exit
        sys.exit(0)
    except OSError as error:
        from crosstune import files

        temporary = error.errno in files.DISK_FULL | files.TOO_MANY_FILES
        if not temporary and error.errno not in files.UNUSABLE_PATH:
            raise
        name = error.filename2 or error.filename
        message = f"{name}: {error.strerror}" if name else str(error)
        advice = f"; {files.remedy(error)}run it again" if temporary else ""
        typer.echo(f"crosstune: {message}{advice}", err=True)
        sys.exit(4 if temporary else 2)
