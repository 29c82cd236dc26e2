"""Examine the files of a saved model without loading them: the kind of folder, pointers, complete weights."""

from __future__ import annotations

import functools
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune import files

ADAPTER = "adapter_config.json"
GGUF = ".gguf"
_UNQUANTIZED = "to tune it, give the folder of the model that it was made from"
_LFS = b"version https://git-lfs.github.com/spec/"
_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
"""transformers loads the first of these that exists."""
_HEADER_BYTES = 8
_AGAIN = "it was not written or copied completely; get it again"


def problem(folder: Path) -> str:
    """What makes the model in ``folder`` unusable and what to do about it; empty if its files are complete.

    Tensors are not read: their names and sizes are compared with the model's when it is loaded.
    """
    checks: tuple[Callable[[Path], Iterator[str]], ...] = (_folder, _pointers, _configuration, _weights)
    return next((found for check in checks for found in check(folder)), "")


def digest(model: Path) -> str:
    """SHA-256 (hex) of a model: of a GGUF file, or of the names and contents of a folder's files.

    What a copy may lack or have in addition does not count: hidden files, folders, and the model's card.
    """
    if model.is_file():
        return _file_digest(model)
    parts = sorted(path for path in model.iterdir() if path.is_file() and _belongs(path.name))
    return files.text_digest("".join(f"{path.name}\0{_file_digest(path)}\n" for path in parts))


def _file_digest(path: Path) -> str:
    found = path.stat()
    return _unchanged_digest(path.resolve(), found.st_size, found.st_mtime_ns)


@functools.lru_cache
def _unchanged_digest(path: Path, _size: int, _time: int) -> str:
    return files.file_digest(path)


def _belongs(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.casefold() != ".md"


def positions(config: Any) -> int | None:
    """The longest text in tokens, also by YaRN's factor; None if the configuration does not say it."""
    text = config.get_text_config()
    known: int | None = getattr(text, "max_position_embeddings", None)
    rope = getattr(text, "rope_parameters", None) or {}
    for each in (rope, *(value for value in rope.values() if isinstance(value, Mapping))):
        factor, original = each.get("factor"), each.get("original_max_position_embeddings")
        if known is not None and factor and original:
            known = max(known, int(factor * original))
    return known


def cannot_load(model: str | Path, what: str, error: Exception) -> str:
    """Why transformers cannot load ``what`` of a model, and what to do."""
    said = str(error) if isinstance(error, (OSError, ValueError)) else f"{type(error).__name__}: {error}"
    if "trust_remote_code" in said:
        return (
            f"{model}: it needs Python code that comes with it, which would run here without a sandbox; if "
            "you trust it, set trust_remote_code: true (--set trust_remote_code=true)"
        )
    return f"{model}: transformers cannot load {what}: {said}"


def has_chat_template(folder: Path) -> bool:
    """Whether the tokenizer in ``folder`` has a chat template."""
    if (folder / "chat_template.jinja").is_file():
        return True
    path = folder / "tokenizer_config.json"
    settings = _json(path) if path.is_file() else None
    return isinstance(settings, dict) and bool(settings.get("chat_template"))


def _folder(folder: Path) -> Iterator[str]:
    if folder.suffix == GGUF and folder.is_file():
        yield f"{folder} is a GGUF file; {_UNQUANTIZED}"
    elif folder.is_file():
        yield f"{folder} is a file; expected the folder of a saved model, with config.json and weights"
    elif not folder.is_dir():
        yield f"put a saved model there: {folder}/config.json"
    elif (folder / ADAPTER).is_file():
        yield (
            f"{folder / ADAPTER}: the folder holds an adapter{_adapter_base(folder)}, not a whole model; "
            "merge it first (peft: merge_and_unload, then save_pretrained), or name its base"
        )


def _adapter_base(folder: Path) -> str:
    settings = _json(folder / ADAPTER)
    name = settings.get("base_model_name_or_path") if isinstance(settings, dict) else None
    return f" for the base {name}" if name else ""


def _pointers(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            with path.open("rb") as file:
                begins = file.read(len(_LFS))
            if begins == _LFS:
                yield f"{path} is a Git LFS pointer, not the file itself; run `git lfs pull` in its clone"


def _configuration(folder: Path) -> Iterator[str]:
    path = folder / "config.json"
    packed = sorted(folder.glob(f"*{GGUF}"))
    if not path.is_file() and packed:
        yield f"{folder} has no config.json, but {packed[0].name}: for answers give its path; {_UNQUANTIZED}"
    elif not path.is_file():
        yield f"put a saved model there: {path}"
    elif not isinstance(_json(path), dict):
        yield f"{path} is not a JSON object: {_AGAIN}"


def _weights(folder: Path) -> Iterator[str]:
    path = next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)
    if path is None:
        yield f"{folder} has no weights; expected one of {', '.join(_WEIGHTS)}"
        return
    if path.suffix != ".json":
        yield from _one_file(path)
        return
    index = _json(path)
    listed = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(listed, dict) or not listed:
        yield f"{path} has no 'weight_map': {_AGAIN}"
        return
    for name in sorted(set(map(str, listed.values()))):
        if (folder / name).is_file():
            yield from _one_file(folder / name)
        else:
            yield f"{folder / name} is missing; {path.name} lists it"


def _one_file(path: Path) -> Iterator[str]:
    size = path.stat().st_size
    if path.suffix == ".safetensors":
        expected = _safetensors_bytes(path, size)
        if expected is None:
            yield f"{path} is not a safetensors file, or is cut in its header ({size:,} bytes): {_AGAIN}"
        elif expected != size:
            yield f"{path} has {size:,} bytes; its header says {expected:,}: {_AGAIN}"
    elif not size or (_begins_as_zip(path) and not zipfile.is_zipfile(path)):
        yield f"{path} is cut ({size:,} bytes): {_AGAIN}"


def _safetensors_bytes(path: Path, size: int) -> int | None:
    """The size of the file by its header; None if the header cannot be read."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_HEADER_BYTES), "little")
        if not 0 < length <= size - _HEADER_BYTES:
            return None
        text = file.read(length)
    try:
        tensors = [entry for name, entry in json.loads(text).items() if name != "__metadata__"]
        return _HEADER_BYTES + length + max((entry["data_offsets"][1] for entry in tensors), default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _json(path: Path) -> Any:
    """The contents of a JSON file; None if it is not one."""
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None
