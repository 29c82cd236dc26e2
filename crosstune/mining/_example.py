"""Turn mined commits into instruction examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from crosstune.mining._fingerprint import rules_name
from crosstune.mining._profile import Profile
from crosstune.records import Commit, Example


def to_examples(commits: Iterable[Commit], profile: Profile) -> Iterator[Example]:
    """Yield an example for each commit; ``profile`` has the rules that selected them."""
    rules, opt_out = rules_name(profile), describe_opt_out(profile)
    return (to_example(commit, rules=rules, opt_out=opt_out) for commit in commits)


def to_example(commit: Commit, *, rules: str, opt_out: str) -> Example:
    """Return the commit in OctoPack's format. The prompt is the subject (and, if there is a body, an empty
    line and the body), a newline and the old file; the completion is the new file."""
    instruction = f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject
    return Example(
        id=commit.commit,
        prompt=f"{instruction}\n{commit.old}",
        completion=commit.new,
        language=commit.language,
        task="commit",
        source="git",
        provenance={
            "repository": commit.repository,
            "commit": commit.commit,
            "time": _iso_time(commit.time),
            "path": commit.path,
            "old_blob": commit.old_blob,
            "new_blob": commit.new_blob,
            "licence": commit.licence,
            "message": commit.message,
            "subject": commit.subject,
            "body": commit.body,
            "granularity": commit.piece,
            "old_line": str(commit.old_line),
            "new_line": str(commit.new_line),
            "opt_out": opt_out,
            "rules": rules,
        },
    )


def _iso_time(seconds: int) -> str:
    """``seconds`` since 1970 in ISO 8601; outside of the years that it has, as git writes them (``@…``)."""
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return f"@{seconds}"


def describe_opt_out(profile: Profile) -> str:
    """Which opt-out lists were applied."""
    owners, authors = len(profile.owners.opted_out), len(profile.authors.opted_out)
    return f"not listed ({owners} owners, {authors} authors)" if owners or authors else "no list given"
