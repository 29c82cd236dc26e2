"""Rules on the changed file's path, some of which compare it with the message."""

from __future__ import annotations

from collections.abc import Iterable

from crosstune.mining._profile import File, Message, Profile
from crosstune.mining.repository._log import Change
from crosstune.mining.rules._file_languages import file_languages
from crosstune.mining.rules._rule import Rule

ATYPICAL = "file: ending not typical"


def path_rules(profile: Profile) -> list[Rule[Change]]:
    return list(_path_rules(profile.file, profile.message))


def _path_rules(file: File, message: Message) -> Iterable[Rule[Change]]:
    languages = file_languages(file.extensions)

    def is_atypical(change: Change) -> bool:
        return not is_typical(file, languages.candidates(change.path), change.path)

    if message.not_update_path:
        yield Rule(
            "message: Update and the path",
            "message.not_update_path",
            lambda change: change.message.strip() == f"Update {change.path}",
            lambda change: change.original_subject,
        )
    yield Rule(
        "file: language not known",
        "file.extensions",
        lambda change: not languages.candidates(change.path),
        lambda change: change.path,
    )
    if file.extension_needed:
        yield Rule(ATYPICAL, "file.typical, file.extension_needed", is_atypical, lambda change: change.path)
    if file.not_named_in_subject:
        yield Rule(
            "file: named in the subject",
            "file.not_named_in_subject",
            _is_named_in_subject,
            lambda change: f"{_stem(change.path)!r}, subject {change.original_subject!r}",
        )


def is_typical(file: File, languages: Iterable[str], path: str) -> bool:
    """Whether a file in one of ``languages`` may be called ``path``."""
    if not file.extension_needed:
        return True
    endings = [file.typical.get(language) for language in languages]
    if all(endings):
        return any(path.endswith(tuple(each)) for each in endings if each)
    return "." in path.rpartition("/")[2]


def _stem(path: str) -> str:
    """The part of the base name before its last dot and after an earlier one; empty without a dot."""
    parts = path.rpartition("/")[2].split(".")
    return parts[-2] if len(parts) > 1 else ""


def _is_named_in_subject(change: Change) -> bool:
    stem = _stem(change.path)
    return stem != "" and stem in change.original_subject
