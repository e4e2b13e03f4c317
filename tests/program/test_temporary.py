"""Folders and files of the user's: nothing waits where they are refused."""

import os
import re
from pathlib import Path

import pytest

from client.settings import Settings, save
from commandline.check import check_history
from program.files import temporary_folder
from program.folders import config_folder, data_folder, temporary_files
from tests.tools.sources import ROOT, program_files


def test_a_temporary_folder_is_ones_own_and_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    parent.mkdir()
    with temporary_folder(parent) as one, temporary_folder(parent) as other:
        assert one != other
        (one / "file").touch()
        assert os.name != "posix" or one.stat().st_mode & 0o077 == 0
    assert not list(parent.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="other permissions")
def test_whatever_makes_a_folder_of_the_users_makes_it_for_them_alone() -> None:
    check_history()  # a teacher does this before there is a server
    save(lambda _kept: Settings())
    assert [folder.stat().st_mode & 0o077 for folder in (data_folder(), config_folder())] == [0, 0]


def test_a_place_that_takes_no_folder_says_so_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for nowhere in (tmp_path / "file", tmp_path / "none", Path("/proc/self")):
        with pytest.raises(OSError), temporary_folder(nowhere):  # noqa: PT011 - each in its own way
            pass


def test_too_many_folders_of_the_same_name_end_the_search(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"labchat-{os.getpid()}-{number}").mkdir()
    with pytest.raises(FileExistsError), temporary_folder(tmp_path):
        pass


@pytest.mark.skipif(os.name != "posix", reason="other variables")
def test_the_systems_folder_for_temporary_files_is_the_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert temporary_files() == tmp_path
    monkeypatch.setenv("TMPDIR", "")
    assert temporary_files() == Path("/tmp")


def test_no_file_of_the_program_uses_tempfile() -> None:
    """On Windows it takes a folder that refuses for a name that is taken, and tries 2^31 others."""
    found = []
    for path in program_files():
        if re.search(r"^ *(import|from) tempfile\b", (ROOT / path).read_text("utf-8"), re.MULTILINE):
            found.append(str(path))
    assert not found
