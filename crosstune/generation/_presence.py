"""Whether a model can be had here, told without downloading it or importing torch."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from crosstune import llm
from crosstune.records import Requirement

_PACKAGES = ("torch", "transformers")
_INSTALL = "pip install 'crosstune[train]'"


def model_requirements(model: str, gpu_gib: float) -> list[Requirement]:
    """What answering with ``model`` takes; an empty ``model`` is one that the study makes itself."""
    requirements = [
        Requirement(
            f"the Python package {name}",
            bool(importlib.util.find_spec(name)),
            _INSTALL,
        )
        for name in _PACKAGES
    ]
    if gpu_gib:
        requirements.append(_gpu(gpu_gib))
    if model:
        requirements.append(_model(model))
    return requirements


def _model(model: str) -> Requirement:
    if Path(model).is_absolute() or Path(model).is_dir() or not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", model):
        whole = Path(model, "config.json").is_file()
        return Requirement(
            f"the model in the folder {model}", whole, "put a saved model there; it has a config.json"
        )
    what = f"the model {model}"
    if not importlib.util.find_spec("huggingface_hub"):
        return Requirement(what, False, _INSTALL)
    from huggingface_hub import constants

    folder = Path(constants.HF_HUB_CACHE) / f"models--{model.replace('/', '--')}" / "snapshots"
    if any(folder.glob("*/config.json")):
        return Requirement(what, True)
    if constants.HF_HUB_OFFLINE:
        return Requirement(what, False, "it is not in the cache; unset HF_HUB_OFFLINE to download it")
    reached = llm.reachable(f"{constants.ENDPOINT}/api")
    return Requirement(
        what, reached, f"it is not in the cache, and {constants.ENDPOINT} does not answer from here"
    )


def _gpu(gib: float) -> Requirement:
    what = f"a GPU with {gib:g} GiB of memory"
    largest = max(_gpus(), default=0.0)
    found = f"the largest here has {largest:.0f} GiB" if largest else "none was found here"
    return Requirement(what, largest >= gib, f"run this step on a machine that has one; {found}")


def _gpus() -> Iterator[float]:
    """The memory of each GPU, GiB."""
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return
    for line in answer.stdout.split():
        if line.isdigit():
            yield int(line) / 1024
