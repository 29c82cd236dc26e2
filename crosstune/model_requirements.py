"""Requirements for using a model on this machine: packages, GPUs, the model itself.

Checking them downloads nothing and does not import torch.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from crosstune import hardware, llm, model_files
from crosstune.records import Requirement

_INSTALL = "pip install 'crosstune[train]'"
_OUTSIDE_EXTRA = {"bitsandbytes", "deepspeed", "flash_attn"}
_HUB_NAME = re.compile(r"\w[\w.-]*(/[\w.-]+)?")
"""Not a path such as ``./model``."""


def package(name: str) -> Requirement:
    """A Python package; most are part of the extra ``train``."""
    how = f"pip install {name.replace('_', '-')}" if name in _OUTSIDE_EXTRA else _INSTALL
    return Requirement(f"the Python package {name}", importlib.util.find_spec(name) is not None, how)


def gpus(count: int, gib: float) -> Requirement:
    """``count`` GPUs with ``gib`` GiB of memory each."""
    here = hardware.gpu_memories_gib()
    amount = "a GPU" if count == 1 else f"{count} x a GPU"
    available = ", ".join(f"{memory:.0f} GiB" for memory in here) or "none"
    met = len(here) >= count and here[count - 1] >= gib
    return Requirement(
        f"{amount} with {round(gib, 1):g} GiB of memory",
        met,
        f"run this step on a machine that has it; here: {available}",
    )


def model(name: str | Path) -> Requirement:
    """A model: a folder, or a name on the Hub that is in the cache or can be downloaded."""
    if isinstance(name, Path) or Path(name).is_dir() or not is_hub_name(name):
        problem = model_files.problem(Path(name))
        return Requirement(f"the model in the folder {name}", not problem, problem)
    if not importlib.util.find_spec("huggingface_hub"):
        return Requirement(f"the model {name}", False, _INSTALL)
    return _hub_model(name)


def is_hub_name(name: str) -> bool:
    """Whether a model that is no folder here can be on the Hub."""
    return _HUB_NAME.fullmatch(name) is not None


def _hub_model(name: str) -> Requirement:
    from huggingface_hub import constants

    what = f"the model {name}"
    folder = Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}" / "snapshots"
    if any(folder.glob("*/config.json")):
        return Requirement(what, True)
    if constants.HF_HUB_OFFLINE:
        return Requirement(what, False, "it is not in the cache; unset HF_HUB_OFFLINE to download it")
    how = f"it is not in the cache, and {constants.ENDPOINT} does not answer from here"
    return Requirement(what, llm.reachable(f"{constants.ENDPOINT}/api"), how)
