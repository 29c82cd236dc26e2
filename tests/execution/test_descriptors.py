"""Judging needs few descriptors, and any that the process has left."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from crosstune.execution import Judge, _tests_builds, requirements
from crosstune.records import Program

MANY = 1100
"""More than `select.select` takes."""


@contextlib.contextmanager
def many_descriptors() -> Iterator[None]:
    """All lower numbers are taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * MANY:
        pytest.skip(f"this process may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * MANY), hard))
    taken = [os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC) for _ in range(MANY)]
    try:
        yield
    finally:
        for each in taken:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def program(number: int, language: str, code: str, tests: str) -> Program:
    declaration = code.partition("{")[0] + "{\n" if language == "c" else ""
    names = ("next_number",)
    return Program(str(number), language, code, tests, declaration=declaration, entry_points=names)


@pytest.mark.parametrize("isolation", ["auto", "shared"])
def test_a_process_with_many_open_files_judges(isolation: Literal["auto", "shared"]) -> None:
    if lacking := [each.what for each in requirements("python") if not each.met]:
        pytest.skip(f"cannot judge Python here: {', '.join(lacking)}")
    code = "def next_number(n):\n    return n + 1\n"
    tests = [f"assert next_number({number}) == {number + 1}\n" for number in range(3)]
    with many_descriptors(), Judge(1, isolation=isolation) as judge:
        programs = [program(number, "python", code, text) for number, text in enumerate(tests)]
        assert [str(each.status) for each in judge.run(programs)] == ["passed"] * 3


def test_the_tests_of_many_problems_stay_closed() -> None:
    if lacking := [each.what for each in requirements("c") if not each.met]:
        pytest.skip(f"cannot judge C here: {', '.join(lacking)}")
    code = "int next_number(int n) { return n + 1; }\n"
    tests = "#include <assert.h>\nint main(void) {{ assert(next_number({0}) == {0} + 1); return 0; }}\n"
    with Judge(1) as judge:
        count = []
        for number in range(4):
            (verdict,) = judge.run([program(number, "c", code, tests.format(number))])
            assert (verdict.passed, verdict.isolation) == (True, "separate"), verdict
            count.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
        assert count[1:] == [count[1]] * 3


def test_tests_that_nobody_used_for_weeks_are_built_again(tmp_path: Path) -> None:
    archive = tmp_path / "made" / "archive"

    def make() -> _tests_builds.TestsBuild:
        archive.parent.mkdir()
        archive.write_bytes(b"built")
        return _tests_builds.TestsBuild(archive=archive)

    builds = _tests_builds.TestsBuilds()
    first = builds.get(b"key", make)
    assert builds.get(b"key", make) is first
    shutil.rmtree(archive.parent)
    second = builds.get(b"key", make)
    assert second is not first
    assert archive.exists()
    assert builds.get(b"key", make) is second
