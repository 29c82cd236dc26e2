"""A corpus folder to the Hugging Face hub."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.corpus import _folder
from crosstune.corpus._store import INDEX, files
from crosstune.errors import MissingExtra, PrerequisiteError, ServiceError, UsageError
from crosstune.network_errors import first_line, is_network_error

PATTERNS = ("*.parquet", "README.md", INDEX, "lengths.png", "lengths.svg")
"""What is sent: neither what was dropped nor put aside, nor the work of mining."""
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
WANTED = (
    "the hub wants a token: `hf auth login`, or set HF_TOKEN"
    " (make one that may write under Settings, Access Tokens, of your account there)"
)


def push(folder: Path, repository: str, *, public: bool = False, message: str = "") -> str:
    """Send the corpus in ``folder`` to the data set ``repository`` (``owner/name``), made if it is not
    there, private unless ``public``; the address of what was sent.

    Files that are there already are not sent again, so after a broken connection the same call goes on.

    Raises:
        UsageError: not a name of a data set, or no card in the folder.
        DataError: no corpus in the folder.
        PrerequisiteError: no token, or it may not write there.
        ServiceError: the hub cannot be reached or answers otherwise than it should.
    """
    try:
        from huggingface_hub import HfApi, errors
    except ImportError:
        raise MissingExtra("huggingface_hub", "corpus") from None
    if not NAME.fullmatch(repository):
        raise UsageError(f"{repository}: expected OWNER/NAME, the data set on the hub")
    files(folder)
    if not (folder / _folder.CARD).is_file():
        raise UsageError(f"{folder}: has no card; make it: crosstune corpus card {folder}")
    api = HfApi()
    try:
        api.create_repo(repository, repo_type="dataset", private=not public, exist_ok=True)
        sent = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            repo_type="dataset",
            allow_patterns=list(PATTERNS),
            ignore_patterns=[".*/**"],
            commit_message=message or "Upload a corpus made with crosstune",
        )
    except errors.LocalTokenNotFoundError:
        raise PrerequisiteError(WANTED) from None
    except errors.HfHubHTTPError as error:
        raise _refused(repository, error, api.endpoint) from None
    except Exception as error:
        if is_network_error(error):
            raise ServiceError(f"{api.endpoint} cannot be reached: {first_line(error)}") from None
        raise
    return str(sent.commit_url if hasattr(sent, "commit_url") else sent)


def _refused(repository: str, error: Exception, endpoint: str) -> Exception:
    status = getattr(getattr(error, "response", None), "status_code", 0)
    if status == 401:
        return PrerequisiteError(WANTED)
    if status == 403:
        return PrerequisiteError(f"{repository}: this token may not write there: {first_line(error)}")
    return ServiceError(f"{endpoint} answered {status}: {first_line(error)}; run it again to go on")
