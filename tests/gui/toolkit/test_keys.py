"""Shortcuts work in a Russian keyboard layout, with the keys of a real (virtual) keyboard."""

import os
import shutil
import subprocess
import tkinter as tk
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from gui.chat.composer import Composer
from gui.toolkit import keys
from gui.toolkit.field import Field
from gui.toolkit.theme import look_of
from tests.tools.desktop import needs_xdotool
from tests.tools.windows import until


@pytest.mark.parametrize(
    ("keysym", "keycode", "letter"),
    [
        ("c", 54, "c"),
        ("C", 54, "c"),
        ("Cyrillic_es", 54, "c"),
        ("Cyrillic_ES", 54, "c"),
        ("Cyrillic_es", 0, "c"),
        ("Cyrillic_em", 55, "v"),
        ("Greek_psi", 54, "c"),
        ("Cyrillic_che", 53, "x"),
        ("Cyrillic_ef", 38, "a"),
        ("Cyrillic_ya", 52, "z"),
        ("Control_L", 37, ""),
        ("Return", 36, ""),
        ("Cyrillic_be", 59, ""),
    ],
)
def test_a_key_is_known_by_the_latin_letter_on_it(keysym: str, keycode: int, letter: str) -> None:
    event: Any = SimpleNamespace(keysym=keysym, keycode=keycode, state=keys.CONTROL)
    assert keys.letter(event) == letter


def test_windows_knows_its_keys_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    event: Any = SimpleNamespace(keysym="??", keycode=ord("V"), state=keys.CONTROL)
    assert keys.letter(event) == "v"


@pytest.fixture
def russian_keyboard(screen: str) -> Iterator[None]:
    needs_xdotool()
    if shutil.which("setxkbmap") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no setxkbmap: .ci/run installs it")
    set_layout("ru")
    yield
    set_layout("us")


def set_layout(layout: str) -> None:
    subprocess.run(["setxkbmap", layout], check=True, capture_output=True, timeout=20)


def press(*combinations: str) -> None:
    """Press keys by their places on the keyboard (X11 keycodes), not by what is written on them."""
    subprocess.run(["xdotool", "key", *combinations], check=True, timeout=20)


A, C, V, X, Z, F = "ctrl+38", "ctrl+54", "ctrl+55", "ctrl+53", "ctrl+52", "ctrl+41"


@pytest.mark.usefixtures("russian_keyboard")
def test_copy_cut_paste_undo_and_select_all_in_a_russian_layout(root: tk.Tk) -> None:
    composer = Composer(root, look_of(root))
    composer.pack()
    root.deiconify()
    root.update()
    composer.text.focus_force()
    root.update()
    press("39")
    until(root, lambda: composer.get() == "ы")
    press(A, C, "Right", V)
    until(root, lambda: composer.get() == "ыы")
    press(A, X)
    until(root, lambda: composer.get() == "")
    assert root.clipboard_get() == "ыы"
    press(Z)
    until(root, lambda: composer.get() == "ыы")
    composer.destroy()


@pytest.mark.usefixtures("russian_keyboard")
def test_one_line_fields_know_them_too(root: tk.Tk) -> None:
    field = Field(root, look_of(root), lambda: ("name", ""))
    field.pack()
    root.update()
    field.entry.focus_force()
    field.set("Анна")
    root.update()
    press(A, C, "Right", V)
    until(root, lambda: field.get() == "АннаАнна")
    press(A, X)
    until(root, lambda: field.get() == "")
    field.destroy()


@pytest.mark.usefixtures("russian_keyboard")
def test_the_windows_own_shortcuts_know_them_too(root: tk.Tk) -> None:
    pressed: list[str] = []
    keys.bind_keys(root, {"Ctrl+F": lambda: pressed.append("window")})
    composer = Composer(root, look_of(root))
    composer.pack()
    root.update()
    composer.insert("слово")
    composer.text.mark_set("insert", "1.0")
    composer.text.focus_force()
    root.update()
    press(F)
    until(root, lambda: pressed)
    root.update()
    assert pressed == ["window"]
    assert composer.text.index("insert") == "1.0"
    composer.button.focus_force()
    root.update()
    press(F)
    until(root, lambda: len(pressed) == 2)
    composer.destroy()


@pytest.mark.parametrize("layout", ["us", "ru"])
@pytest.mark.usefixtures("russian_keyboard")
def test_a_shortcut_with_shift_is_another_one(root: tk.Tk, layout: str) -> None:
    set_layout(layout)
    pressed: list[str] = []
    names = ("Ctrl+F", "Ctrl+Shift+F", "Ctrl+Shift+C", "Ctrl+W")
    keys.bind_keys(root, {name: partial(pressed.append, name) for name in names})
    composer = Composer(root, look_of(root))
    composer.pack()
    root.deiconify()
    root.update()
    for widget in (composer.text, composer.button):
        pressed.clear()
        widget.focus_force()
        root.update()
        press("ctrl+shift+25", "ctrl+shift+41", "ctrl+shift+54", F)
        until(root, lambda: "Ctrl+F" in pressed)
        assert pressed == ["Ctrl+Shift+F", "Ctrl+Shift+C", "Ctrl+F"]
    composer.destroy()
