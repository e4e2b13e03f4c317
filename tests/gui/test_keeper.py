"""What is chosen in a window outlives a disk that takes nothing for a while."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from client import settings
from gui.keeper import Keeper


def test_what_could_not_be_written_is_written_with_the_next_choice_or_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    keeper = Keeper(partial(settings.save, folder=folder))
    folder.touch()  # a file in its place: nothing can be written
    keeper.remember(lambda kept: replace(kept, nick="Анна"))
    keeper.finish()
    folder.unlink()
    keeper.remember(lambda kept: replace(kept, theme="dark"))
    keeper.finish()
    assert settings.load(folder) == settings.Settings(nick="Анна", theme="dark")
    (folder / settings.FILE_NAME).unlink()
    folder.rmdir()
    folder.touch()
    keeper.remember(lambda kept: replace(kept, language="ru"))
    keeper.finish()
    folder.unlink()
    keeper.finish()
    assert settings.load(folder) == settings.Settings(language="ru")


def test_that_nothing_is_remembered_is_said_once(tmp_path: Path) -> None:
    (tmp_path / settings.FILE_NAME).mkdir()  # somebody has made a folder of this name
    keeper = Keeper(partial(settings.save, folder=tmp_path))
    assert keeper.trouble() == ""
    for nick in ("Анна", "Вера"):
        keeper.remember(partial(replace, nick=nick))
        keeper.finish()
        said = keeper.trouble()
        assert (settings.FILE_NAME in said) == (nick == "Анна")
    (tmp_path / settings.FILE_NAME).rmdir()
    keeper.finish()
    assert (keeper.trouble(), settings.load(tmp_path).nick) == ("", "Вера")
