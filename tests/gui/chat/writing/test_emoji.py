"""Emoji by their names, and the panel from which they are chosen."""

import tkinter as tk
import unicodedata
from collections.abc import Iterator

import pytest

from gui.chat.composer import Composer
from gui.chat.writing.emoji import CATEGORIES, EMOJI, complete_name, find, search
from gui.chat.writing.emoji_picker import EmojiPicker
from gui.toolkit.editing.glyphs import draws
from gui.toolkit.theme import look_of
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, until


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (":smile", (0, "😄")),
        ("ну :Heart", (3, "❤")),
        ("(:улыбка", (1, "😀")),
        (":слёзы_смеха", (0, "😂")),
        (":слезы_смеха", (0, "😂")),
        (":+1", (0, "👍")),
        (":crab", (0, "🦀")),
        (":face_with_monocle", (0, "🧐")),
        ("в 10:30", None),
        ("std::heart", None),
        ("a:heart", None),
        ("`x :heart", None),
        ("`x` :heart", (4, "❤")),
        (":нет_такого", None),
        ("::heart", None),
    ],
)
def test_a_name_between_colons_is_an_emoji(before: str, found: tuple[int, str] | None) -> None:
    assert find(before) == found


def test_names_are_completed_the_usual_ones_first() -> None:
    assert complete_name("да :thum")[0] == (3, "👍")
    assert complete_name(":сердц")[0] == (0, "❤")
    assert {"😄", "😃"} <= {char for _start, char in complete_name(":smi")}
    assert complete_name(":s") == []
    assert complete_name("`:smi") == []


def test_the_table_is_whole() -> None:
    assert {one.category for one in EMOJI} == set(CATEGORIES)
    assert len({one.char for one in EMOJI}) == len(EMOJI)
    names = [name for one in EMOJI for name in set(one.names)]
    assert len(set(names)) == len(names)
    for one in EMOJI:
        assert unicodedata.name(one.char)
        assert any("а" <= letter <= "я" for name in one.names for letter in name), one


def test_search_finds_parts_of_names_in_both_languages_among_what_can_be_drawn() -> None:
    assert "❤" in [one.char for one in search("серд", lambda _char: True)]
    assert search("hear", lambda _char: True)[0].char == "😍"
    assert search("eyes", lambda _char: True)[0].char == "👀"
    assert [one.char for one in search("blue heart", lambda _char: True)] == ["💙"]
    assert search("heart", lambda char: char == "❤") == [one for one in EMOJI if one.char == "❤"]


def test_what_no_font_has_is_known(root: tk.Tk) -> None:
    look = look_of(root)
    assert draws(look, "я")
    assert draws(look, "❤")
    if root.tk.call("tk", "windowingsystem") == "x11":
        assert not draws(look, "\U0010fffe")


@pytest.fixture
def composer(root: tk.Tk) -> Iterator[Composer]:
    made = Composer(root, look_of(root))
    made.names = lambda: ("Анна",)
    made.pack(fill="x")
    root.deiconify()
    made.text.focus_force()
    root.update()
    yield made
    made.destroy()


def type_into(widget: tk.Misc, text: str) -> None:
    for char in text:
        widget.event_generate("<Key>", keysym={":": "colon", "_": "underscore", "`": "grave"}.get(char, char))
    widget.update()


def test_the_closing_colon_makes_the_emoji_and_undo_gives_the_name_back(composer: Composer) -> None:
    type_into(composer.text, "a")
    composer.insert(" ")
    type_into(composer.text, ":heart:")
    assert composer.get() == "a ❤"
    composer.text.edit_undo()
    assert composer.get() == "a :heart:"


def test_what_cannot_be_drawn_here_stays_as_it_is_written(composer: Composer) -> None:
    composer._draws = lambda char: False  # type: ignore[assignment]
    type_into(composer.text, ":heart:")
    assert composer.get() == ":heart:"
    composer.set(":hear")
    composer.text.event_generate("<Tab>")
    assert composer.get() == ":hear"


