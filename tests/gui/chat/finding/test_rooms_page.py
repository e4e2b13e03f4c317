"""The list of rooms: filtered, sorted, entered by Enter or a click; a new name makes a room."""

import tkinter as tk

from client.model.finding.listing import ListedRoom
from client_gui import ChatWindow
from gui.chat.finding.rooms_page import RoomsPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, shows, until


def open_rooms(window: ChatWindow) -> RoomsPage:
    window.actions.enter_room.perform()
    return page_over(window.main_window, RoomsPage)


def names(page: RoomsPage) -> list[str]:
    return [row.lead + row.text for row in page.list.rows]


def write(page: RoomsPage, text: str) -> None:
    page.entry.delete(0, "end")
    page.entry.insert(0, text)
    page.entry.event_generate("<Key>", keysym="Shift_L")
    page.update_idletasks()


def test_rooms_are_chosen_from_what_the_server_lists(root: tk.Tk, irc: Irc) -> None:
    boris, vera = irc.client("Борис"), irc.client("Вера")
    for room in ("#физика", "#химия"):
        boris.enter(room)
    vera.enter("#химия")
    boris.send("TOPIC #физика :Маятник")
    boris.expect("TOPIC")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        before = window.transcript_text()
        page = open_rooms(window)
        until(root, lambda: names(page) == ["#химия", "#lab", "#физика"])
        rows = page.list.rows
        assert [row.ticked for row in rows] == [False, True, False]
        assert (rows[0].right, rows[2].more) == ("2 people", "Маятник")
        until(root, lambda: "3 rooms" in str(page.note.cget("text")))
        write(page, "маят")
        assert names(page) == ["#физика", "+Create #маят"]
        write(page, "хим")
        root.focus_force()
        page.entry.focus_force()
        until(root, lambda: root.focus_get() is page.entry)
        page.entry.event_generate("<Down>")
        assert page.list.cursor == 1
        page.entry.event_generate("<Up>")
        page.entry.event_generate("<Return>")
        until(root, lambda: shows(window, "#химия"))
        assert not window.main_window.is_covered
        window.controller.show(window.page.conversations.order[0])
        assert window.transcript_text() == before, "the list is not told in a transcript"


def test_a_name_that_is_in_no_list_makes_a_room(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = open_rooms(window)
        until(root, lambda: "1 room" in str(page.note.cget("text")))
        write(page, "LAB")
        assert names(page) == ["#lab"], "another spelling of it makes none"
        write(page, "новая")
        assert names(page) == ["+Create #новая"]
        page.list.canvas.event_generate("<Button-1>", x=20, y=5)
        until(root, lambda: shows(window, "#новая"))


def test_twelve_thousand_rooms_are_drawn_as_twenty(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        assert window.session
        listing = window.session.state.listing
        page = open_rooms(window)
        until(root, lambda: not listing.is_coming)
        listing.rooms += [
            ListedRoom(f"#room{number}", f"#room{number}", number, "topic") for number in range(12_000)
        ]
        page.changed()
        until(root, lambda: len(page.list.rows) == 12_001)
        assert names(page)[0] == "#room11999"
        root.update()
        assert len(page.list.canvas.find_all()) < 300
        page.list.walk(5)
        listing.rooms.append(ListedRoom("#largest", "#largest", 99_999))
        page.changed()
        until(root, lambda: len(page.list.rows) == 12_002)
        assert page.list.cursor == 6, "the cursor stays at its room"


def test_a_list_that_is_open_says_whether_there_is_a_connection(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    port = started.address[1]
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = open_rooms(window)
        until(root, lambda: "1 room" in str(page.note.cget("text")))
        irc.stop(started)
        until(root, lambda: "no connection" in str(page.note.cget("text")))
        irc.server(port=port)
        window.actions.reconnect.perform()
        until(root, lambda: "no connection" not in str(page.note.cget("text")))


def test_a_server_that_lists_nothing_is_quoted_and_rooms_can_be_entered_all_the_same(
    root: tk.Tk, irc: Irc
) -> None:
    irc.server(throttle=True)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = open_rooms(window)
        assert window.session
        listing = window.session.state.listing
        for _time in range(100):
            until(root, lambda: not listing.is_coming)
            if listing.problem:
                break
            page.again_button.invoke()
        until(root, lambda: "too busy for LIST" in str(page.note.cget("text")))
        write(page, "#другая")
        page.list.open_cursor()
        until(root, lambda: shows(window, "#другая"))


def test_a_room_whose_name_looks_like_two_words_is_entered_as_one(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = open_rooms(window)
        assert window.session
        state = window.session.state
        until(root, lambda: not state.listing.is_coming)
        state.listing.add(ListedRoom("#а\u00a0б", "#а\u00a0б", 9))
        page.filter("")
        page.open(0)
        assert [room.name for room in state.wanted_rooms] == ["#lab", "#а\u00a0б"]
