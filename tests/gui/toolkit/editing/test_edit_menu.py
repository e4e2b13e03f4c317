"""The menu of the fields."""

import tkinter as tk

import pytest

from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.field import BoxedEntry, Field
from gui.toolkit.menu import Item
from gui.toolkit.theme import look_of


def choose(menu: EditMenu, words: str) -> None:
    (item,) = (one for one in menu.items() if one.words == words)
    assert item.enabled
    item.run()


def offered(menu: EditMenu) -> dict[str, bool]:
    return {one.words: one.enabled for one in menu.items() if one.words}


@pytest.fixture
def text(root: tk.Tk) -> tk.Text:
    made = tk.Text(root, undo=True)
    made.pack()
    root.deiconify()
    made.focus_force()
    root.update()
    return made


def test_a_text_is_cut_pasted_and_undone_from_its_menu(root: tk.Tk, text: tk.Text) -> None:
    menu = EditMenu(text, look_of(root))
    assert offered(menu) == {
        "Cut": False,
        "Copy": False,
        "Paste": True,
        "Select all": True,
        "Undo": False,
        "Redo": False,
    }
    text.insert("1.0", "привет")
    choose(menu, "Select all")
    choose(menu, "Cut")
    assert (text.get("1.0", "end-1c"), root.clipboard_get()) == ("", "привет")
    choose(menu, "Undo")
    assert text.get("1.0", "end-1c") == "привет"
    choose(menu, "Redo")
    choose(menu, "Paste")
    assert text.get("1.0", "end-1c") == "привет"
    menu.more = lambda: [Item("Ещё")]
    assert "Ещё" in offered(menu)


def test_where_nothing_can_be_written_there_is_nothing_to_paste(root: tk.Tk, text: tk.Text) -> None:
    menu = EditMenu(text, look_of(root))
    text.insert("1.0", "привет")
    text.configure(state="disabled")
    assert offered(menu) == {"Copy": False, "Select all": True}
    choose(menu, "Select all")
    choose(menu, "Copy")
    assert root.clipboard_get() == "привет"


def test_a_password_is_not_given_away(root: tk.Tk) -> None:
    field = Field(root, look_of(root), lambda: ("", ""), secret=True)
    field.set("тайна")
    field.entry.select_range(0, "end")
    menu = EditMenu(field.entry, look_of(root))
    assert offered(menu) == {"Cut": False, "Copy": False, "Paste": True, "Select all": True}


@pytest.mark.parametrize("event", ["<Button-3>", "<Menu>", "<Shift-F10>"])
def test_every_field_opens_its_menu_with_mouse_and_keys(root: tk.Tk, event: str) -> None:
    box = BoxedEntry(root, look_of(root), (0.7, 0.4))
    box.pack()
    box.entry.insert(0, "привет")
    root.deiconify()
    root.update()
    box.entry.focus_force()
    box.entry.event_generate(event, x=5, y=5)
    root.update()
    (menu,) = (one for one in box.entry.winfo_children() if isinstance(one, tk.Menu))
    try:
        assert menu.winfo_ismapped()
        assert menu.entrycget(0, "label") == "Cut"
        assert root.focus_get() in (box.entry, menu)
    finally:
        menu.unpost()
        root.update()
