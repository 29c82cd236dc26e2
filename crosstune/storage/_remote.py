"""Which paths are remote, and the file system of one."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crosstune.errors import (
    CrosstuneError,
    DataError,
    MissingExtra,
    PrerequisiteError,
    ServiceError,
    UsageError,
)
from crosstune.files import text_digest
from crosstune.user_folders import cache_folder

PROTOCOLS = {"s3": "s3fs", "hf": "huggingface_hub", "memory": "fsspec"}
"""The protocols of remote paths, and the package that each needs."""
_CREDENTIALS = {
    "s3": "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "hf": "set HF_TOKEN, or log in: hf auth login",
}
_NO_CREDENTIALS = {"NoCredentialsError", "PartialCredentialsError", "LocalTokenNotFoundError"}
_DENIED = {"GatedRepoError"}
_REFUSED = {401, 403}
"""The status of the Hub's answer to a token that is wrong, or may not write."""
_ABSENT = {"RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError"}


def is_remote(path: Path) -> bool:
    """Whether the path is a URL of a protocol that is known here."""
    first = path.parts[0] if path.parts else ""
    return len(path.parts) > 1 and first.endswith(":") and first[:-1] in PROTOCOLS


def shown(path: Path) -> str:
    """The path as the user wrote it: ``s3://bucket/key``."""
    return url_of(path) if is_remote(path) else str(path)


def url_of(path: Path) -> str:
    return str(path).replace(":/", "://", 1)


def staging(path: Path) -> Path:
    """Where the copy of a remote path is on this machine; its neighbours are beside it."""
    folder = cache_folder() / "storage" / text_digest(url_of(path.parent))[:16]
    return folder / path.name


def file_system(path: Path) -> tuple[Any, str]:
    """The file system of a remote path, and its name there.

    Raises:
        MissingExtra: a package that it needs is not installed.
    """
    for package in ("fsspec", PROTOCOLS[path.parts[0][:-1]]):
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(package, "storage")
    import fsspec

    system, name = fsspec.core.url_to_fs(url_of(path))
    return system, name


@contextlib.contextmanager
def errors_translated(path: Path) -> Iterator[None]:
    """Translate the errors of object stores, of which each library has its own.

    Raises:
        DataError: there is nothing at the path, or no such bucket or repository.
        PrerequisiteError: there are no credentials, or they are refused.
        ServiceError: the store cannot be reached, or failed.
    """
    try:
        yield
    except CrosstuneError:
        raise
    except Exception as error:  # noqa: BLE001 (each library has errors of its own)
        raise _translated(path, error) from None


def _translated(path: Path, error: Exception) -> CrosstuneError:
    names = {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
    text = " ".join(str(error).split()) or type(error).__name__
    url, how = url_of(path), _CREDENTIALS.get(path.parts[0][:-1], "check the settings of the store")
    if names & _NO_CREDENTIALS:
        return PrerequisiteError(f"{url}: no credentials; {how}")
    if names & _DENIED or isinstance(error, PermissionError) or _status(error) in _REFUSED:
        return PrerequisiteError(f"{url}: access is denied ({text}); {how}")
    if "NoSuchBucket" in text or "bucket does not exist" in text:
        return DataError(f"{url}: there is no bucket {path.parts[1]!r}")
    if names & _ABSENT or isinstance(error, FileNotFoundError):
        return DataError(f"{url}: there is nothing ({text})")
    if isinstance(error, ValueError) and "ucket" in text:
        return UsageError(f"{url}: not a usable name ({text})")
    return ServiceError(f"{url}: the store did not answer as expected ({text}); run again to continue")


def _status(error: Exception) -> int | None:
    """The HTTP status of an answer, if the error is about one."""
    response = getattr(error, "response", None)
    status: int | None = getattr(response, "status_code", None)
    return status


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def check_here(path: Path | None) -> None:
    """
    Raises:
        UsageError: the path is remote, where only this machine is written to.
    """
    if path is not None and is_remote(path):
        raise UsageError(
            f"{url_of(path)}: this command writes to this machine only; name a local path, and copy it then"
        )
