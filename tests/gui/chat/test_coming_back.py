"""Rooms and private talks of the last time, which are there again when the program is started again."""

import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from client.settings import Settings, Visit
from client.visits import visitor
from client_gui import ChatWindow
from gui.chat.connect_page import Form
from tests.tools.irc import Irc
from tests.tools.windows import Memory, chat_window, say, shows, until


@contextmanager
def started(root: tk.Tk, irc: Irc, memory: Memory, nick: str = "Анна") -> Iterator[ChatWindow]:
    """A window of its own, as the program opens it; Enter is pressed on the connect page."""
    top = tk.Toplevel(root)
    with chat_window(top, memory.settings, remember=memory.remember) as window:
        page = window.connect_page
        page.fill(replace(page.form(), server=f"{irc.address[0]}:{irc.address[1]}", nick=nick))
        page.submit()
        until(root, lambda: window.session and window.session.state.ready)
        yield window


def places(window: ChatWindow) -> list[str]:
    """The conversations from top to bottom; rooms in which the user is."""
    order = window.page.conversations.order
    return [one.name for one in order if one.name and (one.joined or not one.is_room)]


def test_rooms_and_talks_come_back_in_their_order_and_the_shown_one_is_shown(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    memory.settings = Settings(identity="1" * 32)  # by which the server gives back what was said privately
    irc.client("Борис").enter()
    with started(root, irc, memory) as window:
        for typed, place in (("/join #b", "#b"), ("/join #a", "#a"), ("/query Борис", "Борис")):
            say(window, typed)
            until(root, partial(shows, window, place))
        say(window, "привет")
        until(root, lambda: window.session and not window.session.unconfirmed)
        window.controller.show_number(2)
        assert places(window) == ["#lab", "#b", "#a", "Борис"]
    with started(root, irc, memory) as window:
        until(root, lambda: places(window) == ["#lab", "#b", "#a", "Борис"])
        until(root, lambda: shows(window, "#b"))
        window.controller.show_number(4)
        until(root, lambda: "привет" in window.transcript_text())
    with started(root, irc, memory) as window:
        until(root, lambda: places(window) == ["#lab", "#b", "#a", "Борис"])
        assert shows(window, "Борис")
        say(window, "/part")
        window.controller.show_number(2)
        say(window, "/part")
        until(root, lambda: places(window) == ["#lab", "#a"])
    with started(root, irc, memory) as window:
        until(root, lambda: places(window) == ["#lab", "#a"])
        assert not window.session or not window.session.state.conversation("Борис")


def test_another_person_and_another_server_have_rooms_of_their_own(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    with started(root, irc, memory) as window:
        say(window, "/join #anna")
        until(root, lambda: shows(window, "#anna"))
    memory.settings = replace(memory.settings, rooms=("#lab",))
    with started(root, irc, memory, "Вера") as window:
        until(root, lambda: shows(window, "#lab"))
        assert places(window) == ["#lab"]
    with started(root, irc, memory) as window:
        until(root, lambda: shows(window, "#anna"))


def new_in(window: ChatWindow, name: str) -> str:
    """The text of the message above which the line about new ones stands."""
    place = window.session.state.conversation(name) if window.session else None
    found = [one.text for one in place.entries if one.key == place.new_from] if place else []
    return "".join(found)


def test_what_is_new_begins_where_the_user_had_stopped_reading_the_last_time(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    boris = irc.client("Борис").enter("#lab", "#b")
    with started(root, irc, memory) as window:
        say(window, "/join #b")
        until(root, lambda: shows(window, "#b"))
        window.controller.show_number(1)
        boris.send("PRIVMSG #lab :read")
        boris.send("PRIVMSG #b :not read")
        until(root, lambda: "read" in window.transcript_text())
        until(root, lambda: new_in(window, "#b") == "not read")
    for line in ("#lab :new", "#lab :newer", "#b :later"):
        boris.send(f"PRIVMSG {line}")
    boris.expect_nothing_but(".")
    for new in ("new", ""):
        with started(root, irc, memory) as window:
            until(root, lambda: "newer" in window.transcript_text())
            assert new_in(window, "#lab") == new
            assert ("New messages" in window.transcript_text()) == bool(new)
            until(root, lambda: new_in(window, "#b") == "not read")  # nobody has looked into it yet
            room = window.session and window.session.state.room("#b")
            assert room
            assert room.unread == 2


def test_it_can_be_switched_off(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    address = f"{irc.address[0]}:{irc.address[1]}"
    before = {visitor(address, "Анна"): Visit(("#before",))}
    memory.settings = Settings(come_back=False, visits=before)
    with started(root, irc, memory) as window:
        say(window, "/join #b")
        until(root, lambda: shows(window, "#b"))
    assert memory.settings.visits == before
    with started(root, irc, memory) as window:
        until(root, lambda: shows(window, "#lab"))
        assert places(window) == ["#lab"]


def test_a_room_that_the_user_names_is_shown_and_its_key_is_kept_nowhere(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    irc.client("Борис").enter("#secret").send("MODE #secret +k sesame")
    with started(root, irc, memory) as window:
        say(window, "/join #secret sesame")
        until(root, lambda: shows(window, "#secret"))
    assert "sesame" not in repr(memory.settings)
    with chat_window(tk.Toplevel(root), memory.settings) as window:
        window.connect(Form(f"{irc.address[0]}:{irc.address[1]}", "Анна", "#named"))
        until(root, lambda: shows(window, "#named"))
        assert places(window) == ["#lab", "#named"]
