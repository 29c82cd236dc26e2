"""Upload a corpus folder to the Hugging Face Hub."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.corpus import _folder
from crosstune.corpus._store import INDEX, files
from crosstune.errors import DataError, MissingExtra, PrerequisiteError, ServiceError, UsageError
from crosstune.network_errors import first_line, is_network_error

PATTERNS = ("*.parquet", "README.md", INDEX, "lengths.png", "lengths.svg")
"""The uploaded files: not the dropped or quarantined rows, nor the working files of mining."""
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
METADATA = re.compile(r"metadata|license|README|yaml", re.IGNORECASE)
NOT_LOGGED_IN = (
    "the Hub requires a token: `hf auth login`, or set HF_TOKEN"
    " (create one with write access under Settings, Access Tokens, of your account there)"
)


def push(folder: Path, repository: str, *, public: bool = False, message: str = "") -> str:
    """Upload the corpus in ``folder`` to the dataset ``repository`` (``owner/name``); return its URL.

    A dataset that does not exist is created, private unless ``public``. Files that were uploaded before
    are skipped, so after a lost connection the same call resumes the upload.

    Raises:
        UsageError: ``repository`` is not a dataset's name, or the folder has no card.
        DataError: the folder is not a corpus, or the Hub refuses its card.
        PrerequisiteError: the token is missing or has no write access.
        ServiceError: the Hub cannot be reached or responds with an error.
    """
    try:
        from huggingface_hub import HfApi, errors
    except ImportError:
        raise MissingExtra("huggingface_hub", "corpus") from None
    if not NAME.fullmatch(repository):
        raise UsageError(f"{repository}: expected OWNER/NAME, the dataset on the Hub")
    files(folder)
    if not (folder / _folder.CARD).is_file():
        raise UsageError(f"{folder}: no README.md; write it with: crosstune corpus card {folder}")
    api = HfApi()
    try:
        api.create_repo(repository, repo_type="dataset", private=not public, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            repo_type="dataset",
            allow_patterns=list(PATTERNS),
            ignore_patterns=[".*/**"],
            commit_message=message or "Upload a corpus made with crosstune",
        )
    except errors.LocalTokenNotFoundError:
        raise PrerequisiteError(NOT_LOGGED_IN) from None
    except errors.HFValidationError as error:
        raise UsageError(f"{repository}: not a name of a dataset: {first_line(error)}") from None
    except errors.HfHubHTTPError as error:
        raise _refusal(folder / _folder.CARD, repository, error, api.endpoint) from None
    except ValueError as error:  # `huggingface_hub` checks the card before it uploads
        raise _refused_card(folder / _folder.CARD, error) from None
    except Exception as error:
        if is_network_error(error):
            raise ServiceError(f"{api.endpoint} cannot be reached: {first_line(error)}") from None
        raise
    return str(commit.commit_url if hasattr(commit, "commit_url") else commit)


def _refused_card(card: Path, error: Exception) -> DataError:
    reasons = " ".join(str(error).split())
    advice = f"correct it, or write it again with: crosstune corpus card {card.parent}"
    return DataError(f"{card}: the Hub refuses its metadata: {reasons}; {advice}")


def _refusal(card: Path, repository: str, error: Exception, endpoint: str) -> Exception:
    status = getattr(getattr(error, "response", None), "status_code", 0)
    if status == 400 and METADATA.search(str(error)):
        return _refused_card(card, error)
    if status == 401:
        return PrerequisiteError(NOT_LOGGED_IN)
    if status == 403:
        return PrerequisiteError(f"{repository}: the token has no write access: {first_line(error)}")
    return ServiceError(f"{endpoint} responded {status}: {first_line(error)}; run it again to resume")
