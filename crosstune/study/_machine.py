"""Divide the machine's cores, memory and GPUs among running steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from crosstune import hardware
from crosstune.hardware import Gpu
from crosstune.study._kind import Resources


@dataclass(frozen=True)
class Grant:
    """The resources reserved for a running step; ``gpus`` are values for ``CUDA_VISIBLE_DEVICES``, ``node``
    is that of a cluster."""

    cores: int
    memory_bytes: int = 0
    gpus: tuple[str, ...] = ()
    node: str = ""


@dataclass(frozen=True)
class Machine:
    """The resources that a run may use."""

    cores: int
    memory_bytes: int
    gpus: tuple[Gpu, ...] = ()

    @classmethod
    def here(cls, cores: int = 0) -> Self:
        """This machine, limited to ``cores`` (0: all)."""
        return cls(cores or hardware.cores(), hardware.memory_bytes(), hardware.gpus())


class Allocator:
    """Tracks the granted and the free resources.

    A step that asks for more than the whole machine gets the whole machine and therefore runs alone. Lent
    cores stay free: a step that needs one takes it.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.grants: dict[str, Grant] = {}
        self.lent: dict[str, int] = {}

    @property
    def free_cores(self) -> int:
        return self.machine.cores - sum(grant.cores for grant in self.grants.values())

    @property
    def free_memory(self) -> int:
        return self.machine.memory_bytes - sum(grant.memory_bytes for grant in self.grants.values())

    def take(self, name: str, wanted: Resources) -> Grant | None:
        """Reserve resources for the step ``name``; None, with nothing reserved, if they are not free now."""
        cores = min(wanted.cores, self.machine.cores)
        memory = min(wanted.memory_bytes, self.machine.memory_bytes)
        gpus = self._gpus(wanted)
        if cores > self.free_cores or memory > self.free_memory or gpus is None:
            return None
        self.grants[name] = Grant(cores, memory, gpus)
        return self.grants[name]

    def _gpus(self, wanted: Resources) -> tuple[str, ...] | None:
        """The smallest free GPUs that are large enough; None if too few are free."""
        fit = [gpu for gpu in self.machine.gpus if gpu.memory_gib >= wanted.gpu_gib] or self.machine.gpus
        taken = {name for grant in self.grants.values() for name in grant.gpus}
        free = sorted((gpu for gpu in fit if gpu.name not in taken), key=lambda gpu: gpu.memory_gib)
        count = min(wanted.gpus, len(fit))
        return tuple(gpu.name for gpu in free[:count]) if len(free) >= count else None

    def share_free_cores(self, names: list[str]) -> None:
        """Divide the free cores evenly among the steps ``names``."""
        for position, name in enumerate(names):
            share = self.free_cores // (len(names) - position)
            self.grants[name] = replace(self.grants[name], cores=self.grants[name].cores + share)

    def lend_free_cores(self, names: list[str]) -> None:
        """Divide the free cores evenly among the elastic steps ``names``, instead of what was lent before."""
        self.lent, free = {}, self.free_cores
        for position, name in enumerate(names):
            self.lent[name] = (free - sum(self.lent.values())) // (len(names) - position)

    def release(self, name: str) -> None:
        self.grants.pop(name, None)
