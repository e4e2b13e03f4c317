"""The line where one writes."""

import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.chat.composer import MAX_LINES, Composer, complete
from gui.toolkit.theme import look_of

NAMES = ("Анна", "Антон", "Борис", "#lab")
COMMANDS = ("/join", "/me", "/msg")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("а", ["Анна: ", "Антон: "]),
        ("/m", ["/me ", "/msg "]),
        ("/msg бо", ["Борис "]),
        ("иди в #l", ["#lab"]),
        ("строка\nАн", ["Анна ", "Антон "]),
        ("нет такого", []),
        ("привет /m", []),
        ("", []),
    ],
)
def test_tab_completes_nicks_rooms_and_commands(text: str, words: list[str]) -> None:
    assert [word for _start, word in complete(text, NAMES, COMMANDS)] == words


@pytest.fixture
def composer(root: tk.Tk) -> Iterator[Composer]:
    made = Composer(root, look_of(root))
    made.names = lambda: NAMES
    made.commands = COMMANDS
    made.pack(fill="x")
    root.geometry("500x300")
    made.text.focus_force()
    root.update()
    yield made
    made.destroy()


def press(composer: Composer, *keys: str) -> None:
    for key in keys:
        composer.text.event_generate(f"<{key}>")
    composer.update()


def test_enter_sends_and_clears(composer: Composer) -> None:
    sent: list[str] = []
    composer.on_send = sent.append
    composer.insert("привет  ")
    press(composer, "Return")
    assert sent == ["привет"]
    assert composer.get() == ""
    composer.insert("  ")
    press(composer, "Return")
    assert sent == ["привет"]


def test_shift_enter_begins_a_line_and_the_field_grows_within_bounds(composer: Composer) -> None:
    composer.insert("раз")
    press(composer, "Shift-Return")
    composer.insert("два")
    assert composer.get() == "раз\nдва"
    assert composer.text.cget("height") == 2
    composer.insert("\n" * 50)
    assert composer.text.cget("height") == MAX_LINES
    press(composer, "Return")
    assert composer.text.cget("height") == 1


def test_pasted_code_stays_in_its_lines(composer: Composer, root: tk.Tk) -> None:
    sent: list[str] = []
    composer.on_send = sent.append
    root.clipboard_clear()
    root.clipboard_append("while True:\n    serve()")
    composer.text.event_generate("<<Paste>>")
    press(composer, "Return")
    assert sent == ["while True:\n    serve()"]


def test_up_and_down_bring_back_what_was_sent(composer: Composer) -> None:
    for text in ("раз", "два"):
        composer.insert(text)
        press(composer, "Return")
    composer.insert("черновик")
    press(composer, "Up")
    assert composer.get() == "два"
    press(composer, "Up", "Up")
    assert composer.get() == "раз"
    press(composer, "Down", "Down", "Down")
    assert composer.get() == "черновик"


def test_tab_walks_through_the_completions_and_back(composer: Composer) -> None:
    composer.insert("Ан")
    press(composer, "Tab")
    assert composer.get() == "Анна: "
    press(composer, "Tab")
    assert composer.get() == "Антон: "
    press(composer, "Shift-Tab")
    assert composer.get() == "Анна: "


def test_tab_in_an_empty_field_goes_on_to_the_next_widget(composer: Composer, root: tk.Tk) -> None:
    press(composer, "Tab")
    assert root.focus_get() is composer.button
    assert composer.get() == ""


def test_the_placeholder_makes_way_for_text(composer: Composer, root: tk.Tk) -> None:
    composer.set_target("#lab")
    root.update()
    hints = [one for one in composer._box.winfo_children() if isinstance(one, tk.Label)]
    assert hints[0].cget("text") == "Message #lab"
    assert hints[0].winfo_ismapped()
    composer.insert("п")
    root.update()
    assert not hints[0].winfo_ismapped()


def test_control_backspace_deletes_a_word(composer: Composer) -> None:
    composer.insert("раз два  три")
    press(composer, "Control-BackSpace")
    assert composer.get() == "раз два  "
    press(composer, "Control-BackSpace")
    assert composer.get() == "раз "
