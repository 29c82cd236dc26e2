"""A fake machine is divided among steps."""

from __future__ import annotations

from crosstune.hardware import GIB, Gpu
from crosstune.study import Machine, Resources
from crosstune.study._machine import Allocator

MACHINE = Machine(cores=8, memory_bytes=32 * GIB, gpus=(Gpu("a", 80.0), Gpu("b", 24.0), Gpu("c", 80.0)))


def test_cores_and_memory_are_reserved_until_released() -> None:
    allocator = Allocator(MACHINE)
    assert allocator.take("one", Resources(cores=6, memory_bytes=20 * GIB))
    assert allocator.take("too many cores", Resources(cores=3)) is None
    assert allocator.take("too much memory", Resources(memory_bytes=13 * GIB)) is None
    assert allocator.take("two", Resources(cores=2, memory_bytes=12 * GIB))
    allocator.release("one")
    assert (allocator.free_cores, allocator.free_memory) == (6, 20 * GIB)


def test_step_larger_than_the_machine_runs_alone() -> None:
    allocator = Allocator(MACHINE)
    huge = Resources(cores=64, memory_bytes=512 * GIB, gpus=8)
    assert allocator.take("small", Resources())
    assert allocator.take("huge", huge) is None
    allocator.release("small")
    grant = allocator.take("huge", huge)
    assert grant
    assert (grant.cores, grant.memory_bytes, grant.gpus) == (8, 32 * GIB, ("b", "a", "c"))
    assert allocator.take("small", Resources()) is None


def test_smallest_gpus_that_fit_are_granted() -> None:
    allocator = Allocator(MACHINE)
    small = allocator.take("small", Resources(gpus=1, gpu_gib=16.0))
    large = allocator.take("large", Resources(gpus=2, gpu_gib=40.0))
    assert small
    assert large
    assert (small.gpus, large.gpus) == (("b",), ("a", "c"))
    assert allocator.take("late", Resources(gpus=1)) is None


def test_free_cores_are_shared_evenly_by_scaling_steps() -> None:
    allocator = Allocator(MACHINE)
    for name in ("fixed", "one", "two", "three"):
        assert allocator.take(name, Resources())
    allocator.share_free_cores(["one", "two", "three"])
    assert [allocator.grants[name].cores for name in ("fixed", "one", "two", "three")] == [1, 2, 2, 3]
    assert allocator.free_cores == 0


def test_lent_cores_stay_free() -> None:
    allocator = Allocator(MACHINE)
    for name in ("one", "two"):
        assert allocator.take(name, Resources(elastic=True))
    allocator.lend_free_cores(["one", "two"])
    assert (allocator.lent, allocator.free_cores) == ({"one": 3, "two": 3}, 6)
    assert allocator.take("large", Resources(cores=5))
    allocator.lend_free_cores(["one", "two"])
    assert allocator.lent == {"one": 0, "two": 1}
    allocator.release("large")
    allocator.release("one")
    allocator.lend_free_cores(["two"])
    assert allocator.lent == {"two": 7}


def test_machine_has_at_most_the_cores_asked_for() -> None:
    assert Machine.here(1).cores == 1
    assert Machine.here().cores >= 1
