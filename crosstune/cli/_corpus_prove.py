"""`crosstune corpus prove`: keep the rows whose code passes its own tests, or at least runs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from crosstune.cli._corpus_filter import Corpora, Out, Replace
from crosstune.cli._corpus_print import print_result, show_progress


def prove(
    corpora: Corpora,
    *,
    out: Out,
    require: Annotated[
        Literal["tests", "run"],
        typer.Option(
            "--require", help="tests: rows without tests are dropped; run: they must build and run."
        ),
    ] = "tests",
    one_answer: Annotated[
        bool, typer.Option("--one-answer", help="Keep one proven answer of several to a prompt.")
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs to run at the same time; 0: one per core.")
    ] = 0,
    replace: Replace = False,
) -> None:
    """Keep rows whose code is proven by running it.

    The code of the completion runs in the sandbox with the tests in the row's provenance: `tests` (source
    text) or `cases` (calls); `entry_point` is what they call. A stopped command runs nothing twice: verdicts
    are kept in .DIR.verdicts.sqlite.
    """
    from crosstune import hardware
    from crosstune.corpus import Proof, Transformation, transform
    from crosstune.execution import Judge
    from crosstune.files import check_target

    cache = out.with_name(f".{out.name}.verdicts.sqlite")
    check_target(cache)
    with Judge(workers or hardware.cores(), cache=cache) as judge:
        proof = Proof(judge, require, one_answer=one_answer)
        settings = {"require": require, "one_answer": one_answer}
        step = Transformation("prove", settings, [proof], ahead=proof.ahead)
        with show_progress("running", out) as progress:
            result = transform(corpora, out, step, replace=replace, plot=True, progress=progress)
    print_result(result, out)
