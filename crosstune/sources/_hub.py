"""Data sets of the Hugging Face hub, or folders laid out like one."""

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

REACH_SECONDS = 3.0


def _folder_or_id(value: Any, info: pydantic.ValidationInfo) -> Any:
    if isinstance(value, str) and value.startswith((".", "/", "~", "$")):
        return resolve_path(Path(value), (info.context or {}).get("base", Path()))
    return value


DataSet = Annotated[Path | str, pydantic.BeforeValidator(_folder_or_id)]
"""A data set's name on the hub, or a folder (begins with ``.``, ``/``, ``~`` or ``$``)."""


def file_rows(
    dataset: Path | str, file: str, revision: str | None, quarantine: Quarantine | None = None
) -> Iterator[Row]:
    """The rows of one file of a data set, fetched if it is not in the cache.

    Raises:
        DataError: no such file, or not one of rows.
        ServiceError: it is not in the cache and the hub cannot be asked.
    """
    if isinstance(dataset, Path):
        return rows(dataset / file, quarantine)
    return rows(_cached(dataset, file, revision) or _fetched(dataset, file, revision), quarantine)


def split_rows(dataset: Path | str, config: str | None, split: str, revision: str | None) -> Iterator[Row]:
    """The rows of a split, as `datasets.load_dataset` gives them.

    Raises:
        DataError: the data set has no such part, or cannot be loaded.
        ServiceError: it is not in the cache and the hub cannot be asked.
    """
    try:
        import datasets
    except ImportError:
        raise MissingExtra("datasets", "train") from None
    if isinstance(dataset, str) and not _loaded_before(dataset) and (why := unreachable()):
        raise ServiceError(f"the data set {dataset} is not in the cache, and {why}")
    datasets.disable_progress_bars()
    try:
        found = datasets.load_dataset(str(dataset), config, split=split, revision=revision)
    except ConnectionError as error:
        raise ServiceError(f"the data set {dataset} cannot be fetched: {first_line(error)}") from None
    except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise DataError(f"the data set {dataset} cannot be loaded: {first_line(error)}") from None
    for number, row in enumerate(found):
        yield f"{dataset}: {split} row {number}", row


def requirement(dataset: Path | str, files: tuple[str, ...], revision: str | None) -> Requirement:
    """Whether the data are here, or can be asked for; nothing is fetched, and it takes no long wait."""
    if isinstance(dataset, Path):
        lacking = [file for file in files if not (dataset / file).is_file()]
        met = dataset.is_dir() and not lacking
        how = (
            f"it lacks {lacking[0]}" if lacking and dataset.is_dir() else "put it there, or correct the path"
        )
        return Requirement(f"the data set in {dataset}", met, how)
    what = f"the data set {dataset} of the Hugging Face hub"
    if (files and all(_cached(dataset, file, revision) for file in files)) or (
        not files and _loaded_before(dataset)
    ):
        return Requirement(what, True)
    why = unreachable()
    return Requirement(what, not why, f"{why}; fetch it elsewhere and give its folder" if why else "")


@functools.cache
def unreachable() -> str:
    """Why the hub cannot be asked now; empty if it can. Asked once a process."""
    try:
        from huggingface_hub import constants, get_session
    except ImportError:
        return "the package huggingface_hub is not installed (pip install 'crosstune[train]')"
    if constants.HF_HUB_OFFLINE:
        return "HF_HUB_OFFLINE is set"
    try:
        get_session().head(constants.ENDPOINT, timeout=REACH_SECONDS)
    except Exception as error:
        if not is_network_error(error):
            raise
        return f"the hub cannot be reached: {first_line(error)}"
    return ""


def _cached(dataset: str, file: str, revision: str | None) -> Path | None:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    found = try_to_load_from_cache(dataset, file, repo_type="dataset", revision=revision)
    return Path(found) if isinstance(found, str) else None


def _fetched(dataset: str, file: str, revision: str | None) -> Path:
    if why := unreachable():
        raise ServiceError(f"{file} of the data set {dataset} is not in the cache, and {why}")
    from huggingface_hub import errors, hf_hub_download

    try:
        return Path(hf_hub_download(dataset, file, repo_type="dataset", revision=revision))
    except (errors.RepositoryNotFoundError, errors.EntryNotFoundError, errors.RevisionNotFoundError) as error:
        raise DataError(f"{file} of the data set {dataset}: {first_line(error)}") from None
    except (errors.HfHubHTTPError, OSError) as error:
        raise ServiceError(f"{file} of the data set {dataset}: {first_line(error)}") from None


def _loaded_before(dataset: str) -> bool:
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    cache = Path(os.environ.get("HF_DATASETS_CACHE") or home / "datasets")
    return (cache / dataset.replace("/", "___")).is_dir()
