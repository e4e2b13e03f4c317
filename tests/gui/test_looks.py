"""Every page, dialog and state of the program: nothing is cut, and all text can be read, in every look."""

from collections.abc import Callable
from functools import partial

import pytest

from gui.toolkit.palette import PALETTES
from gui.toolkit.theme import Root
from tests.tools.looks import LOOKS, SIZES, shown
from tests.tools.looks.checks import cut, faint
from translations import LANGUAGES, use_language


@pytest.mark.parametrize("scale", SIZES)
@pytest.mark.parametrize("name", LOOKS)
def test_nothing_is_cut_and_all_can_be_read(root: Root, name: str, scale: int) -> None:
    root.tk.call("tk", "scaling", 96 / 72 * scale)
    found: list[str] = []

    def search(what: str, change: Callable[[], object], check: Callable[[], list[str]]) -> None:
        change()
        for _ in range(3):
            window.update()
        found.extend(f"{what}: {one}" for one in check())

    with shown(root, name, "light", SIZES[scale]) as window:
        for language in LANGUAGES:
            use_language(language)
            search(language, root.look.refresh, partial(cut, window))
        for theme in PALETTES:
            search(theme, partial(root.look.set_theme, theme), partial(faint, window))
    assert not found, "\n".join(found)
