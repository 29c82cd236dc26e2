"""What `crosstune generate` and `crosstune eval` share: their options, and what they ask which model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._benchmark_settings import BenchmarkSet

if TYPE_CHECKING:
    from crosstune.benchmarks import Benchmark
    from crosstune.generation import BackEnd, Decoding
    from crosstune.prompts import PromptTemplate
    from crosstune.records import Problem
    from crosstune.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Given:
    """The options of both commands; see `crosstune.cli._shared_options`."""

    benchmark: Annotated[
        str,
        typer.Option(
            "--benchmark", "-b", metavar="NAME", help="As in `crosstune benchmarks list`, or a form."
        ),
    ]
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="A folder, a name on the Hub, or the name on the server."),
    ] = None
    data: Annotated[Path | None, typer.Option("--data", help="The folder with the benchmark's files.")] = None
    languages: Annotated[
        str | None,
        typer.Option("--languages", help="Separated by commas, or all; needed if there are several."),
    ] = None
    tasks: Annotated[
        str | None,
        typer.Option("--tasks", help="Separated by commas, or all; default: the benchmark's first."),
    ] = None
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first problems of each language and task.")
    ] = None
    server: Annotated[
        str | None,
        typer.Option(
            "--server", metavar="URL", help="An OpenAI-compatible server: http://localhost:8000/v1."
        ),
    ] = None
    key_variable: Annotated[
        str | None,
        typer.Option(
            "--key-variable", metavar="NAME", help="The environment variable with the server's key."
        ),
    ] = None
    replay: Annotated[
        Path | None,
        typer.Option(
            "--replay",
            metavar="FILE",
            help="Take answers from a file: of crosstune, bigcode-evaluation-harness, EvalPlus or lm-eval.",
        ),
    ] = None
    back_end: Annotated[
        str | None,
        typer.Option(
            "--back-end",
            metavar="NAME",
            help="transformers (the default), vllm, openai-compatible or replay.",
        ),
    ] = None
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A setting of the back end: dtype=bfloat16, server.concurrency=64, "
            "options.temperature=null (leaves the field out).",
        ),
    ] = None
    prompt: Annotated[
        str | None,
        typer.Option(
            "--prompt",
            metavar="TEMPLATE",
            help="The prompt template; default: chat, or completion for a model without a chat template.",
        ),
    ] = None
    system: Annotated[str | None, typer.Option("--system", metavar="TEXT", help="The system message.")] = None
    template_arguments: Annotated[
        list[str] | None,
        typer.Option(
            "--template-argument",
            metavar="KEY=VALUE",
            help="An argument of the model's chat template: enable_thinking=false.",
        ),
    ] = None
    samples: Annotated[
        int | None, typer.Option("--samples", "-n", min=1, help="Answers for each problem; default: 1.")
    ] = None
    temperature: Annotated[
        float, typer.Option("--temperature", min=0.0, help="0 always takes the most likely token.")
    ] = 0.0
    top_p: Annotated[
        float, typer.Option("--top-p", min=0.0, max=1.0, help="Draw from the most likely tokens only.")
    ] = 1.0
    max_new_tokens: Annotated[
        int, typer.Option("--max-new-tokens", min=1, help="The length limit of an answer.")
    ] = 1024
    reasoning_tokens: Annotated[
        int,
        typer.Option(
            "--reasoning-tokens",
            min=0,
            help="Tokens for a reasoning model's thoughts, in addition to the limit.",
        ),
    ] = 0
    stops: Annotated[
        list[str] | None,
        typer.Option("--stop", metavar="TEXT", help="A further string that ends an answer."),
    ] = None
    seed: Annotated[int, typer.Option("--seed", help="The seed of sampling.")] = 0
    batch_size: Annotated[
        int,
        typer.Option("--batch-size", min=1, help="Answers generated together, or requests in flight."),
    ] = 64
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Leave out rows of the benchmark that make no problem."),
    ] = False
    benchmark_set: BenchmarkSet = None
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace answers that were made with other settings.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Which problems are asked, and how: the arguments of `generation.generate`."""

    problems: list[Problem]
    benchmark: Benchmark
    benchmark_set: tuple[str, ...] = ()
    """Settings of the benchmark that were given."""
    model: str
    prompt: PromptTemplate
    back_end: BackEnd
    options: Settings
    decoding: Decoding
    contents: Mapping[str, str] = field(default_factory=dict)
    """Digests of the model and of the files that ``options`` name; see `crosstune.made_with`."""

    @property
    def made_with(self) -> dict[str, Any]:
        """What the answers depend on besides the problems, as plain values."""
        from crosstune.made_with import CONTENTS

        decoding = self.decoding.model_dump(mode="json", exclude={"samples", "batch_size"})
        return {
            "benchmark": self.benchmark.name,
            "model": self.model,
            "prompt": self.prompt.name,
            "back_end": self.back_end.name,
            "options": self.options.model_dump(mode="json"),
            "decoding": decoding,
            CONTENTS: dict(self.contents),
        }


