"""`crosstune mine`: turn repositories into a corpus of commits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crosstune.cli._changes import nested
from crosstune.cli._corpus_print import warn_without_plot
from crosstune.cli._measured import Measured
from crosstune.cli._sharded import OnOption, ShardOption

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.corpus import Mining
    from crosstune.mining import Explanation, Fetched, Profile
    from crosstune.sharding import Shard
    from crosstune.tables import Table

MAX_SUMMARIES = 10
"""The summary of each repository is printed only if there are at most this many."""


def mine(
    repositories: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REPO]...", help="Local clones, also bare; URLs; @FILE with a list of them."),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The folder for the corpus; required without --explain."),
    ] = None,
    list_files: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="A file with a path or URL on each line."),
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", help="The rules: commitpackft, commitpack, or a .yaml file.")
    ] = "commitpackft",
    granularity: Annotated[
        Literal["file", "definition", "hunk"] | None,
        typer.Option("--granularity", help="The part of a file to keep; short for --set sample.of=..."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a setting of the profile: contents.most_tokens=2048."
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="COMMIT", help="Only print what each rule decides on this commit, and why."
        ),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            help="The folder for clones of URLs.",
            show_default="crosstune/repositories in $XDG_CACHE_HOME or ~/.cache",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="The number of processes; 0: one for each core.")
    ] = 0,
    shard: ShardOption = None,
    on: OnOption = None,
) -> None:
    """Turn the history of git repositories into a corpus.

    The rules are CommitPackFT's, or another profile's (--profile). Writes Parquet files by language, a
    data card and the funnel. A second run with the same rules reads only new commits. URLs are first cloned
    into a cache.
    """
    from crosstune import hardware, stopping
    from crosstune.cli._sharded import shard_of
    from crosstune.errors import UsageError
    from crosstune.mining import expand_lists, fetch, load_profile

    if granularity:
        changes = [*(changes or []), f"sample.of={granularity}"]
    rules = load_profile(profile, nested(changes or [], example="contents.most_tokens=2048"))
    names = expand_lists([*(repositories or []), *(f"@{file}" for file in list_files or [])])
    if not names:
        raise UsageError("no repository: give a path, a URL, or --from FILE with one on each line")
    if out is None and explain is None:
        raise UsageError("no folder for the corpus: give -o DIR")
    share = shard_of(shard)
    if on is not None and out is not None:
        if share.count > 1 or workers:
            raise UsageError(
                f"--on uses all cores of the nodes: leave out {'--workers' if workers else '--shard'}"
            )
        _mine_on(names, rules, out, on, cache)
        return
    if share.count > 1 and out is not None:
        _mine_shard(names, rules, out, workers=workers or hardware.cores(), share=share, cache=cache)
        return
    with stopping.keeps("fetched repositories are kept; the same command continues"):
        fetched = fetch(names, cache)
    if explain is not None:
        _explain(fetched, rules, explain)
    else:
        assert out is not None
        _mine(fetched, rules, out, workers or hardware.cores())


def _mine_shard(
    names: list[str], rules: Profile, out: Path, *, workers: int, share: Shard, cache: Path | None
) -> None:
    """Mine every N-th repository, and write what the merge makes a corpus of."""
    from crosstune import corpus, stopping
    from crosstune.cli._sharded import begin, marker_names
    from crosstune.mining import distinct, fetch, without_password
    from crosstune.sharding import Inputs, write_marker
    from crosstune.storage import shown, writing

    names, out = distinct(names), share.path(out)
    own = list(share.of(names))
    kept = f"decisions on finished repositories are kept in {shown(out)}; the same command continues"
    work, markers = [f"{out.name}/.crosstune"], marker_names(out, share)
    with stopping.keeps(kept), writing(out, work=work, after=markers) as target:
        begin(target, share)
        fetched = fetch(own, cache)
        with Measured("mining", "repositories") as progress:
            file = corpus.mine_shard(own, fetched, target, profile=rules, workers=workers, progress=progress)
        public = [without_password(name) for name in names]
        write_marker(
            target,
            command="mine",
            shard=share,
            made_with={"profile": rules.model_dump(mode="json")},
            inputs=Inputs.of(((name, name.encode(errors="surrogateescape")) for name in public), share),
            missing={},
            outputs=[file],
        )
    for name, why in fetched.failed.items():
        typer.echo(f"not used {name}: {why}", err=True)
    typer.echo(f"{len(own):,} of {len(names):,} repositories, shard {share}: {shown(out)}")


def _mine_on(names: list[str], rules: Profile, out: Path, on: str, cache: Path | None) -> None:
    """Mine the repositories on the nodes of a cluster."""
    from crosstune import corpus, stopping
    from crosstune.cluster import connected, mine_names, record_name
    from crosstune.mining import distinct, join_named
    from crosstune.storage import shown, writing

    names = distinct(names)
    kept = f"decisions on finished repositories are kept in {shown(out)}; the same command continues"
    with (
        stopping.keeps(kept),
        writing(out, work=[f"{out.name}/.crosstune"], last="funnel.json") as target,
        connected(on) as ray,
        Measured("mining", "repositories") as progress,
    ):
        mined = mine_names(ray, names, rules, work=target / ".crosstune", cache=cache, progress=progress)
        records = {record_name(name) for name in names}
        mining = corpus.write_mined(join_named(mined, rules), target, plot=True, records=records)
        print_mining(mining, target, shown(out))


def _mine(fetched: Fetched, rules: Profile, out: Path, workers: int) -> None:
    from crosstune import corpus, stopping
    from crosstune.storage import shown, writing

    kept = f"decisions on finished repositories are kept in {shown(out)}; the same command continues"
    with (
        stopping.keeps(kept),
        writing(out, work=[f"{out.name}/.crosstune"], last="funnel.json") as target,
        Measured("mining", "repositories") as progress,
    ):
        mining = corpus.mine(
            fetched.paths,
            target,
            profile=rules,
            workers=workers,
            progress=progress,
            failed=fetched.failed,
            stale=fetched.stale,
            plot=True,
        )
        print_mining(mining, target, shown(out))


def _explain(fetched: Fetched, rules: Profile, commit: str) -> None:
    from rich.console import Console

    from crosstune.mining import explain

    for name, why in fetched.failed.items():
        Console(stderr=True).print(f"not used {name}: {why}", highlight=False, markup=False)
    for explanation in explain(fetched.paths, rules, commit):
        _print_explanation(Console(), explanation)


def _print_explanation(console: Console, explanation: Explanation) -> None:
    lines = [f"{explanation.repository} {explanation.commit}", explanation.subject]
    for outcome in explanation.outcomes:
        lines.append(f"  {'drops it' if outcome.drops else 'passed  '}  {outcome.rule}: {outcome.value}")
        if outcome.drops and outcome.thresholds:
            lines.append(f"            by {outcome.thresholds}")
    lines.append(explanation.reason if explanation.kept else f"dropped: {explanation.reason}")
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def print_mining(mining: Mining, out: Path, name: str) -> None:
    """Print what the corpus in the folder ``out`` has; its ``name`` is what the user calls it."""
    from rich.console import Console

    from crosstune.tables import print_table

    console = Console()
    print_table(_funnel(mining), console)
    rows = sorted(mining.statistics.languages.items(), key=lambda row: (-row[1], row[0]))
    lines = [", ".join(f"{language} {count}" for language, count in rows)]
    lines += [f"[yellow]not used[/] {name}: {why}" for name, why in mining.funnel.unreadable.items()]
    lines += [f"[yellow]not updated[/] {name}: {why}" for name, why in mining.funnel.stale.items()]
    lines += [f"[yellow]not complete[/] {name}: {why}" for name, why in mining.funnel.incomplete.items()]
    console.print("\n".join(lines), highlight=False, soft_wrap=True)
    for repository, summary in mining.summaries if len(mining.summaries) <= MAX_SUMMARIES else ():
        console.print(f"read     {repository}: {summary}", highlight=False, markup=False, soft_wrap=True)
    if mining.quarantined:
        file = f"{name}/quarantine.jsonl"
        console.print(f"quarantined {mining.quarantined}, see {file}", highlight=False, soft_wrap=True)
    console.print(f"tokens   {mining.funnel.tokens}", highlight=False, soft_wrap=True)
    console.print(
        f"corpus   {name}{'  (nothing new)' if mining.reused else ''}", highlight=False, soft_wrap=True
    )
    warn_without_plot(out, mining.funnel.kept)
    if not mining.funnel.kept:
        Console(stderr=True).print(
            f"[yellow]no samples:[/] {_why_empty(mining)}", highlight=False, soft_wrap=True
        )


def _why_empty(mining: Mining) -> str:
    """The rules that dropped the most and the last commits, and what an empty corpus means."""
    rows = [(reason, dropped) for reason, dropped, _ in mining.funnel.rows()]
    if not rows:
        return "there are no commits. The corpus is empty, and `datasets` cannot load an empty one"
    most, last = max(rows, key=lambda row: row[1]), rows[-1]
    why = f"of {mining.funnel.commits:,} commits {most[0]!r} dropped the most, {most[1]:,}"
    if last != most:
        why += f", and {last[0]!r} the last {last[1]:,}"
    return f"{why}. The corpus is empty, and `datasets` cannot load an empty one"


def _funnel(mining: Mining) -> Table[Any]:
    from crosstune.tables import COUNT, TEXT, listed

    rows = [
        ("commits", None, mining.funnel.commits),
        *mining.funnel.rows(),
        ("samples", None, mining.funnel.kept),
    ]
    return listed([("rule", TEXT), ("dropped", COUNT), ("left", COUNT)], rows)
