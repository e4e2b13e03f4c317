"""The line where one writes."""

import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.chat.composer import MAX_LINES, MAX_TEXT, Composer, complete
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


@pytest.mark.parametrize("text", ["слово gjy " * 12, "gjy\ngjy\n" + "gjy " * 40])
def test_of_what_is_written_every_line_is_seen_whole(composer: Composer, root: tk.Tk, text: str) -> None:
    composer.set(text)
    root.update()
    assert 1 < composer.text.cget("height") < MAX_LINES
    assert composer.text.count("1.0", "end", "ypixels") == (composer.text.winfo_height(),)


def test_pasted_code_stays_in_its_lines(composer: Composer, root: tk.Tk) -> None:
    sent: list[str] = []
    composer.on_send = sent.append
    root.clipboard_clear()
    root.clipboard_append("while True:\n    serve()")
    composer.text.event_generate("<<Paste>>")
    press(composer, "Return")
    assert sent == ["while True:\n    serve()"]


def test_the_end_of_a_long_paste_is_seen_where_one_writes_on(composer: Composer, root: tk.Tk) -> None:
    root.clipboard_clear()
    root.clipboard_append("\n".join(f"x = {number}" for number in range(150)))
    composer.text.event_generate("<<Paste>>")
    root.update()
    assert composer.text.bbox("insert")


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
    assert root.focus_get() is composer.emoji_button
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


@pytest.mark.parametrize("key", ["Tab", "Escape", "F1"])
def test_a_wrong_key_and_then_a_space_sends_nothing(composer: Composer, key: str) -> None:
    sent: list[str] = []
    composer.on_send = sent.append
    composer.insert("нетникого")
    press(composer, key)
    focus = composer.focus_get()
    assert focus
    focus.event_generate("<space>")
    composer.update()
    assert sent == []
    assert composer.get().strip() == "нетникого"


def test_tab_leaves_an_empty_field(composer: Composer) -> None:
    press(composer, "Tab")
    assert composer.focus_get() is composer.emoji_button


@pytest.mark.parametrize("event", ["<<Paste>>", "<<PasteSelection>>", "<Control-v>"])
def test_what_is_too_long_is_refused_whole_and_what_stood_there_stays(
    composer: Composer, root: tk.Tk, event: str
) -> None:
    told: list[str] = []
    composer.on_refused = told.append
    composer.insert("стояло здесь")
    composer.text.tag_add("sel", "1.0", "1.6")
    composer.update()
    other = tk.Entry(root)
    root.clipboard_clear()
    root.clipboard_append("я" * MAX_TEXT)
    if "Selection" in event:
        other.insert(0, "я" * MAX_TEXT)
        other.selection_range(0, "end")
    composer.text.event_generate(event)
    composer.update()
    assert composer.get() == "стояло здесь"
    assert len(told) == 1
    assert str(MAX_TEXT) in told[0]
    other.destroy()


def test_what_fits_takes_the_place_of_what_is_marked(composer: Composer, root: tk.Tk) -> None:
    composer.insert("я" * MAX_TEXT)
    composer.text.tag_add("sel", "1.0", "end-1c")
    root.clipboard_clear()
    root.clipboard_append("ю" * MAX_TEXT)
    composer.text.event_generate("<<Paste>>")
    composer.update()
    assert composer.get() == "ю" * MAX_TEXT


def test_whatever_else_makes_it_too_long_is_taken_back(composer: Composer) -> None:
    told: list[str] = []
    composer.on_refused = told.append
    composer.insert("я" * MAX_TEXT)
    composer.update()
    composer.insert("и ещё")
    composer.update()
    assert composer.get() == "я" * MAX_TEXT
    assert len(told) == 1


def test_looking_at_what_was_sent_before_loses_no_draft(composer: Composer) -> None:
    sent: list[str] = []
    composer.on_send = sent.append
    for text in ("раз", "два"):
        composer.insert(text)
        press(composer, "Return")
    composer.insert("черновик")
    press(composer, "Up")
    assert (composer.get(), composer.draft) == ("два", "черновик")
    composer.insert("!")
    press(composer, "Up", "Down")
    assert (composer.get(), composer.draft) == ("два!", "два!\nчерновик")
    press(composer, "Down")
    assert (composer.get(), composer.draft) == ("черновик", "два!\nчерновик")
    press(composer, "Up", "Up", "Return")
    assert sent[-1] == "раз"
    assert composer.get() == "черновик"


def test_up_and_down_walk_through_a_long_paragraph_before_they_recall(composer: Composer) -> None:
    composer.insert("раз")
    press(composer, "Return")
    composer.insert("слово " * 600)
    press(composer, "Up", "Up", "Down")
    text = composer.text
    assert composer.get() == "слово " * 600
    assert text.count("insert", "end-1c", "displaylines") == (1,)
    text.mark_set("insert", "1.0")
    press(composer, "Up")
    assert composer.get() == "раз"
    press(composer, "Down")
    assert composer.get() == "слово " * 600


def test_tab_with_nothing_to_complete_says_so_and_shift_tab_leaves_and_tab_comes_back(
    composer: Composer, root: tk.Tk
) -> None:
    before = tk.Entry(root)
    before.pack(before=composer)
    before.lower()
    composer.insert("нетникого")
    root.update()
    press(composer, "Tab")
    assert composer.focus_get() is composer.text
    notes = [str(one.cget("text")) for one in composer.foot.winfo_children()]
    assert "Nothing to complete · Shift+Tab leaves the input line" in notes
    press(composer, "Shift-Tab")
    assert composer.focus_get() is before
    before.event_generate("<Tab>")
    root.update()
    assert composer.focus_get() is composer.text
    before.destroy()


def test_who_has_tabbed_to_a_button_and_types_on_writes_into_the_field(composer: Composer) -> None:
    press(composer, "Tab")
    composer.emoji_button.event_generate("<a>")
    assert composer.get() == "a"
    assert composer.focus_get() is composer.text