def test_tab_completes_an_emoji_and_what_stands_behind_one(composer: Composer) -> None:
    composer.insert("да :heart")
    composer.text.event_generate("<Tab>")
    assert composer.get() == "да ❤"
    composer.set("😀 Ан")
    composer.text.event_generate("<Tab>")
    assert composer.get() == "😀 Анна "


@pytest.fixture
def picker(root: tk.Tk) -> Iterator[EmojiPicker]:
    root.geometry("600x500")
    root.deiconify()
    made = EmojiPicker(root, look_of(root))
    made.open(("✓", "❤"), 10)
    root.update()
    made.entry.focus_force()
    root.update()
    yield made
    made.destroy()


def test_arrows_walk_and_enter_chooses_recent_ones_first(picker: EmojiPicker) -> None:
    chosen: list[str] = []
    picker.on_choose = chosen.append
    for key in ("Right", "Return"):
        picker.entry.event_generate(f"<{key}>")
    assert chosen == ["❤"]
    assert not picker.is_open
    picker.open((), 10)
    for key in ("Down", "Up", "Left", "Return"):
        picker.entry.event_generate(f"<{key}>")
    assert chosen == ["❤", "😀"]


def test_tab_walks_through_the_categories_and_all_can_be_reached(picker: EmojiPicker) -> None:
    at = []
    for _category in range(len(picker._headings)):
        at.append(picker._at)
        picker.entry.event_generate("<Tab>")
    assert picker._at == at[0]
    assert at == sorted(set(at))
    picker.entry.event_generate("<Shift-Tab>")
    assert picker._at == at[-1]
    for _row in range(100):
        picker.entry.event_generate("<Down>")
    assert picker._cells[picker._at].y == picker._cells[-1].y
    picker.update()
    bottom = picker.canvas.canvasy(0) + picker.canvas.winfo_height()
    assert picker._cells[-1].y + picker._size <= bottom + 1


def test_letters_search_and_what_is_not_found_is_said(picker: EmojiPicker) -> None:
    picker.entry.insert(0, "серд")
    picker.entry.event_generate("<KeyRelease>", keysym="a")
    picker.update()
    assert "❤" in [cell.emoji.char for cell in picker._cells]
    picker.entry.insert("end", "ъъъ")
    picker.entry.event_generate("<KeyRelease>", keysym="a")
    picker.update()
    assert picker._cells == []
    for key in ("Down", "Tab", "Return"):
        picker.entry.event_generate(f"<{key}>")
    assert picker.is_open


def test_what_is_pasted_is_searched(picker: EmojiPicker) -> None:
    picker.clipboard_clear()
    picker.clipboard_append("синее")
    picker.entry.event_generate("<<Paste>>")
    picker.update()
    assert picker._searched == "синее"


def test_a_click_chooses(picker: EmojiPicker) -> None:
    chosen: list[str] = []
    picker.on_choose = chosen.append
    cell, size = picker._cells[1], picker._size
    picker.canvas.event_generate("<Button-1>", x=cell.column * size + size // 2, y=cell.y + size // 2)
    assert chosen == [cell.emoji.char]


def test_the_panel_opens_from_key_and_button_and_writes_into_the_field(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        composer = window.page.composer
        composer.text.focus_force()
        composer.insert("вот ")
        composer.text.event_generate("<Control-e>")
        picker = window.controller.writing._picker
        assert picker
        until(root, lambda: root.focus_get() is picker.entry)
        assert picker.is_open
        picker.entry.event_generate("<Escape>")
        until(root, lambda: root.focus_get() is composer.text)
        assert not picker.is_open
        composer.emoji_button.invoke()
        until(root, lambda: root.focus_get() is picker.entry)
        picker.entry.event_generate("<Return>")
        until(root, lambda: root.focus_get() is composer.text)
        char = picker._cells[0].emoji.char
        assert composer.get() == f"вот {char}"
        assert list(window.main_window.settings.recent_emoji) == [char]
        composer.emoji_button.invoke()
        until(root, lambda: root.focus_get() is picker.entry)
        composer.text.focus_force()
        until(root, lambda: not picker.is_open)
