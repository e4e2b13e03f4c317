"""Fields of one line."""

import tkinter as tk

import pytest

from gui.toolkit import keys
from gui.toolkit.field import Field
from gui.toolkit.theme import look_of


def test_what_is_half_written_goes_on_after_a_look_into_another_window(root: tk.Tk) -> None:
    field = Field(root, look_of(root), lambda: ("", ""))
    other = tk.Entry(tk.Toplevel(root))
    field.set("192.168.")
    field.pack()
    other.pack()
    root.deiconify()
    field.enter()
    root.update()
    assert field.entry.selection_present()
    field.entry.select_clear()
    for widget in (field.entry, other, field.entry):
        widget.focus_force()
        root.update()
    assert root.focus_get() is field.entry
    field.entry.event_generate("<Key>", keysym="5")
    assert field.get() == "192.168.5"


@pytest.mark.parametrize(
    ("event", "selection"), [("<<Paste>>", "CLIPBOARD"), ("<<PasteSelection>>", "PRIMARY")]
)
def test_a_book_pasted_by_mistake_is_refused_and_changes_nothing(
    root: tk.Tk, event: str, selection: str
) -> None:
    field = Field(root, look_of(root), lambda: ("", ""))
    field.pack()
    field.set("Анна")
    root.deiconify()
    field.enter()
    root.update()
    source = tk.Text(root)
    if selection == "CLIPBOARD":
        root.clipboard_clear()
        root.clipboard_append("слово " * keys.LONGEST_LINE)
    else:
        source.insert("1.0", "слово " * keys.LONGEST_LINE)
        source.tag_add("sel", "1.0", "end")
    field.entry.event_generate(event)
    assert field.get() == "Анна"
    assert field.error
    if selection == "CLIPBOARD":
        root.clipboard_clear()
        root.clipboard_append("Вера")
        field.entry.event_generate(event)
        assert field.get() == "Вера"


@pytest.mark.parametrize("letters", range(40, 80))
def test_a_hint_of_any_length_is_laid_out_once(root: tk.Tk, letters: int) -> None:
    card = tk.Frame(root)
    card.columnconfigure(0, weight=3, uniform="fields")
    card.columnconfigure(1, weight=2, uniform="fields")
    wide = Field(card, look_of(root), lambda: ("", "и л " * (letters // 4) + "ш" * (letters % 4)))
    wide.grid(row=0, column=0, columnspan=2, sticky="ew")
    for column, width in enumerate((26, 16)):
        narrow = Field(card, look_of(root), lambda: ("", ""), width=width)
        narrow.grid(row=1, column=column, sticky="ew")
    laid_out = 0

    def count(_event: object) -> None:
        nonlocal laid_out
        laid_out += 1
        if laid_out > 100:
            card.destroy()  # or the window would never come to rest

    wide.label.master.bind("<Configure>", count)
    card.grid()
    root.deiconify()
    root.update()
    assert laid_out <= 100
