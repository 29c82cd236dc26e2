"""Fourth stage: contents. Reads sizes, then texts, cuts the piece, and looks up licences."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from crosstune.languages import language_name
from crosstune.mining._profile import Profile
from crosstune.mining.pieces._piece import piece_rules
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._licences import licences
from crosstune.mining.repository._log import Change, body
from crosstune.mining.repository._sides import read_sides
from crosstune.mining.rules._contents import Draft, sample_rules, size_rules, text_rules
from crosstune.mining.rules._licence import licence_rules
from crosstune.mining.rules._rule import ApplyRules, first_reason
from crosstune.mining.rules._tokens import token_counter
from crosstune.mining.stages._stage import Dropped
from crosstune.records import Commit

TRAILER = re.compile(
    r"(?:[A-Za-z]\w*(?:-\w+)+|Fix(?:es)?|Closes?|Bugs?|Issues?|Refs?|See|PR|C[cC]): .+"
    r"|\(cherry picked from commit .*|[ \t]+\S.*"
)


def read_contents(
    repository: Repository, profile: Profile, changes: Sequence[Change], apply: ApplyRules = first_reason
) -> tuple[list[Commit], list[Dropped]]:
    """The commits that are kept, with their contents and licences."""
    sized, dropped = check_sizes(repository, profile, changes, apply)
    texts, dropped_texts = _check_texts(repository, profile, sized, apply)
    kept, unlicensed = _check_licences(repository, profile, texts, apply)
    by_commit = {change.commit: change for change in changes}
    dropped += dropped_texts
    dropped += [(reason, by_commit[commit.commit]) for reason, commit in unlicensed]
    return kept, dropped


def check_sizes(
    repository: Repository, profile: Profile, changes: Sequence[Change], apply: ApplyRules = first_reason
) -> tuple[list[Change], list[Dropped]]:
    """The changes whose sizes pass; the contents of dropped changes are never read."""
    rules = size_rules(profile)
    kept: list[Change] = []
    dropped: list[Dropped] = []
    for change, sides in read_sides(repository, changes, contents=False):
        if reason := apply(rules, Draft(change, sides)):
            dropped.append((reason, change))
        else:
            kept.append(change)
    return kept, dropped


def _check_texts(
    repository: Repository, profile: Profile, changes: Sequence[Change], apply: ApplyRules
) -> tuple[list[Commit], list[Dropped]]:
    count = token_counter(profile.contents.counter)
    rules = [*text_rules(profile), *piece_rules(profile), *sample_rules(profile, count)]
    kept: list[Commit] = []
    dropped: list[Dropped] = []
    for change, sides in read_sides(repository, changes, contents=True):
        draft = Draft(change, sides)
        if reason := apply(rules, draft):
            dropped.append((reason, change))
        else:
            kept.append(_commit(repository, profile, draft))
    return kept, dropped


def _check_licences(
    repository: Repository, profile: Profile, commits: Sequence[Commit], apply: ApplyRules
) -> tuple[list[Commit], list[tuple[str, Commit]]]:
    rules = licence_rules(profile)
    names = licences(repository, [commit.commit for commit in commits])
    licensed = [
        dataclasses.replace(commit, licence=name) for commit, name in zip(commits, names, strict=True)
    ]
    decided = [(apply(rules, commit), commit) for commit in licensed]
    return (
        [commit for reason, commit in decided if not reason],
        [(reason, commit) for reason, commit in decided if reason],
    )


def _commit(repository: Repository, profile: Profile, draft: Draft) -> Commit:
    """The draft as a record, without its licence."""
    change, with_body = draft.change, profile.sample.instruction == "message"
    return Commit(
        repository=repository.name,
        commit=change.commit,
        subject=change.subject,
        message=change.message,
        path=change.path,
        old=draft.old,
        new=draft.new,
        old_blob=change.old_blob,
        new_blob=change.new_blob,
        language=language_name(draft.language),
        licence="",
        time=change.time,
        body=without_trailers(body(change.message)) if with_body else "",
        piece=profile.sample.of if change.old_blob else "file",
        old_line=draft.old_line,
        new_line=draft.new_line,
    )


def without_trailers(text: str) -> str:
    """A message's body without the trailers at its end: sign-offs, references, cherry-pick notes."""
    paragraphs = re.split(r"\n\s*\n", text)
    while paragraphs and _is_trailers(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _is_trailers(paragraph: str) -> bool:
    """Whether each line is a trailer, or the indented continuation of one."""
    return not paragraph[:1].isspace() and all(map(TRAILER.fullmatch, paragraph.split("\n")))
