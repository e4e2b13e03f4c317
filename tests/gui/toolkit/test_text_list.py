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


def test_the_ring_is_round_the_whole_list_until_a_row_has_it(root: tk.Tk) -> None:
    made: TextList[str] = TextList(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.deiconify()
    until(root, lambda: made.canvas.winfo_height() > 1)
    made.show(ROWS)
    made.canvas.focus_force()
    until(root, lambda: made.canvas.find_all() and is_ringed(made))
    made.canvas.event_generate("<Down>")
    until(root, lambda: not is_ringed(made))


def test_a_name_that_has_room_is_not_cut_for_its_mark(root: tk.Tk) -> None:
    made: TextList[str] = TextList(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.geometry("240x100")
    root.deiconify()
    made.show([TextRow("a", "Преподаватель", tail="  преподаватель")])
    until(root, lambda: made.canvas.winfo_width() == 240 and drawn(made))
    assert drawn(made)[0] == "Преподаватель"


def test_what_a_row_is_marked_with_is_seen_beside_a_long_text(root: tk.Tk) -> None:
    made: TextList[str] = TextList(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.geometry("200x100")
    root.deiconify()
    made.show([TextRow("a", "Преподаватель_информатики_Аня", tail="  teacher")])
    until(root, lambda: made.canvas.winfo_width() == 200 and drawn(made))
    text, tail = drawn(made)
    assert text.startswith("Преп")
    assert (text[-1], tail) == ("…", "  teacher")
    made.show([TextRow("a", "Преподаватель_информатики_Аня", tail="  teacher" * 5)])
    until(root, lambda: drawn(made)[1] != tail)
    assert [one[-1] for one in drawn(made)] == ["…", "…"]
    assert len(drawn(made)[0]) > 1
    right = max(made.canvas.bbox(item)[2] for item in made.canvas.find_all())
    assert right <= made.canvas.winfo_width()


def drawn(made: TextList[str]) -> list[str]:
    """Return the texts that a list shows."""
    call, canvas = made.tk.call, str(made.canvas)
    return [str(call(canvas, "itemcget", one, "-text")) for one in made.canvas.find_all()]


def is_ringed(made: TextList[str]) -> bool:
    """Tell whether the whole list has a ring."""
    call, canvas = made.tk.call, str(made.canvas)
    return "rectangle" in [str(call(canvas, "type", one)) for one in made.canvas.find_all()]
