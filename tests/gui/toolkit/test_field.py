"""Fields of one line."""

import tkinter as tk

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
