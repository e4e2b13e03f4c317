"""The teacher's page: each word of the class has a row, and the words in it are right."""

import re

import pytest

from protocol.class_words import USAGE
from tests.tools.documents import document

_RAW = re.compile(r"`/quote CLASS ([a-z]+)[^`]*`")


@pytest.mark.parametrize("page", ["docs/en/teacher.md", "docs/ru/teacher.md"])
def test_each_word_of_the_class_has_its_row_in_three_places(page: str) -> None:
    text = document(page).text
    assert set(_RAW.findall(text)) == set(USAGE) - {"help"}
    for verb in _RAW.findall(text):
        assert re.search(rf"`/{verb}[ `]", text), verb
        assert re.search(rf"`{verb}[ `]", text), verb
