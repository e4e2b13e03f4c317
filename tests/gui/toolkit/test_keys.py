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
    ("keysym", "number", "keycode", "letter"),
    [
        ("c", 0x63, 54, "c"),
        ("C", 0x43, 54, "c"),
        ("Cyrillic_es", 0x6D3, 54, "c"),
        ("Cyrillic_tse", 0x6C3, 54, "c"),
        ("Cyrillic_TSE", 0x6E3, 54, "c"),
        ("Greek_psi", 0x7F8, 54, "c"),
        ("hebrew_bet", 0xCE1, 54, "c"),
        ("U10EA", 0x010010EA, 54, "c"),
        ("??", 0x010010EA, 54, "c"),
        ("Control_L", 0xFFE3, 37, ""),
        ("Return", 0xFF0D, 36, ""),
        ("Cyrillic_be", 0x6C2, 59, ","),
        ("odiaeresis", 0xF6, 53, ""),
        ("gbreve", 0x2BB, 26, ""),
        ("U1EA1", 0x01001EA1, 24, ""),
    ],
)
def test_a_key_is_known_by_the_latin_letter_on_it(
    keysym: str, number: int, keycode: int, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert keys.letter(pressed_key(keysym, number, keycode)) == letter


def pressed_key(keysym: str, number: int, keycode: int) -> Any:
    return SimpleNamespace(keysym=keysym, keysym_num=number, keycode=keycode, state=keys.CONTROL)


def test_windows_and_macos_know_their_keys_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert keys.letter(pressed_key("??", 0, ord("V"))) == "v"
    assert keys.letter(pressed_key("Cyrillic_tse", 0x6C3, ord("C"))) == "c"
    assert keys.letter(pressed_key("Cyrillic_be", 0x6C2, 0xBC)) == ","
    monkeypatch.setattr("sys.platform", "darwin")
    assert keys.letter(pressed_key("Cyrillic_tse", 0x6C3, 0x08000446)) == "c"
    assert keys.letter(pressed_key("c", 0x63, 0x08000063)) == "c"


@pytest.fixture
def russian_keyboard(screen: str) -> Iterator[None]:
    needs_xdotool()
    if shutil.which("setxkbmap") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no setxkbmap: .ci/run installs it")
    set_layout("ru")
    yield
    set_layout("us")


def set_layout(layout: str, *options: str) -> None:
    name, _plus, variant = layout.partition("+")
    command = ["setxkbmap", "-layout", name, "-variant", variant, "-option", "", *options]
    subprocess.run(command, check=True, capture_output=True, timeout=20)


def press(*combinations: str) -> None:
    """Press keys by their places on the keyboard (X11 keycodes), not by what is written on them."""
    subprocess.run(["xdotool", "key", *combinations], check=True, timeout=20)


def shown_composer(root: tk.Tk) -> Composer:
    composer = Composer(root, look_of(root))
    composer.pack()
    root.deiconify()
    root.update()
    return composer


A, C, V, X, Z, F = "ctrl+38", "ctrl+54", "ctrl+55", "ctrl+53", "ctrl+52", "ctrl+41"


@pytest.mark.usefixtures("russian_keyboard")
def test_copy_cut_paste_undo_and_select_all_in_a_russian_layout(root: tk.Tk) -> None:
    composer = shown_composer(root)
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
    root.focus_force()
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
    composer = shown_composer(root)
    for widget in (composer.text, composer.button):
        pressed.clear()
        widget.focus_force()
        root.update()
        press("ctrl+shift+25", "ctrl+shift+41", "ctrl+shift+54", F)
        until(root, lambda: "Ctrl+F" in pressed)
        assert pressed == ["Ctrl+Shift+F", "Ctrl+Shift+C", "Ctrl+F"]
    composer.destroy()


@pytest.mark.parametrize("layout", ["us", "ru"])
@pytest.mark.usefixtures("russian_keyboard")
def test_a_letter_with_alt_is_a_shortcut_and_writes_nothing(root: tk.Tk, layout: str) -> None:
    set_layout(layout)
    pressed: list[str] = []
    keys.bind_keys(root, {name: partial(pressed.append, name) for name in ("Alt+U", "Alt+M", "Ctrl+M")})
    composer = shown_composer(root)
    composer.text.focus_force()
    root.update()
    press("alt+30", "alt+58", "alt+31", "ctrl+58")
    until(root, lambda: "Ctrl+M" in pressed)
    assert pressed == ["Alt+U", "Alt+M", "Ctrl+M"]
    assert composer.get() == ""
    composer.destroy()


LATIN = ("us", "us+dvorak", "us+colemak", "fr", "de", "ch", "tr", "tr+f", "cz", "pl", "fr+bepo")
OTHERS = (
    *("ru", "ru+phonetic", "ru+phonetic_winkeys", "ru+typewriter", "bg", "bg+phonetic", "bg+bas_phonetic"),
    *("ua", "ua+phonetic", "rs", "mk", "by", "kz", "gr", "il", "ara", "ir", "am", "ge", "in", "th"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PLACES = {letter: code for code, letter in keys._X11_PLACES.items()}


def key_of(layout: str, letter: str) -> str:
    """The key on which a letter is written: in Latin layouts by its name, in others by its place."""
    return letter if layout in LATIN else str(PLACES[letter])


@pytest.mark.parametrize("layout", [*LATIN, *OTHERS])
@pytest.mark.usefixtures("russian_keyboard")
def test_every_shortcut_is_where_its_letter_is_written(root: tk.Tk, layout: str) -> None:
    pressed: list[str] = []
    # The Arabic B is two letters: X11's input method makes of it an event that names no key.
    letters = LETTERS.replace("b", "") if layout == "ara" else LETTERS
    names = [f"Ctrl+{letter.upper()}" for letter in letters] + ["Ctrl+0", "Ctrl+−", "Ctrl++"]
    keys.bind_keys(root, {name: partial(pressed.append, name) for name in names})
    composer = shown_composer(root)
    set_layout(layout)
    root.focus_force()
    root.update()
    press(key_of(layout, "h"), *(f"ctrl+{key_of(layout, letter)}" for letter in letters))
    until(root, lambda: len(pressed) >= len(letters))
    assert pressed == names[: len(letters)]
    if layout not in LATIN:
        press("ctrl+19", "ctrl+20", "ctrl+21")
        until(root, lambda: len(pressed) >= len(names))
        assert pressed == names
    pressed.clear()
    composer.text.focus_force()
    root.update()
    composer.set("слово")
    select, copy, paste, cut, undo = (f"ctrl+{key_of(layout, letter)}" for letter in "acvxz")
    press(select, copy, "Right", paste)
    until(root, lambda: composer.get() == "словослово")
    press(select, cut)
    until(root, lambda: composer.get() == "")
    press(undo)
    until(root, lambda: composer.get() == "словослово")
    assert pressed == []
    composer.destroy()


@pytest.mark.usefixtures("russian_keyboard")
def test_a_sign_where_others_have_a_letter_is_no_letter(root: tk.Tk) -> None:
    pressed: list[str] = []
    keys.bind_keys(root, {f"Ctrl+{letter.upper()}": partial(pressed.append, letter) for letter in LETTERS})
    composer = shown_composer(root)
    set_layout("us+dvorak")
    root.focus_force()
    root.update()
    press("o", "ctrl+24", "ctrl+25", "ctrl+26", "ctrl+52", "ctrl+a")
    until(root, lambda: pressed)
    assert pressed == ["a"]
    composer.destroy()


@pytest.mark.usefixtures("russian_keyboard")
def test_a_switch_of_the_layout_moves_no_shortcut(root: tk.Tk) -> None:
    pressed: list[str] = []
    keys.bind_keys(root, {f"Ctrl+{letter.upper()}": partial(pressed.append, letter) for letter in LETTERS})
    composer = shown_composer(root)
    set_layout("us,bg+,phonetic", "-option", "grp:menu_toggle")
    root.focus_force()
    root.update()
    for _ in range(3):
        press("ctrl+25", "ctrl+41", "Menu")
    until(root, lambda: len(pressed) >= 6)
    assert pressed == ["w", "f"] * 3
    composer.destroy()
