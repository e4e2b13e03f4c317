"""Colours that everybody can read, and measures that follow the screen and the font."""

import re
import tkinter as tk
from dataclasses import fields
from tkinter import ttk

import pytest

from gui.toolkit.palette import DARK, LIGHT, NAME_COLOURS, PALETTES, Palette, colour_number
from tests.tools.looks.checks import LEAST_CONTRAST, contrast

READ = [
    (
        "text",
        ("window", "side", "tinted", "striking", "field", "selected", "hover", "highlight", "found", "code"),
    ),
    ("muted", ("window", "side", "tinted", "striking", "field", "selected", "hover")),
    ("accent", ("window", "tinted", "striking")),
    ("on_accent", ("accent", "accent_hover")),
    ("on_badge", ("badge",)),
    ("danger", ("window", "tinted")),
]
"""Ink, and the grounds that it stands on."""


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_all_text_can_be_read(palette: Palette) -> None:
    for ink, grounds in READ:
        for ground in grounds:
            found = contrast(getattr(palette, ink), getattr(palette, ground))
            assert found >= LEAST_CONTRAST, f"{ink} on {ground}: {found:.2f}"


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_nick_can_be_read_wherever_nicks_stand(palette: Palette) -> None:
    for number, colour in enumerate(palette.names):
        for ground in (palette.window, palette.side, palette.tinted, palette.striking, palette.selected):
            assert contrast(colour, ground) >= LEAST_CONTRAST, (
                f"nick {number} on {ground}: {contrast(colour, ground):.2f}"
            )


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_outlines_and_marks_can_be_seen(palette: Palette) -> None:
    for mark in ("border", "accent", "success", "warning", "danger"):
        for ground in ("window", "side"):
            assert contrast(getattr(palette, mark), getattr(palette, ground)) >= 3, mark


def test_every_colour_is_written_as_tk_reads_it() -> None:
    for palette in (LIGHT, DARK):
        colours = [getattr(palette, one.name) for one in fields(palette) if one.name not in ("name", "names")]
        for colour in (*colours, *palette.names):
            assert re.fullmatch("#[0-9a-f]{6}", colour)


def test_names_are_spread_over_the_colours_of_both_themes() -> None:
    assert len(set(LIGHT.names)) == len(set(DARK.names)) == NAME_COLOURS
    assert {colour_number(f"nick{number}") for number in range(100)} == set(range(NAME_COLOURS))


def test_there_is_one_look_for_a_process_and_it_follows_the_resolution(root: tk.Tk) -> None:
    from gui.toolkit.theme import look_of

    root.tk.call("tk", "scaling", 2 * 96 / 72)
    look = look_of(root)
    assert look_of(tk.Frame(root)) is look
    assert look.px(10) == 20
    small = look.em(1)
    look.set_size(look.size * 2)
    assert look.em(1) == pytest.approx(2 * small, abs=1)


def test_widgets_are_told_of_a_change_until_they_are_gone(root: tk.Tk) -> None:
    from gui.toolkit.theme import look_of

    look, told = look_of(root), []
    frame = tk.Frame(root)
    look.follow(frame, lambda: told.append(look.palette.name))
    look.set_theme("dark")
    frame.destroy()
    look.set_theme("light")
    assert told == ["light", "dark"]


def test_the_text_size_has_bounds(root: tk.Tk) -> None:
    from gui.toolkit.theme import MAX_SIZE, MIN_SIZE, look_of

    look = look_of(root)
    look.set_size(1000)
    assert look.size == MAX_SIZE
    look.set_size(0)
    assert look.size == MIN_SIZE


def test_return_presses_the_button_that_has_the_focus(root: tk.Tk) -> None:
    from gui.toolkit.theme import look_of

    pressed: list[int] = []
    look_of(root)
    button = ttk.Button(root, command=lambda: pressed.append(1))
    button.pack()
    root.deiconify()
    root.update()
    button.focus_force()
    root.update()
    button.event_generate("<Return>")
    button.state(["disabled"])
    button.event_generate("<Return>")
    assert pressed == [1]


@pytest.mark.parametrize("command", ["tolower", "toupper", "totitle"])
def test_an_emoji_in_another_case_is_survived(root: tk.Tk, command: str) -> None:
    """Tk does that to what is typed while a menu is open."""
    assert root.tk.call("string", command, "файл 😀") == "файл 😀"
    assert root.tk.eval(f"proc emoji {{text}} {{string {command} $text}}; emoji {{👩‍👩‍👧}}") == "👩‍👩‍👧"
    assert root.tk.call("string", "tolower", "Файл İ") == "файл i"
