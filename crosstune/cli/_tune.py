"""`crosstune tune`: train a model on a corpus by a recipe."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crosstune.records import Example
    from crosstune.tuning import DryRun, Recipe

RESULT = "tuning.json"
"""The numbers of a finished training, and what it was made from."""
WORK = ".work"
MADE_WITH = "made-with.json"
"""What an unfinished training is made from, in the work folder."""


def tune(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="sft, lora, qlora, dpo, another shipped one, or a .yaml.")
    ],
    *,
    corpus: Annotated[
        list[Path], typer.Option("--corpus", "-c", help="A corpus folder, or a file of rows; repeatable.")
    ],
    base: Annotated[
        str | None, typer.Option("--base", "-b", help="The model to tune: a folder, or a name on the Hub.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The folder for the model.")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change the recipe: epochs=1, lora.rank=8."),
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option(
            "--prompt",
            metavar="TEMPLATE",
            help="The prompt template; default: chat, or plain for a base without a chat template.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The seed of the order and of new weights.")] = 0,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only print memory, tokens, padding and time, from ten steps."),
    ] = False,
) -> None:
    """Train a base on a corpus.

    The same training as in a study. Writes DIR/model, which transformers loads, and the losses. You can stop
    it at any time: the same command continues from the last checkpoint (the recipe's save_steps).
    """
    from crosstune.errors import UsageError
    from crosstune.storage import writing
    from crosstune.tuning import load_recipe

    chosen = load_recipe(recipe, Path(), _nested(changes or []))
    if (base is None) == (chosen.architecture is None):
        problem = "makes a new model; leave out --base" if base else "tunes a base: give --base MODEL"
        raise UsageError(f"the recipe {recipe} {problem}")
    given = _given(corpus, base, chosen, prompt, seed)
    if dry_run:
        _dry_run(given)
    elif out is None:
        raise UsageError("no folder for the model: give -o DIR")
    else:
        with writing(out, work=[f"{out.name}/{WORK}"], last=RESULT) as folder:
            metrics, note = _tune(given, folder)
        _print_result(metrics, out, note)


def _nested(changes: list[str]) -> Mapping[str, Any]:
    from crosstune.cli._changes import nested

    return nested(changes, example="lora.rank=8")


def _given(
    corpora: list[Path], base: str | None, recipe: Recipe, prompt: str | None, seed: int
) -> dict[str, Any]:
    """The arguments of `tuning.tune` and `tuning.dry_run`."""
    from crosstune import tuning
    from crosstune.cli._asking import check
    from crosstune.prompts import PROMPTS

    model = Path(base).expanduser() if base and Path(base).expanduser().exists() else base
    template = PROMPTS.load(prompt or _usual_prompt(model))
    check(tuning.requirements(recipe, model))
    examples = [example for path in corpora for example in _examples(path)]
    return {"base": model, "examples": examples, "recipe": recipe, "prompt": template, "seed": seed}


def _examples(path: Path) -> list[Example]:
    from crosstune.corpus import load

    return list(load(path))


def _usual_prompt(base: str | Path | None) -> str:
    from crosstune import model_files, model_requirements
    from crosstune.errors import UsageError

    if isinstance(base, str) and model_requirements.is_hub_name(base):
        raise UsageError("a base on the Hub needs --prompt: chat for its own chat template, or another one")
    return "chat" if base and model_files.has_chat_template(Path(base)) else "plain"


def _tune(given: Mapping[str, Any], out: Path) -> tuple[Mapping[str, Any], str]:
    """The numbers of the training, and a note if it had been done before."""
    import shutil

    from crosstune import files, stopping, tuning
    from crosstune.cli._measured import Measured

    made_with = tuning.made_with(**given)
    _check_same(out, made_with)
    if (done := _finished(out)) is not None:
        return done["metrics"], " (nothing new)"
    kept = f"checkpoints are in {out / WORK}; the same command continues"
    with stopping.keeps(kept), _locked(out), Measured("tuning", "steps") as progress:
        work = out / WORK
        work.mkdir(parents=True, exist_ok=True)
        files.write_json(work / MADE_WITH, made_with)
        metrics = tuning.tune(**given, out=out, work=work, progress=progress)
        files.write_json(out / RESULT, {"made_with": made_with, "metrics": metrics})
        shutil.rmtree(work)
    return metrics, ""


def _check_same(out: Path, made_with: Mapping[str, Any]) -> None:
    """
    Raises:
        UsageError: the folder has another training, finished or not.
    """
    from crosstune.errors import UsageError
    from crosstune.made_with import differences

    if (done := _finished(out)) is not None:
        earlier, what, remove = done.get("made_with"), "the model", out
    elif any((out / WORK).glob("checkpoint-*")):
        earlier, what, remove = _json(out / WORK / MADE_WITH), "checkpoints", out / WORK
    else:
        return
    changes = ["it is not known how"] if earlier is None else differences(earlier, made_with)
    if changes:
        raise UsageError(
            f"{out}: has {what} of another training ({'; '.join(changes)}); give another folder, or remove "
            f"{remove}"
        )


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    from crosstune import files
    from crosstune.errors import Incomplete

    try:
        with files.locked(out / ".lock"):
            yield
    except BlockingIOError:
        raise Incomplete(
            f"{out}: another process is writing it; wait for it, or name another folder"
        ) from None


def _finished(out: Path) -> Any:
    return _json(out / RESULT) if (out / "model").is_dir() else None


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def _print_result(metrics: Mapping[str, Any], out: Path, note: str = "") -> None:
    from crosstune.cli._corpus_print import print_table
    from crosstune.storage import shown

    rows = [
        ("rows", f"{metrics['examples']:,}"),
        ("cut at max_length", f"{metrics['truncated']:,}"),
        ("dropped, nothing left to learn", f"{metrics['dropped']:,}"),
        ("steps", f"{metrics['steps']:,}"),
        ("loss of the last steps", f"{metrics['final_loss']:.4f}"),
        ("parameters", f"{metrics['parameters']:,}"),
        ("saved model differs by", f"{metrics['saved']['difference']:.1e} of the logits' spread"),
    ]
    print_table(("training", "value"), rows)
    typer.echo(f"model    {shown(out / 'model')}{note}")


def _dry_run(given: Mapping[str, Any]) -> None:
    import tempfile

    from crosstune import stopping, tuning

    with stopping.keeps("nothing was written"), tempfile.TemporaryDirectory() as work:
        found = tuning.dry_run(**given, work=Path(work))
    _print_dry_run(found)
    tuning.check_fits(found.estimate.memory, found.available_bytes, given["recipe"])


def _print_dry_run(found: DryRun) -> None:
    from crosstune.cli._clock import clock
    from crosstune.cli._corpus_print import print_table

    memory, sizes = found.estimate.memory, found.estimate
    parts = ("weights", "gradients", "optimizer", "activations", "process", "total")
    values = [(part, getattr(memory, part)) for part in parts]
    print_table(
        ("memory", "size"),
        [(part, "unknown" if value is None else _gib(value)) for part, value in values],
    )
    seconds = "not measured" if found.seconds is None else clock(found.seconds)
    rows = [
        ("parameters", f"{sizes.parameters:,}"),
        ("trained", f"{sizes.trained:,}"),
        ("rows", f"{found.rows:,}"),
        ("cut at max_length", f"{found.truncated:,}"),
        ("dropped, nothing left to learn", f"{found.dropped:,}"),
        ("steps", f"{found.steps:,}"),
        ("tokens", f"{found.tokens:,}"),
        ("padding", f"{100 * found.padding:.1f} %"),
        ("time", seconds),
    ]
    print_table(("training", "value"), rows)


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.2f} GiB"
