"""The rules that the path decides, with the message."""

from __future__ import annotations

from collections.abc import Iterable

from crosstune.mining._file_languages import endings
from crosstune.mining._profile import File, Message, Profile
from crosstune.mining.repository._log import Change
from crosstune.mining.rules._rule import UNTYPICAL, Rule


def by_path(profile: Profile) -> list[Rule]:
    """Those that the path decides, with the message."""
    return list(_file(profile.file, profile.message))


def _file(rules: File, message: Message) -> Iterable[Rule]:
    names = endings(rules.extensions)

    def untypical(change: Change) -> bool:
        return not typical(rules, names.candidates(change.path), change.path)

    if message.not_update_path:
        yield Rule(
            "message: Update and the path",
            "message.not_update_path",
            lambda change: change.message.strip() == f"Update {change.path}",
            lambda change: change.told,
        )
    yield Rule(
        "file: language not known",
        "file.extensions",
        lambda change: not names.candidates(change.path),
        lambda change: change.path,
    )
    if rules.extension_needed:
        yield Rule(UNTYPICAL, "file.typical, file.extension_needed", untypical, lambda change: change.path)
    if rules.not_named_in_subject:
        yield Rule(
            "file: named in the subject",
            "file.not_named_in_subject",
            _named,
            lambda change: f"{_stem_and_ending(change.path)[0]!r} in {change.told!r}",
        )


def typical(rules: File, languages: Iterable[str], path: str) -> bool:
    """Whether a file in one of ``languages`` may be called ``path``."""
    if not rules.extension_needed:
        return True
    wanted = [rules.typical.get(language) for language in languages]
    if all(wanted):
        return any(path.endswith(tuple(each)) for each in wanted if each)
    return bool(_stem_and_ending(path))


def _stem_and_ending(path: str) -> list[str]:
    parts = path.rpartition("/")[2].split(".")
    return parts[-2:] if len(parts) > 1 else []


def _named(change: Change) -> bool:
    parts = _stem_and_ending(change.path)
    return bool(parts) and parts[0] != "" and parts[0] in change.told
