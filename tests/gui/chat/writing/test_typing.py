"""The line below the input line: who is writing, and what is too long."""

import tkinter as tk

import pytest

from client.settings import Settings
from gui.chat.composer import Composer
from gui.chat.writing.foot import typing_words
from protocol import ircv3
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, until

TAGS = ("message-tags",)


def shown_below(composer: Composer) -> str:
    labels = [one for one in composer.foot.winfo_children() if one.winfo_class() == "TLabel"]
    return " ".join(str(one.cget("text")) for one in labels).strip()


@pytest.mark.parametrize(
    ("nicks", "words"),
    [
        ((), ""),
        (("Анна",), "Анна is typing …"),
        (("Анна", "Борис"), "Typing: Анна, Борис …"),
        (("А", "Б", "В", "Г", "Д"), "Typing: А, Б, В and 2 more …"),
    ],
)
def test_who_writes_is_said_in_words(nicks: tuple[str, ...], words: str) -> None:
    assert typing_words(nicks) == words


def test_one_sees_that_others_write_and_they_see_it_of_us(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис", capabilities=TAGS).enter()
        composer = window.page.composer
        height = composer.winfo_height()
        boris.send("@+typing=active TAGMSG #lab")
        until(root, lambda: shown_below(composer) == "Борис is typing …")
        assert composer.winfo_height() == height
        boris.send("PRIVMSG #lab :готово")
        until(root, lambda: shown_below(composer) == "")
        composer.insert("п")
        until(root, lambda: not composer.text.edit_modified())
        window.controller.send()
        boris.expect(r"^@\S*\+typing=active :Анна!\S+ TAGMSG #lab$")


def test_who_does_not_want_it_neither_tells_nor_sees_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root, Settings(typing=False)) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис", capabilities=TAGS).enter()
        boris.send("@+typing=active TAGMSG #lab")
        until(
            root,
            lambda: window.session and window.page.shown and window.session.state.typists(window.page.shown),
        )
        root.update()
        assert shown_below(window.page.composer) == ""
        window.page.composer.insert("да")
        root.update()
        window.page.composer.submit()
        assert "PRIVMSG" in boris.expect("TAGMSG|PRIVMSG #lab :да").group()


def test_what_is_too_long_for_one_message_says_by_how_much(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        composer = window.page.composer
        assert window.session
        limits = window.session.state.capability_values[ircv3.MULTILINE]
        most = int(limits.partition("max-lines=")[2].partition(",")[0])
        composer.insert("\n".join(map(str, range(most))))
        root.update()
        assert shown_below(composer) == ""
        composer.insert("\nещё\nещё")
        until(root, lambda: shown_below(composer) == "Lines too many: 2 · goes in parts: 2")
        composer.set("/msg Борис " + "\n" * 200)
        assert shown_below(composer) == ""
