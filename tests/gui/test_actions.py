"""Every action is declared once: its key works, stands in the help and belongs to it alone."""

import tkinter as tk
from collections import Counter

import pytest

from client_gui import ChatWindow
from gui.help_page import HelpPage
from gui.toolkit.action import Action
from gui.toolkit.keys import DIGITS
from lab.laboratory import Laboratory
from tests.tools.windows import page_over, until


def actions_of(window: ChatWindow) -> list[Action]:
    return [action for action in window.actions.all() if action.key]


def event_of(key: str) -> str:
    """Tk's event of a key, as it is pressed."""
    if key.endswith(DIGITS):
        return "<Alt-Key-7>"
    if key[:-1] == "Ctrl+" and key[-1].isalpha():
        return f"<Control-{key[-1].lower()}>"
    return {
        "Ctrl++": "<Control-plus>",
        "Ctrl+−": "<Control-minus>",
        "Ctrl+0": "<Control-Key-0>",
        "Ctrl+,": "<Control-comma>",
    }.get(key, f"<{key.replace('+', '-').replace('Ctrl', 'Control')}>")


def test_no_key_is_declared_twice(root: tk.Tk) -> None:
    window = ChatWindow(root, laboratory=Laboratory())
    count = Counter(action.key for action in actions_of(window))
    assert count["Ctrl+J"] == 1
    assert [key for key, times in count.items() if times > 1] == []
    window.close()


def test_every_key_is_in_the_help(root: tk.Tk) -> None:
    window = ChatWindow(root, laboratory=Laboratory())
    window.actions.help.perform()
    help_page = page_over(window.main_window, HelpPage)
    shown = [
        key for label in help_page._table.grid_slaves(column=0) for key in label.cget("text").split("  ")
    ]
    for action in actions_of(window):
        assert action.key in shown, action.key
    window.close()


def test_where_the_window_is_too_low_for_all_keys_they_are_scrolled(root: tk.Tk) -> None:
    window = ChatWindow(root, laboratory=Laboratory())
    root.geometry("900x400")
    root.deiconify()
    window.actions.help.perform()
    page = page_over(window.main_window, HelpPage)
    until(root, lambda: page.button.winfo_ismapped() and page._bar.winfo_ismapped())
    assert page.button.winfo_rooty() + page.button.winfo_height() <= root.winfo_rooty() + 400
    page.button.focus_force()  # and no update: the screen may take the focus away again
    for _page in range(10):
        page.button.event_generate("<Next>")
    assert page._canvas.yview()[1] == 1.0
    root.geometry("900x1000")
    until(root, lambda: not page._bar.winfo_ismapped())
    window.close()


def test_every_key_does_its_action(root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(Action, "perform", lambda self, *_digit: done.append(self.key))
    window = ChatWindow(root, laboratory=Laboratory())
    root.deiconify()
    until(root, root.winfo_ismapped)
    root.focus_force()
    for action in actions_of(window):
        done.clear()
        root.event_generate(event_of(action.key))
        assert done == [action.key]
    window.close()


def test_a_menu_shows_the_keys_of_its_actions(root: tk.Tk) -> None:
    window = ChatWindow(root, laboratory=Laboratory())
    window.main_window.show_page(window.page)
    items = window.actions.menu_items()
    keys = {one.key for item in items for one in (item, *item.below) if one.key}
    assert (
        {"Ctrl+J", "Ctrl+W", "F12", "F1", "Ctrl+Q"} <= keys <= {action.key for action in actions_of(window)}
    )
    window.close()


def test_the_menu_fits_the_screen_of_a_laptop_at_200_percent(root: tk.Tk) -> None:
    window = ChatWindow(root, laboratory=Laboratory())
    window.main_window.show_page(window.page)
    menu = window.main_window.menu
    menu.fill(window.actions.menu_items())
    root.update()
    # 1080 pixels, 30 of which are an em there. In a room, a teacher has five lines more.
    lines = int(menu.menu.index("end") or 0) + 1
    assert menu.menu.winfo_reqheight() * (lines + 5) / lines < window.main_window.look.em(36)
    window.close()


def test_a_buttons_tooltip_says_its_key() -> None:
    action = Action(lambda: "Enter a room …", lambda: None, "Ctrl+J")
    assert action.hint() == "Enter a room  Ctrl+J"
