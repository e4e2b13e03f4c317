"""What a user does with what was said: goes to what is new, answers, looks for what was answered."""

import re
import tkinter as tk

import pytest

from client.model.conversations import Entry
from client_gui import ChatWindow
from gui.toolkit.menu import Item
from tests.tools.irc import TAGS, Client, Irc
from tests.tools.windows import chat_window, enter_room, say, shows, until

PERSON = [*TAGS, "draft/chathistory"]


def neighbour(irc: Irc, nick: str = "Борис", room: str = "#lab") -> Client:
    """Somebody else in the room, who sees ids."""
    return irc.client(nick, capabilities=PERSON).enter(room)


def left_behind(root: tk.Tk, window: ChatWindow, irc: Irc) -> Client:
    """Somebody in #lab, from where the window has gone on to another room."""
    enter_room(window, irc.address)
    window.controller.join("#two")
    until(root, lambda: shows(window, "#two"))
    return neighbour(irc)


def entry_of(window: ChatWindow, text: str) -> Entry:
    """The entry with this text in the conversation that is shown, when it is there."""
    assert window.page.shown
    shown = window.page.shown
    until(window.master, lambda: any(one.text == text and one.msgid for one in shown.entries))
    return next(one for one in shown.entries if one.text == text)


def choose(window: ChatWindow, entry: Entry, words: str) -> None:
    """Choose a line of the menu of a message."""
    assert window.page.shown
    found: list[Item] = window.actions.entry_items(window.page.shown, entry)
    below = [inner for item in found for inner in item.below]
    next(item for item in [*found, *below] if item.words == words).run()


def press(window: ChatWindow, key: str) -> None:
    """Press a key in the input line."""
    window.page.composer.text.focus_force()
    window.master.update()
    window.page.composer.text.event_generate(key)
    window.master.update()


def marked(window: ChatWindow) -> str:
    """The text that is marked in the transcript."""
    ranges = window.page.transcript.text.tag_ranges("marked")
    return window.page.transcript.text.get(*ranges) if ranges else ""


