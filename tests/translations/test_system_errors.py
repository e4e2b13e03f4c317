"""What the system refuses is said in the user's language."""

import errno
import os
import re
import sqlite3
from pathlib import Path

import pytest

from translations import use_language
from translations.system_errors import explain_error


@pytest.mark.parametrize(
    "name",
    [
        "EACCES",
        "EMFILE",
        "ENOENT",
        "ENOSPC",
        "EISDIR",
        "EROFS",
        "ECONNREFUSED",
        "EADDRINUSE",
        "ETIMEDOUT",
        "EIO",
    ],
)
def test_the_usual_errors_have_russian_words(name: str) -> None:
    use_language("ru")
    code = getattr(errno, name)
    told = explain_error(OSError(code, os.strerror(code), "file"))
    assert re.search("[а-я]", told)
    assert os.strerror(code) not in told


def test_an_unusual_one_keeps_the_systems_words() -> None:
    assert explain_error(OSError(9999, "Something else")) == "Something else"
    assert explain_error(ValueError("text")) == "text"
    assert explain_error(TimeoutError()) == "there was no answer in time"


def test_the_database_s_too(tmp_path: Path) -> None:
    use_language("ru")
    with pytest.raises(sqlite3.OperationalError) as error:
        sqlite3.connect(tmp_path / "no" / "file")
    assert explain_error(error.value) == "файл не открывается"
