"""Read datasets of the Hugging Face Hub, or folders with the same layout."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pydantic

from crosstune.errors import DataError, MissingExtra, ServiceError
from crosstune.network_errors import first_line, is_network_error
from crosstune.records import Requirement
from crosstune.settings import resolve_path
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import Row, rows
from crosstune.user_folders import expanded

TIMEOUT_SECONDS = 3.0
"""The timeout of the request that checks whether the Hub can be reached."""


def _folder_or_name(value: Any, info: pydantic.ValidationInfo) -> Any:
    if isinstance(value, str) and value.startswith((".", "/", "~", "$")):
        return resolve_path(Path(value), (info.context or {}).get("base", Path()))
    return value


Dataset = Annotated[Path | str, pydantic.BeforeValidator(_folder_or_name)]
"""A dataset's name on the Hub, or a folder (begins with ``.``, ``/``, ``~`` or ``$``)."""


def file_rows(
    dataset: Path | str, file: str, revision: str | None, quarantine: Quarantine | None = None
) -> Iterator[Row]:
    """The rows of one file of a dataset, downloaded unless it is in the cache.

    Raises:
        DataError: the file does not exist or does not contain rows.
        ServiceError: it is not in the cache, and the Hub cannot be reached.
    """
    if isinstance(dataset, Path):
        return rows(dataset / file, quarantine)
    return rows(_cached(dataset, file, revision) or _downloaded(dataset, file, revision), quarantine)


def split_rows(dataset: Path | str, config: str | None, split: str, revision: str | None) -> Iterator[Row]:
    """The rows of a split, as `datasets.load_dataset` returns them.

    Raises:
        DataError: the dataset has no such split or configuration, or cannot be loaded.
        ServiceError: it is not in the cache, and the Hub cannot be reached.
    """
    try:
        import datasets
    except ImportError:
        raise MissingExtra("datasets", "train") from None
    if isinstance(dataset, str) and not _in_datasets_cache(dataset) and (reason := unreachable()):
        raise ServiceError(f"the dataset {dataset} is not in the cache, and {reason}")
    datasets.disable_progress_bars()
    try:
        loaded = datasets.load_dataset(str(dataset), config, split=split, revision=revision)
    except ConnectionError as error:
        raise ServiceError(f"the dataset {dataset} cannot be downloaded: {first_line(error)}") from None
    except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise DataError(f"the dataset {dataset} cannot be loaded: {first_line(error)}") from None
    for number, row in enumerate(loaded):
        yield f"{dataset}: {split} row {number}", row


def dataset_requirement(dataset: Path | str, files: tuple[str, ...], revision: str | None) -> Requirement:
    """Whether the dataset is available or can be downloaded; downloads nothing and waits at most 3 s."""
    if isinstance(dataset, Path):
        return _folder_requirement(dataset, files)
    name = f"the dataset {dataset} of the Hugging Face Hub"
    if files:
        available = all(_cached(dataset, file, revision) for file in files)
    else:
        available = _in_datasets_cache(dataset)
    if available or not (reason := unreachable()):
        return Requirement(name, True)
    return Requirement(name, False, f"{reason}; download it elsewhere and give its folder")


def _folder_requirement(folder: Path, files: tuple[str, ...]) -> Requirement:
    missing = [file for file in files if not (folder / file).is_file()]
    advice = f"it lacks {missing[0]}" if missing and folder.is_dir() else "put it there, or correct the path"
    return Requirement(f"the dataset in {folder}", folder.is_dir() and not missing, advice)


@functools.cache
def unreachable() -> str:
    """Why the Hub cannot be reached; empty if it can. The result is cached for the process."""
    try:
        from huggingface_hub import constants, get_session
    except ImportError:
        return "the package huggingface_hub is not installed (pip install 'crosstune[train]')"
    if constants.HF_HUB_OFFLINE:
        return "HF_HUB_OFFLINE is set"
    try:
        get_session().head(constants.ENDPOINT, timeout=TIMEOUT_SECONDS)
    except Exception as error:
        if not is_network_error(error):
            raise
        return f"the Hub cannot be reached: {first_line(error)}"
    return ""


def _cached(dataset: str, file: str, revision: str | None) -> Path | None:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    path = try_to_load_from_cache(dataset, file, repo_type="dataset", revision=revision)
    return Path(path) if isinstance(path, str) else None


def _downloaded(dataset: str, file: str, revision: str | None) -> Path:
    if reason := unreachable():
        raise ServiceError(f"{file} of the dataset {dataset} is not in the cache, and {reason}")
    from huggingface_hub import errors, hf_hub_download

    try:
        return Path(hf_hub_download(dataset, file, repo_type="dataset", revision=revision))
    except (errors.RepositoryNotFoundError, errors.EntryNotFoundError, errors.RevisionNotFoundError) as error:
        raise DataError(f"{file} of the dataset {dataset}: {first_line(error)}") from None
    except (errors.HfHubHTTPError, OSError) as error:
        raise ServiceError(f"{file} of the dataset {dataset}: {first_line(error)}") from None


def _in_datasets_cache(dataset: str) -> bool:
    home = Path(os.environ.get("HF_HOME") or expanded("~/.cache/huggingface"))
    cache = Path(os.environ.get("HF_DATASETS_CACHE") or home / "datasets")
    return (cache / dataset.replace("/", "___")).is_dir()
