"""What training steps require."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crosstune.records import Requirement
from crosstune.tuning import load_recipe, requirements
from crosstune.tuning._requirements import gpu_gib
from tests.tuning import small


def unmet(found: list[Requirement]) -> list[str]:
    return [each.what for each in found if not each.met]


def test_planning_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'tokenizers', 'numpy', 'pyarrow'} & set(sys.modules)"
    code = f"""
import sys
from pathlib import Path
from crosstune.tuning import load_recipe, requirements
requirements(load_recipe('octocoder', Path()), None)
assert not {heavy}, {heavy}
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_tiny_model_requires_only_packages() -> None:
    found = requirements(small.RECIPE, None)
    assert unmet(found) == []
    assert {"the Python package torch", "the Python package tokenizers"} <= {each.what for each in found}


def test_missing_package_has_an_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    found = {each.what: each for each in requirements(load_recipe("octocoder", Path()), None)}
    assert not found["the Python package peft"].met
    assert found["the Python package peft"].how == "pip install 'crosstune[train]'"
    assert found["the Python package bitsandbytes"].how == "pip install bitsandbytes"


def test_gpus_are_required_by_estimated_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    octocoder, codem = load_recipe("octocoder", Path()), load_recipe("codem-7b", Path())
    assert round(gpu_gib(octocoder)) == 18  # 15.5e9 x 1 byte, a quarter more
    assert round(gpu_gib(codem)) == 16  # 7e9 x 16 bytes / 8 GPUs, a quarter more
    assert round(gpu_gib(codem.model_copy(update={"deepspeed": None}))) == 130
    one = tmp_path / "nvidia-smi"
    for memory, count, met in ((81920, 1, False), (81920, 8, True), (8192, 8, False)):
        one.write_text("#!/bin/sh\n" + f"echo {memory}\n" * count)
        one.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        (requirement,) = (each for each in requirements(codem, None) if "GPU" in each.what)
        assert (met, "8 x a GPU with 16.3 GiB of memory") == (requirement.met, requirement.what)
    assert "here: 8 GiB, 8 GiB" in requirement.how


def test_base_in_a_folder_must_exist(trained: Path, tmp_path: Path) -> None:
    assert unmet(requirements(small.RECIPE, trained / "out" / "model")) == []
    assert [f"the model in the folder {tmp_path}"] == unmet(requirements(small.RECIPE, tmp_path))


def test_base_on_the_hub_is_looked_up_in_the_cache_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    for offline, how in ((True, "unset HF_HUB_OFFLINE"), (False, "http://127.0.0.1:9 does not answer")):
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
        (requirement,) = (each for each in requirements(small.RECIPE, "some/model") if not each.met)
        assert requirement.what == "the model some/model"
        assert how in requirement.how
    snapshot = tmp_path / "models--some--model" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    assert unmet(requirements(small.RECIPE, "some/model")) == []