def asking_of(given: Given, *, here: bool = True) -> Asking:
    """``here`` is whether this machine answers, and so has to have what the back end needs.

    Raises:
        UsageError: the options do not fit together.
        PrerequisiteError: something that they need is missing.
    """
    from crosstune.benchmarks import BENCHMARKS
    from crosstune.cli._benchmark_settings import settings_of
    from crosstune.cli._problems import print_left_out
    from crosstune.generation import BACK_ENDS
    from crosstune.prompts import PROMPTS

    benchmark = BENCHMARKS.load(given.benchmark)
    languages = _chosen(given.languages, benchmark.languages, "languages", benchmark.name)
    tasks = _chosen(given.tasks or benchmark.tasks[0], benchmark.tasks, "tasks", benchmark.name)
    back_end = BACK_ENDS.load(_back_end_name(given))
    options = _options(given, back_end)
    model = _model(given)
    decoding = _decoding(given)
    settings = settings_of(
        benchmark, given.data, allow_partial=given.allow_partial, changes=given.benchmark_set or ()
    )
    needed = [*back_end.requirements(model, options)] if here else []
    needed += [each for language in languages for each in benchmark.requirements(settings, language)]
    check(needed)
    print_left_out(benchmark, settings, languages)
    problems = [
        problem
        for language in languages
        for task in tasks
        for problem in benchmark.problems(settings, language, task)[: given.limit]
    ]
    return Asking(
        problems=problems,
        benchmark=benchmark,
        benchmark_set=tuple(given.benchmark_set or ()),
        model=model,
        prompt=PROMPTS.load(given.prompt or _prompt(back_end, model, options)),
        back_end=back_end,
        options=options,
        decoding=decoding,
        contents=dict(_contents(model, back_end, options)),
    )


def _contents(model: str, back_end: BackEnd, options: Settings) -> Iterator[tuple[str, str]]:
    from crosstune import files, model_files

    if back_end.local and Path(model).exists():
        yield "model", model_files.digest(Path(model))
    for name, value in options:
        if isinstance(value, Path) and value.exists():
            yield f"options.{name}", files.tree_digest(value)


def check(requirements: list[Any]) -> None:
    """
    Raises:
        PrerequisiteError: some are not met; the message says how to meet them.
    """
    from crosstune.errors import PrerequisiteError

    missing = dict.fromkeys(f"{each.what} is missing: {each.how}" for each in requirements if not each.met)
    if missing:
        raise PrerequisiteError("\n".join(missing))


def _chosen(text: str | None, known: tuple[str, ...], what: str, benchmark: str) -> list[str]:
    from crosstune.errors import UnknownName, UsageError

    if text is None and len(known) > 1:
        raise UsageError(f"{benchmark} has {', '.join(known)}: choose with --{what} NAME,… or --{what} all")
    names = list(known) if text in (None, "all") else [each.strip() for each in str(text).split(",")]
    for name in names:
        if name not in known:
            raise UnknownName(f"{what.removesuffix('s')} of {benchmark}", name, known)
    return list(dict.fromkeys(names))


def _back_end_name(given: Given) -> str:
    from crosstune.errors import UsageError

    implied = {"--server": "openai-compatible"} if given.server else {}
    implied |= {"--replay": "replay"} if given.replay else {}
    names = {*implied.values(), *([given.back_end] if given.back_end else [])}
    if len(names) > 1:
        options = " and ".join([*implied, *(["--back-end"] if given.back_end else [])])
        raise UsageError(f"{options} name different back ends: {', '.join(sorted(names))}")
    if given.key_variable and "openai-compatible" not in names:
        raise UsageError("--key-variable belongs to --server")
    return names.pop() if names else "transformers"


def _options(given: Given, back_end: BackEnd) -> Settings:
    from crosstune.cli._changes import merged, nested, validated

    own: dict[str, Any] = {}
    if given.server:
        own["server"] = {"url": given.server}
        if given.key_variable:
            own["server"]["key_variable"] = given.key_variable
    if given.replay:
        own["file"] = str(given.replay)
    values = merged(own, nested(given.changes or [], example="dtype=bfloat16"))
    options = {"server": "--server URL", "server.url": "--server", "file": "--replay FILE"}
    return validated(back_end.settings, values, options)


def _model(given: Given) -> str:
    from crosstune.errors import UsageError

    if given.model is None and not given.replay:
        raise UsageError("--model is missing: a folder, a name on the Hub, or the model's name on the server")
    return given.model or f"replay of {given.replay.name if given.replay else ''}"


def _decoding(given: Given) -> Decoding:
    from crosstune.cli._changes import nested, validated
    from crosstune.generation import Decoding

    arguments = nested(given.template_arguments or [], "--template-argument", "enable_thinking=false")
    return validated(
        Decoding,
        {
            "temperature": given.temperature,
            "top_p": given.top_p,
            "samples": given.samples or _recorded_samples(given),
            "max_new_tokens": given.max_new_tokens,
            "reasoning_tokens": given.reasoning_tokens,
            "batch_size": given.batch_size,
            "seed": given.seed,
            "stops": given.stops or (),
            "system": given.system or "",
            "chat_template_kwargs": arguments,
        },
        {"top_p": "--top-p"},
    )


def _recorded_samples(given: Given) -> int:
    """As many samples as a file has, or one."""
    if not given.replay or not given.replay.is_file():
        return 1
    from crosstune.generation.replay import most_samples

    return most_samples(given.replay)


def _prompt(back_end: BackEnd, model: str, options: Settings) -> str:
    """The usual prompt template: a chat, unless the model is here and has no chat template."""
    return "chat" if not back_end.local or _has_chat_template(model, options) else "completion"


def _has_chat_template(model: str, options: Any) -> bool:
    from crosstune import model_files
    from crosstune.errors import DataError

    folder = Path(model)
    if folder.suffix == ".gguf" or (folder.is_dir() and any(folder.glob("*.gguf"))):
        return True
    if folder.is_dir():
        return model_files.has_chat_template(folder)
    from transformers import AutoTokenizer

    given = {"revision": options.revision, "trust_remote_code": options.trust_remote_code}
    try:
        return bool(AutoTokenizer.from_pretrained(model, **given).chat_template)
    except (OSError, ValueError) as error:
        raise DataError(f"{model}: its tokenizer cannot be loaded: {error}") from None