def test_what_came_while_one_worked_elsewhere_is_counted_and_found_again(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        elsewhere = tk.Toplevel(root)
        elsewhere.update()
        elsewhere.focus_force()
        until(root, lambda: not window.main_window.has_focus())
        for number in range(80):
            other.send(f"PRIVMSG #lab :строка {number}.")
        other.send("PRIVMSG #lab :Анна, вам")
        until(root, lambda: root.title().startswith("(81, @1) #lab"))
        row = next(one for one in window.page.conversations.list.rows if one.text == "lab")
        assert (row.badge, row.call, row.loud) == ("81", "@1", False)
        root.focus_force()
        until(root, lambda: root.title().startswith("#lab"))
        elsewhere.destroy()
        text = window.page.transcript.text
        until(root, lambda: "New messages" in window.transcript_text())
        until(root, lambda: text.yview()[1] > 0.999)
        assert window.page.transcript._signposts.new.winfo_ismapped()
        press(window, "<Alt-u>")
        assert text.get("@0,0 linestart", "@0,0 lineend") == "New messages"
        press(window, "<Alt-m>")
        assert "Анна, вам" in marked(window)
        say(window, "прочла")
        until(root, lambda: "New messages" not in window.transcript_text())


def test_the_next_mention_may_be_in_another_room(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        other = left_behind(root, window, irc)
        other.send("PRIVMSG #lab :раз")
        other.send("PRIVMSG #lab :Анна, где вы?")
        until(root, lambda: any(row.call == "@1" for row in window.page.conversations.list.rows))
        press(window, "<Alt-m>")
        assert shows(window, "#lab")
        until(root, lambda: "Анна, где вы?" in marked(window))
        assert not any(row.call or row.badge for row in window.page.conversations.list.rows)


def hear_question(window: ChatWindow, irc: Irc) -> tuple[Client, Entry]:
    """Be in #lab; return somebody else who is there, and what he has asked."""
    enter_room(window, irc.address)
    other = neighbour(irc)
    other.send("PRIVMSG #lab :Кто слушает порт?")
    return other, entry_of(window, "Кто слушает порт?")


def test_an_answer_goes_on_in_a_new_chat_at_the_same_server_and_at_no_other(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        other, asked = hear_question(window, irc)
        choose(window, asked, "Answer")
        before = window.session
        enter_room(window, irc.address, "Вера")
        until(root, lambda: window.session is not before and shows(window, "#lab"))
        assert window.page.reply.words.cget("text") == "Борис: Кто слушает порт?"
        say(window, "Я")
        other.expect(rf"\+draft/reply={asked.msgid} :Вера!\S+ PRIVMSG #lab :Я$")
        choose(window, asked, "Answer")
        before = window.session
        irc.server(history=None)
        enter_room(window, irc.address)
        until(root, lambda: window.session is not before and shows(window, "#lab"))
        assert not window.page.reply.is_open


def test_an_answer_goes_with_what_it_answers(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        other, asked = hear_question(window, irc)
        reply = window.page.reply
        choose(window, asked, "Answer")
        root.update()
        assert reply.winfo_ismapped()
        assert reply.words.cget("text") == "Борис: Кто слушает порт?"
        press(window, "<Escape>")
        assert not reply.winfo_ismapped()
        say(window, "не ответ")
        assert not other.expect(r"^(.*) :Анна!\S+ PRIVMSG #lab :не ответ$")[1].count("reply")
        choose(window, asked, "Answer")
        window.controller.join("#two")
        until(root, lambda: shows(window, "#two"))
        assert not reply.is_open
        window.controller.walk(-1)
        assert reply.is_open
        say(window, "/names")
        assert reply.is_open
        say(window, "Я\nслушаю")
        assert not reply.is_open
        other.expect(rf"\+draft/reply={asked.msgid} :Анна!\S+ PRIVMSG #lab :Я$")
        until(root, lambda: "↩ Борис: Кто слушает порт?\nЯ" in window.transcript_text().replace("\t", ""))
        choose(window, asked, "Answer")
        asked.deleted_by = asked.nick
        window.page.update_entries((), [asked])
        assert not reply.is_open


def test_a_click_on_a_quote_fetches_what_is_answered_or_says_that_it_is_gone(root: tk.Tk, irc: Irc) -> None:
    other = neighbour(irc)
    other.send("PRIVMSG #lab :в начале")
    msgid = other.expect(r"msgid=(\S+?)[; ].* PRIVMSG #lab :в начале$")[1]
    for number in range(300):
        other.send(f"PRIVMSG #lab :строка {number}.")
    other.send(f"@+draft/reply={msgid} PRIVMSG #lab :на начало")
    other.send("@+draft/reply=nothing PRIVMSG #lab :ни на что")
    other.expect("PRIVMSG #lab :ни на что$")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        answer, nothing = entry_of(window, "на начало"), entry_of(window, "ни на что")
        until(root, lambda: "↩ an earlier message" in window.transcript_text())
        assert window.session
        lab, reading = window.page.shown, window.controller.reading
        window.page.transcript.on_quote(answer)
        window.controller.show(window.session.state.server_talk)  # who looks elsewhere is not called back
        until(root, lambda: reading._sought is None)
        assert lab
        window.controller.show(lab)
        root.update()
        assert not marked(window)
        window.page.transcript.on_quote(answer)
        until(root, lambda: "в начале" in marked(window))
        assert not window.page.note.is_open
        say(window, "/ignore Борис")
        window.page.transcript.on_quote(answer)
        assert window.page.note.head.cget("text") == "You hide what Борис says"
        window.page.transcript.on_quote(nothing)
        until(root, lambda: "cannot be found" in window.page.note.head.cget("text"))
        press(window, "<Escape>")
        assert not window.page.note.is_open
        assert not window.page.transcript.following  # where the user is, he stays


def test_one_person_alone_can_be_read_and_Esc_ends_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris, vera = neighbour(irc), neighbour(irc, "Вера")
        boris.send("PRIVMSG #lab :раз")
        vera.send("PRIVMSG #lab :два")
        choose(window, entry_of(window, "два"), "Only what Вера says")
        said = re.findall("раз|два|три", window.transcript_text())
        assert said == ["два"]
        vera.send("PRIVMSG #lab :три")
        until(root, lambda: "три" in window.transcript_text())
        assert "раз" not in window.transcript_text()
        root.update()
        assert window.page.note.winfo_ismapped()
        press(window, "<Escape>")
        until(root, lambda: "раз" in window.transcript_text())
        assert not window.page.note.winfo_ismapped()


@pytest.mark.parametrize(
    ("words", "copied"), [("Copy message", "см. www.python.org, и всё"), ("Copy link", "www.python.org")]
)
def test_a_message_and_its_link_are_copied_from_its_menu(
    root: tk.Tk, irc: Irc, words: str, copied: str
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        other.send("PRIVMSG #lab :см. www.python.org, и всё")
        choose(window, entry_of(window, "см. www.python.org, и всё"), words)
        assert root.clipboard_get() == copied


def test_a_message_is_chosen_and_answered_by_keyboard_alone(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        for text in ("раз", "два"):
            other.send(f"PRIVMSG #lab :{text}")
        entry_of(window, "два")
        opened: list[Entry | None] = []
        window.page.on_menu = lambda _conversation, entry, _x, _y: opened.append(entry)
        press(window, "<Control-Up>")
        assert "два" in marked(window)
        transcript = window.page.transcript.text
        until(root, lambda: root.focus_get() is transcript)
        transcript.event_generate("<Control-Up>")
        transcript.event_generate("<Control-Up>")
        assert "раз" in marked(window)
        transcript.event_generate("<Shift-F10>")
        assert [one and one.text for one in opened] == ["раз"]
        transcript.event_generate("<Escape>")
        until(root, lambda: root.focus_get() is window.page.composer.text)
        assert marked(window) == ""


def test_the_way_to_what_is_new_is_not_shown_again_when_it_was_taken(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        other = left_behind(root, window, irc)
        other.send("PRIVMSG #lab :новое")
        until(root, lambda: any(row.badge == "1" for row in window.page.conversations.list.rows))
        root.focus_force()
        until(root, window.main_window.has_focus)
        window.controller.walk(-1)
        until(root, lambda: "New messages" in window.transcript_text())
        for number in range(60):
            other.send(f"PRIVMSG #lab :и ещё {number}.")
        until(root, lambda: "и ещё 59." in window.transcript_text())
        root.update()
        assert "New messages" in window.transcript_text()
        assert not window.page.transcript._signposts.new.winfo_ismapped()


def test_who_looks_into_a_menu_looks_at_the_window(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        root.focus_force()
        until(root, window.main_window.has_focus)
        window.actions.menu.perform()
        menu = window.main_window.menu.menu
        until(root, lambda: str(root.tk.call("focus")) == str(menu))
        assert window.main_window.has_focus()
        neighbour(irc).send("PRIVMSG #lab :раз")
        until(root, lambda: "раз" in window.transcript_text())
        assert "New messages" not in window.transcript_text()
        menu.unpost()
