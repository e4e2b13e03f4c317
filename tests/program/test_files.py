"""A user's file is replaced when the new one is whole, and not before."""

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from program.files import check_replaceable, replacing
from translations.system_errors import explain_error

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's")


def write(path: Path, data: bytes = b"new") -> None:
    with replacing(path) as file:
        file.write(data)


def refusal(path: Path, data: bytes = b"new") -> OSError:
    """Return why it cannot be written there."""
    try:
        write(path, data)
    except OSError as error:
        return error
    pytest.fail("it was written")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "home")


def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "отчёт.html"
    file.write_bytes(b"old")
    with replacing(file) as new:
        new.write(b"new")
        new.flush()
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"
    assert names(tmp_path) == ["отчёт.html"]


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_whatever_goes_wrong_leaves_the_old_one_alone(tmp_path: Path, error: type[BaseException]) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def fail() -> None:
        with replacing(file) as new:
            new.write(b"half of")
            raise error

    with pytest.raises(error):
        fail()
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@POSIX
def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("file")
    write(link)
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_cannot_be_replaced_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "no" / "file", tmp_path / ("x" * 300)):
        refused = refusal(path)
        assert str(refused.filename) == str(path)
        with pytest.raises(type(refused)):
            check_replaceable(path)
    assert names(tmp_path) == ["folder"]


@POSIX
def test_what_is_no_file_is_written_to_and_nobody_waits_for_a_reader(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refusal(pipe).errno == errno.ENXIO
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    assert reader.stdout
    while True:
        try:
            write(pipe, b"x" * 30_000)
            break
        except OSError:
            assert reader.poll() is None
    assert len(reader.communicate(timeout=10)[0]) == 30_000
    assert pipe.is_fifo()


def test_two_that_write_one_file_at_once_leave_one_of_the_two(tmp_path: Path) -> None:
    file = tmp_path / "a"
    both = threading.Barrier(2)

    def write_late(data: bytes) -> None:
        with replacing(file) as new:
            both.wait(10)
            new.write(data)

    threads = [threading.Thread(target=write_late, args=(data * 100_000,)) for data in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(file.read_bytes()) == 100_000
    assert len(set(file.read_bytes())) == 1
    assert names(tmp_path) == ["a"]


def test_if_only_the_last_step_fails_the_new_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "denied", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", refuse)  # as Windows does while another program has it open
    failed = refusal(file)
    assert (file.read_bytes(), Path(failed.filename).read_bytes()) == (b"old", b"new")
    assert f"what was written is in {failed.filename}" in explain_error(failed)


@POSIX
def test_a_full_disk_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    file = tmp_path / "a"
    file.write_bytes(b"old")
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, most[1]))  # bytes: as if the disk had no more
    try:
        error = refusal(file, b"longer than that")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert error.errno == errno.EFBIG
    assert (names(tmp_path), file.read_bytes()) == (["a"], b"old")
