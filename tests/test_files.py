"""Writes are atomic, locks exclude other processes, digests depend on names and contents."""

import errno
import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crosstune import files
from crosstune.errors import Incomplete, PrerequisiteError


def test_reader_never_sees_a_partial_file(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "a.txt"
    files.write_text(target, "old")
    with pytest.raises(KeyError):
        _fail_while_writing(target)
    assert (target.read_text("utf-8"), [target]) == ("old", list(target.parent.iterdir()))
    with files.atomic_write(target, sync=True) as temporary:
        temporary.write_text("new", "utf-8")
        assert target.read_text("utf-8") == "old"
    assert (target.read_text("utf-8"), [target]) == ("new", list(target.parent.iterdir()))


def test_device_and_pipe_are_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
        files.write_text(path, "through")
        assert reader.communicate()[0] == "through"
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_target_of_a_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    files.write_text(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text("utf-8") == "text"


def test_standard_output_is_written_to(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from crosstune.files import write_text\n"
        "write_text(Path('/dev/stdout'), 'text')"
    )
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert (tmp_path / "out").read_text("utf-8") == "text"


def _fail_while_writing(target: Path) -> None:
    with files.atomic_write(target) as temporary:
        temporary.mkdir()
        (temporary / "part").write_text("ne", "utf-8")
        raise KeyError


def test_folder_is_written_atomically(tmp_path: Path) -> None:
    with files.atomic_write(tmp_path / "out") as temporary:
        temporary.mkdir()
        files.write_json(temporary / "a.json", {"é": [1]})
    assert json.loads((tmp_path / "out" / "a.json").read_bytes()) == {"é": [1]}
    with pytest.raises(KeyError):
        _fail_while_writing(tmp_path / "other")
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_lock_is_held_by_one_process(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    other = (
        "from pathlib import Path; from crosstune.files import locked\n"
        f"with locked(Path({str(lock)!r})): pass"
    )
    with files.locked(lock):
        done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
        assert (done.returncode, "BlockingIOError" in done.stderr) == (1, True)
    assert not lock.exists()
    subprocess.run([sys.executable, "-c", other], check=True)


def test_digests_depend_on_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1", "utf-8")
    first = files.tree_digest(tmp_path / "a")
    (tmp_path / "a" / "x").rename(tmp_path / "a" / "y")
    second = files.tree_digest(tmp_path / "a")
    (tmp_path / "a" / "y").write_text("2", "utf-8")
    assert len({first, second, files.tree_digest(tmp_path / "a")}) == 3
    assert (
        files.file_digest(tmp_path / "a" / "y")
        == files.text_digest("2")
        == files.tree_digest(tmp_path / "a/y")
    )
    assert files.text_digest("\ud800") != files.text_digest("\udc00")
    with pytest.raises(FileNotFoundError):
        files.tree_digest(tmp_path / "none")


def test_full_disk_is_incomplete(tmp_path: Path) -> None:
    with (
        pytest.raises(Incomplete, match=f"{tmp_path}: the disk is full"),
        files.full_disk_is_incomplete(tmp_path),
    ):
        raise OSError(errno.ENOSPC, "no space")
    with pytest.raises(PermissionError), files.full_disk_is_incomplete(tmp_path):
        raise PermissionError


def test_errors_within_a_folder_in_the_making_name_its_final_path(tmp_path: Path) -> None:
    target = tmp_path / "corpus"
    for name in ("data/a.parquet", ""):
        final = re.escape(str(target / name))
        with (
            pytest.raises(Incomplete, match=f"^{final}: the disk is full"),
            files.atomic_write(target) as temporary,
            files.full_disk_is_incomplete(temporary / name),
        ):
            raise OSError(errno.ENOSPC, "full")
    with pytest.raises(FileNotFoundError) as error, files.atomic_write(target) as temporary:
        (temporary / "data" / "a.parquet").open()
    assert error.value.filename == str(target / "data" / "a.parquet")


def test_a_failed_write_names_the_target(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / ("x" * 300)):
        with pytest.raises(OSError, match=str(path)):
            files.check_target(path)
        with pytest.raises(OSError, match=str(path)):
            files.write_text(path, "text")
    files.check_target(tmp_path / "new" / "file")
    assert list((tmp_path / "new").iterdir()) == []
    files.check_target(Path("/dev/stdout"))
    with pytest.raises(OSError, match="full") as caught, files.atomic_write(tmp_path / "full"):
        raise OSError(errno.ENOSPC, "full")
    assert caught.value.filename == str(tmp_path / "full")


def test_a_failed_cleanup_does_not_hide_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a read-only disk, even the removal of a file that does not exist fails."""

    def refused(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "unlink", refused)
    monkeypatch.setattr(Path, "write_text", refused)
    with pytest.raises(OSError, match="Read-only") as error:
        files.write_text(tmp_path / "a.json", "x")
    assert error.value.filename == str(tmp_path / "a.json")


def test_damaged_lines_are_moved_to_a_file_beside(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"1\n\0\xff\n3\n")
    path.chmod(0o640)
    aside = files.set_aside(path, {2: b"\0\xff\n"})
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"1\n3\n", 0o640)
    files.set_aside(path, {2: b"3\n"})
    rows = [json.loads(line) for line in aside.read_text("utf-8").splitlines()]
    assert rows == [{"line": 2, "text": "\0\\xff\n"}, {"line": 2, "text": "3\n"}]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(PrerequisiteError, match=f"{tmp_path}: this file system has no file locks"):
        files.locked(tmp_path / "lock").__enter__()
