"""A list of texts under headings."""

import tkinter as tk

from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import look_of
from tests.tools.windows import until

ROWS: list[TextRow[str]] = [
    TextRow(None, "Rooms"),
    TextRow("a", "A"),
    TextRow("b", "B"),
    TextRow(None, "Talks"),
    TextRow("c", "C"),
]


def test_the_arrow_keys_pass_over_headings(root: tk.Tk) -> None:
    made: TextList[str] = TextList(root, look_of(root))
    chosen: list[str] = []
    made.on_choose = chosen.append
    made.pack(fill="both", expand=True)
    root.deiconify()
    until(root, lambda: made.canvas.winfo_height() > 1)
    made.canvas.focus_force()
    root.update()
    made.show(ROWS)
    for key in ("<Down>", "<Down>", "<Down>", "<Down>", "<Up>", "<Home>", "<Next>"):
        made.canvas.event_generate(key)
    assert chosen == ["a", "b", "c", "c", "b", "a", "c"]
