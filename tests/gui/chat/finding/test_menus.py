"""The menus of people and rooms: the same everywhere, and enough to go without commands."""

import tkinter as tk
from collections.abc import Sequence

from client_gui import ChatWindow
from gui.ask_page import AskPage
from gui.chat.finding.card_page import CardPage
from gui.toolkit.menu import Item
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, say, shows, until


def words(items: Sequence[Item]) -> list[str]:
    return [item.words for item in items if item.words]


def choose(items: Sequence[Item], label: str) -> None:
    next(item for item in items if item.words == label).run()


def answer(window: ChatWindow, text: str) -> AskPage:
    page = page_over(window.main_window, AskPage)
    page.field.set(text)
    page.act_button.invoke()
    return page


def test_a_person_has_one_menu_everywhere(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис").enter()
        boris.send("PRIVMSG #lab :привет")
        boris.send("PRIVMSG Анна :лично")
        until(root, lambda: "привет" in window.transcript_text())
        opened: list[list[str]] = []
        window.main_window.menu.open_at = lambda items, x, y: opened.append(words(items))  # type: ignore[method-assign]
        page, text = window.page, window.page.transcript.text
        page.members.list.on_menu("Борис", 0, 0)
        root.update()
        box = text.bbox(text.tag_ranges("nick")[0])
        assert box
        text.event_generate("<Button-3>", x=box[0] + 2, y=box[1] + 2)
        assert opened[0] == opened[1]
        assert window.session
        until(root, lambda: window.session and window.session.state.conversation("Борис"))
        talk = window.session.state.conversation("Борис")
        assert talk
        page.conversations.list.on_menu(talk, 0, 0)
        assert opened[2][: len(opened[0])] == opened[0]
        wanted = ["Private talk", "Who is it?", "Name in the message", "Only what Борис says"]
        assert opened[0][:4] == wanted
        assert "Remove from the room" in opened[0]
        text.focus_force()
        until(root, lambda: root.focus_get() is text)
        window.controller.reading.choose(-1)
        text.event_generate("<Shift-F10>")
        assert "Борис" in opened[3], "the last message's menu, which holds that of its author"
        assert words(window.finding.people.items("Анна")) == ["Who is it?", "Change the nick …"]
        window.finding.show_card("Борис")
        card = page_over(window.main_window, CardPage)
        card.more_button.invoke()
        assert opened[4] == opened[0]


def test_what_a_menu_of_a_person_says_is_done(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис").enter()
        until(root, lambda: len(window.page.members.list.rows) == 2)

        def menu() -> list[Item]:
            return window.finding.people.items("Борис")

        choose(menu(), "Name in the message")
        assert window.page.composer.get() == "Борис: "
        window.page.composer.set("")
        choose(menu(), "Hide what this person says")
        assert "Show what this person says again" in words(menu())
        choose(menu(), "Mute in this room")
        boris.expect(r"MODE #lab \+b m:Борис!\*@\*")
        choose(menu(), "Let speak again")
        boris.expect(r"MODE #lab -b m:Борис!\*@\*")
        choose(menu(), "Give the word")
        boris.expect(r"MODE #lab \+v Борис")
        until(root, lambda: "Take the word back" in words(menu()))
        choose(menu(), "Make an operator")
        boris.expect(r"MODE #lab \+o Борис")
        until(root, lambda: "Take the operator's rights" in words(menu()))
        choose(menu(), "Remove from the room")
        boris.expect("KICK #lab Борис")
        until(root, lambda: len(window.page.members.list.rows) == 1)
        assert "Remove from the room" not in words(menu()), "who is not here cannot be removed"


def test_a_room_is_ruled_from_its_menu(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис").enter()
        assert window.session
        room = window.session.state.conversations["#lab"]

        def menu() -> list[Item]:
            return window.finding.items_of(room)

        choose(menu(), "Change the topic …")
        answer(window, "Сокеты и потоки")
        boris.expect("TOPIC #lab :Сокеты и потоки")
        for on, off, letter in (
            ("Let only those speak who are given the word", "Let everybody speak", "m"),
            ("Let only those enter who are invited", "Let everybody enter", "i"),
        ):
            choose(menu(), on)
            boris.expect(rf"MODE #lab \+{letter}")
            until(root, lambda off=off: off in words(menu()))  # type: ignore[misc]
            choose(menu(), off)
            boris.expect(rf"MODE #lab -{letter}")
            until(root, lambda on=on: on in words(menu()))  # type: ignore[misc]
        choose(menu(), "Lock with a key …")
        page = answer(window, "два слова")
        assert "neither spaces nor commas" in page.field.error
        answer(window, "тайна")
        boris.expect(r"MODE #lab \+k тайна")
        until(root, lambda: "Take the key away" in words(menu()))
        choose(menu(), "Take the key away")
        boris.expect("MODE #lab -k")
        vera = irc.client("Вера")
        choose(menu(), "Invite …")
        answer(window, "Вера")
        vera.expect("INVITE Вера #lab")
        boris.send("PRIVMSG #lab :ещё здесь")
        until(root, lambda: "ещё здесь" in window.transcript_text())
        assert "#lab" in words(window.actions.menu_items()), "it is in the window's menu, too"


def test_who_is_no_operator_is_offered_nothing_that_the_server_refuses(root: tk.Tk, irc: Irc) -> None:
    irc.client("Борис").enter()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        until(root, lambda: len(window.page.members.list.rows) == 2)
        assert words(window.finding.items_of(window.page.shown)) == ["Change the topic …", "Invite …"]  # type: ignore[arg-type]
        assert words(window.finding.people.items("Борис"))[-1] == "Hide what this person says"


def test_the_own_nick_is_changed_by_a_click_on_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.status._words.event_generate("<Button-1>", x=5, y=5)
        page = answer(window, "два слова")
        assert page.field.error
        answer(window, "д" * 31)
        assert "30" in page.field.error
        answer(window, "Аннушка")
        until(root, lambda: "Аннушка" in window.page.status.sentence)
        say(window, "это я")
        until(root, lambda: "Аннушка" in window.transcript_text())
        assert shows(window, "#lab")


def test_a_talk_with_somebody_who_is_called_as_a_menu_takes_no_menu_away(root: tk.Tk, irc: Irc) -> None:
    irc.client("Messages")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.talk_to("Messages")
        until(root, lambda: shows(window, "Messages"))
        below = [words(item.below) for item in window.actions.menu_items() if item.words == "Messages"]
        assert len(below) == 2
        assert "Search …" in below[0]
        assert "Who is it?" in below[1]
