"""Files and folders in S3, on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune import files
from crosstune.errors import DataError, Incomplete, MissingExtra, PrerequisiteError, ServiceError
from crosstune.storage import _output, _remote, copies_beside, is_remote, local_copy, shown, writing
from tests.cli.in_process import run
from tests.storage_server import client, objects

ROWS = Path("s3://bucket/in/rows.jsonl")
OUT = Path("s3://bucket/out/verdicts.jsonl")
CORPUS = Path("s3://bucket/corpus")


def put(url: str, key: str, content: bytes) -> None:
    client(url).put_object(Bucket="bucket", Key=key, Body=content)


def another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))


def test_remote_paths_are_paths_with_a_protocol() -> None:
    assert is_remote(OUT)
    assert is_remote(OUT.with_name("x"))
    assert not any(map(is_remote, [Path("s3:"), Path("s3"), Path("/s3:/b"), Path("c:/b"), Path()]))
    assert shown(OUT.with_name("x")) == "s3://bucket/out/x"
    assert shown(Path("a/b")) == "a/b"


def test_input_is_copied_once_and_again_when_it_changes(bucket: str) -> None:
    put(bucket, "in/rows.jsonl", b"1\n")
    copy = local_copy(ROWS)
    assert copy.read_bytes() == b"1\n"
    first = copy.stat().st_ino
    assert local_copy(ROWS).stat().st_ino == first
    put(bucket, "in/rows.jsonl", b"2\n")  # of the same size
    assert local_copy(ROWS).read_bytes() == b"2\n"
    copy.write_bytes(b"x\n")
    assert local_copy(ROWS).read_bytes() == b"2\n"
    assert local_copy(copy) == copy  # a path on this machine is its own copy


def test_a_folder_loses_what_is_no_longer_there(bucket: str) -> None:
    for key in ("corpus/funnel.json", "corpus/data-1/a.parquet", "corpus-2/b"):
        put(bucket, key, key.encode())
    copy = local_copy(CORPUS)
    assert sorted(str(each.relative_to(copy)) for each in copy.rglob("[!.]*.*")) == [
        "data-1/a.parquet",
        "funnel.json",
    ]
    client(bucket).delete_object(Bucket="bucket", Key="corpus/data-1/a.parquet")
    local_copy(CORPUS)
    assert not (copy / "data-1" / "a.parquet").exists()


def test_output_is_written_when_it_is_whole(bucket: str) -> None:
    with writing(OUT, work=["journal"], after=["verdicts.jsonl.done.json"]) as path:
        path.write_bytes(b"all\n")
        path.with_name("journal").write_bytes(b"j")
        path.with_name("verdicts.jsonl.done.json").write_bytes(b"{}")
        assert objects(bucket) == {}
        digest = files.file_digest(path)
    names = {"out/verdicts.jsonl": b"all\n", "out/journal": b"j", "out/verdicts.jsonl.done.json": b"{}"}
    assert objects(bucket) == names
    assert files.file_digest(local_copy(OUT)) == digest


def stop_while_writing(content: bytes) -> None:
    with writing(OUT, work=["w"]) as path:
        path.write_bytes(content)
        (work := path.with_name("w")).mkdir(exist_ok=True)
        (work / "journal").write_bytes(b"j")
        (work / "lock").write_bytes(b"")
        raise Incomplete(f"{path}: stopped")


def test_unfinished_output_is_continued_on_another_machine(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Incomplete, match="s3://bucket/out/verdicts.jsonl: stopped"):
        stop_while_writing(b"half")
    assert objects(bucket) == {"out/.verdicts.jsonl.part": b"half", "out/w/journal": b"j"}
    another_machine(monkeypatch, tmp_path)
    with writing(OUT, work=["w"]) as path:
        assert (path.read_bytes(), (path.with_name("w") / "journal").read_bytes()) == (b"half", b"j")
        path.write_bytes(b"whole")
    assert objects(bucket) == {"out/verdicts.jsonl": b"whole", "out/w/journal": b"j"}


def test_work_is_copied_while_a_command_runs(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_output, "CHECKPOINT_SECONDS", 0.05)
    with writing(OUT) as path:
        path.write_bytes(b"half")
        for _ in range(1200):
            if objects(bucket).get("out/.verdicts.jsonl.part") == b"half":
                break
        else:
            pytest.fail("no checkpoint was made")


@pytest.mark.usefixtures("bucket")
def test_unfinished_changes_here_are_kept() -> None:
    with writing(OUT) as path:
        path.write_bytes(b"first")
    with pytest.raises(Incomplete):
        stop_while_writing(b"first and more")
    with writing(OUT) as path:
        assert path.read_bytes() == b"first and more"


def test_a_corpus_is_replaced_with_its_index_last(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real = _output._put

    def put_and_record(path: Path, pairs: list[tuple[Path, str]]) -> None:
        order.extend(name for _, name in pairs)
        real(path, pairs)

    monkeypatch.setattr(_output, "_put", put_and_record)
    for version in (b"1", b"2"):
        with writing(CORPUS, last="funnel.json") as folder:
            folder.mkdir(exist_ok=True)
            for old in folder.glob("data-*"):
                files.remove(old)
            (folder / "data-").with_name(f"data-{version.decode()}").mkdir()
            (folder / f"data-{version.decode()}" / "z.parquet").write_bytes(version)
            (folder / "funnel.json").write_bytes(version)
    assert order == ["data-1/z.parquet", "funnel.json", "data-2/z.parquet", "funnel.json"]
    assert objects(bucket) == {"corpus/data-2/z.parquet": b"2", "corpus/funnel.json": b"2"}


def test_neighbours_are_copied(bucket: str) -> None:
    for key in ("out/v-0.jsonl", "out/v-1.jsonl", "out/v-2/a", "out/w"):
        put(bucket, key, b"")
    copies_beside(Path("s3://bucket/out/v.jsonl"), "v-*")
    beside = _remote.staging(OUT).parent
    assert sorted(each.name for each in beside.iterdir() if not each.name.startswith(".")) == [
        "v-0.jsonl",
        "v-1.jsonl",
        "v-2",
    ]


@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_an_error() -> None:
    with pytest.raises(DataError, match="s3://bucket/in/rows.jsonl: there is nothing"):
        local_copy(ROWS)
    for path in (Path("s3://other/rows.jsonl"),):
        with pytest.raises(DataError, match="there is no bucket 'other'"):
            local_copy(path)
        with pytest.raises(DataError, match="there is no bucket 'other'"), writing(path):
            pytest.fail("work began without a bucket")


@pytest.mark.usefixtures("bucket")
def test_without_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    import fsspec

    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(PrerequisiteError, match="no credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID"):
        local_copy(ROWS)


@pytest.mark.usefixtures("bucket")
def test_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    import fsspec

    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(ServiceError, match="s3://bucket/in/rows.jsonl: the store did not answer"):
        local_copy(ROWS)


@pytest.mark.parametrize(
    "words",
    [
        ("corpus", "card", "s3://bucket/out"),
        ("study", "run", "study.yaml", "--runs", "s3://bucket/out"),
        ("study", "status", "study.yaml", "--runs", "s3://bucket/out"),
    ],
)
def test_commands_that_write_here_refuse_other_places(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.status, "s3://bucket/out: this command writes to this machine only" in done.output) == (
        2,
        True,
    )
    assert list(tmp_path.iterdir()) == []


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_remote.PROTOCOLS, "s3", "a_package_that_is_missing")
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[storage\]'"):
        local_copy(ROWS)
