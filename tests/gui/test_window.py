"""The client's window with a real server and other people."""

import re
import time
import tkinter as tk

import pytest

from client.handlers.table import HANDLERS
from client.model.events import Phase, PhaseChanged
from client.settings import Settings
from gui.chat.connect_page import Form
from gui.chat.finding.rooms_page import RoomsPage
from tests.tools.irc import Client, Irc
from tests.tools.windows import (
    DEADLINE,
    Memory,
    PollGaps,
    chat_window,
    enter_room,
    page_over,
    say,
    shows,
    until,
)
from translations import use_language


def neighbour(irc: Irc, nick: str = "Борис", room: str = "#lab") -> Client:
    """Somebody else in the room, with a plain IRC client."""
    return irc.client(nick).enter(room)


def test_a_message_goes_both_ways(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        say(window, "Привет!")
        other.expect("^:Анна!.* PRIVMSG #lab :?Привет!$")
        other.send("PRIVMSG #lab :И вам привет")
        until(root, lambda: "И вам привет" in window.transcript_text())
        text = window.page.transcript.text
        until(root, lambda: not text.tag_ranges("sending"))
        assert window.transcript_text().index("Привет!") < window.transcript_text().index("И вам привет")
        assert text.tag_ranges("own")


def test_a_message_shows_as_sending_until_the_server_echoes_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        text = window.page.transcript.text
        say(window, "уже?")
        assert text.tag_ranges("sending")
        until(root, lambda: not text.tag_ranges("sending"))
        assert window.transcript_text().count("уже?") == 1


def test_being_named_and_being_written_to_stand_out(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        other.send("PRIVMSG #lab :Анна, это вам")
        text = window.page.transcript.text
        until(root, lambda: text.tag_ranges("mention"))
        other.send("PRIVMSG Анна :лично")
        until(root, lambda: any(row.badge == "1" and row.loud for row in window.page.conversations.list.rows))
        assert root.title().startswith("(")
        window.controller.walk(1)
        until(root, lambda: shows(window, "Борис"))
        until(root, lambda: not any(row.badge for row in window.page.conversations.list.rows))
        assert "лично" in window.transcript_text()


def test_scrolling_up_brings_what_was_said_before_one_came(root: tk.Tk, irc: Irc) -> None:
    other = neighbour(irc)
    for number in range(270):
        other.send(f"PRIVMSG #lab :номер {number}.")
    other.send("PING done")
    other.expect("PONG .*done")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        transcript = window.page.transcript
        until(root, lambda: "номер 269." in transcript.plain())
        assert "номер 219." not in transcript.plain()
        for first in (120, 20, 0):
            transcript.scroll("Home")
            until(root, lambda first=first: f"номер {first}." in transcript.plain())  # type: ignore[misc]
        transcript.scroll("Home")
        other.send("PRIVMSG #lab :и снова")
        until(root, lambda: "и снова" in transcript.plain())
        assert re.findall(r"номер (\d+)", transcript.plain()) == [str(number) for number in range(270)]


def test_members_topic_and_operator_are_shown(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        say(window, "/topic Сокеты")
        members = window.page.members
        until(
            root,
            lambda: (
                [row.lead + row.text + row.tail for row in members.list.rows] == ["@Анна  (you)", "Борис"]
            ),
        )
        until(root, lambda: window.page.topic._words == "Сокеты")
        assert window.session
        assert window.session.state.is_operator(window.session.state.conversations["#lab"])
        members.list.on_open("Борис")
        until(root, lambda: shows(window, "Борис"))
        other.send("QUIT")
        window.controller.walk(-1)
        until(root, lambda: [row.text + row.tail for row in members.list.rows] == ["Анна  (you)"])


@pytest.mark.parametrize("geometry", ["", "700x500+20+20", "99999x99999-5000+9000", "nonsense"])
def test_any_remembered_geometry_gives_a_window_on_the_screen(root: tk.Tk, geometry: str) -> None:
    with chat_window(root, Settings(geometry=geometry)):
        root.update()
        assert 300 < root.winfo_width() <= root.winfo_screenwidth()
        assert 300 < root.winfo_height() <= root.winfo_screenheight()


@pytest.mark.parametrize("server", ["", "no/slash", "127.0.0.1:99999", "127.0.0.1:порт"])
def test_a_bad_address_is_told_beside_its_field(root: tk.Tk, server: str) -> None:
    with chat_window(root) as window:
        window.connect_page.fill(Form(server, "Анна", "#lab"))
        window.connect_page.submit()
        assert window.connect_page.fields["server"].error
        assert window.main_window.page is window.connect_page


def test_a_refused_connection_is_told_and_can_be_tried_again(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    host, port = irc.address
    irc.stop(started)
    with chat_window(root) as window:
        page = window.connect_page
        page.fill(Form(f"{host}:{port}", "Анна", "#lab"))
        page.submit()
        until(root, lambda: page.fields["server"].error)
        assert str(port) in page.fields["server"].error
        irc.server(port=port)
        page.submit()
        until(root, lambda: shows(window, "#lab"))
        assert window.main_window.page is window.page


def test_a_taken_name_is_told_with_another_that_can_be_taken(root: tk.Tk, irc: Irc) -> None:
    neighbour(irc, "Анна")
    with chat_window(root) as window:
        page = window.connect_page
        page.fill(Form("{}:{}".format(*irc.address), "Анна", "#lab"))
        page.submit()
        until(root, lambda: page.fields["nick"].error or window.main_window.page is window.page)
        if page.fields["nick"].error:
            page._suggest.invoke()
        until(root, lambda: shows(window, "#lab"))
        assert window.session
        assert window.session.state.nick not in ("", "Анна")


def test_a_wrong_password_is_told_and_the_right_one_lets_in(root: tk.Tk, irc: Irc) -> None:
    irc.server(password="тайна")
    with chat_window(root) as window:
        page = window.connect_page
        page.fill(Form("{}:{}".format(*irc.address), "Анна", "#lab", "не то"))
        page.submit()
        until(root, lambda: page.fields["password"].error)
        page.fields["password"].set("тайна")
        page.submit()
        until(root, lambda: shows(window, "#lab"))


def test_escape_gives_up_connecting(root: tk.Tk) -> None:
    with chat_window(root) as window:
        window.connect(Form("127.0.0.1:9", "Анна", "#lab"))
        window.connect_page.cancel()
        assert window.session is None
        root.update()
        assert window.connect_page.fields["nick"].entry.cget("state") == "normal"


def test_it_comes_back_by_itself_when_the_server_does(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    address = irc.address
    with chat_window(root) as window:
        enter_room(window, address)
        say(window, "до")
        until(root, lambda: "до" in window.transcript_text())
        irc.stop(started)
        until(root, lambda: window.session and window.session.state.phase is Phase.WAITING)
        assert "Next try" in window.page.status.sentence
        irc.server(port=address[1])
        until(root, lambda: window.session and window.session.state.phase is Phase.ONLINE)
        until(root, lambda: window.page.shown and window.page.shown.joined)
        say(window, "после")
        text = window.page.transcript.text
        until(root, lambda: "после" in window.transcript_text() and not text.tag_ranges("sending"))
        assert window.transcript_text().count("\tдо\n") == 1


def test_rooms_are_entered_walked_and_left_from_the_keyboard(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        root.update()
        window.finding.show_rooms()
        page = page_over(window.main_window, RoomsPage)
        page.entry.insert("end", "физика")
        page.entry.focus_force()
        root.update()
        page.entry.event_generate("<Return>")
        until(root, lambda: shows(window, "#физика"))
        window.page.composer.text.focus_force()
        root.update()
        window.page.composer.text.event_generate("<Control-Tab>")
        until(root, lambda: shows(window, ""))
        root.event_generate("<Alt-Key-1>")
        until(root, lambda: shows(window, "#lab"))
        root.event_generate("<Control-w>")
        until(root, lambda: shows(window, "#физика"))
        assert [one.name for one in window.page.conversations.order] == ["#физика", ""]


def test_a_draft_waits_in_its_conversation(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("недописано")
        window.controller.walk(1)
        assert window.page.composer.get() == ""
        window.controller.walk(-1)
        assert window.page.composer.get() == "недописано"


def test_the_language_changes_while_it_runs(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.main_window.set_language("ru")
        root.update()
        assert window.page.conversations.list.rows[0].text == "Комнаты"
        assert "На связи как Анна" in window.page.status.sentence
        assert window.page.composer._hint.cget("text") == "Сообщение: #lab"
        window.main_window.set_language("en")
        assert window.page.conversations.list.rows[0].text == "Rooms"
        assert window.main_window.settings.language == "en"


def test_what_was_chosen_is_remembered_when_the_window_closes(root: tk.Tk, irc: Irc) -> None:
    from client_gui import ChatWindow

    memory = Memory()
    window = ChatWindow(root, remember=memory.remember)
    root.deiconify()
    enter_room(window, irc.address)
    root.event_generate("<Control-plus>")
    window.main_window.set_theme("dark")
    window.close()
    assert all(connection.join(10) for connection in window.connections)
    kept = memory.settings
    assert kept.nick == "Анна"
    assert kept.server == "{}:{}".format(*irc.address)
    assert (kept.theme, kept.font_size) == ("dark", Settings().font_size + 1)
    assert "password" not in repr(kept).lower()


def test_quit_says_goodbye_and_closes_the_window(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        closed: list[bool] = []
        window.on_closed = lambda: closed.append(True)
        enter_room(window, irc.address)
        other = neighbour(irc)
        say(window, "/quit до завтра")
        other.expect("^:Анна!.* QUIT :.*до завтра")
        assert closed == [True]


def test_nothing_waits_in_tk_when_a_window_is_closed(root: tk.Tk, irc: Irc) -> None:
    top = tk.Toplevel(root)
    from client_gui import ChatWindow

    window = ChatWindow(top)
    window.connect(Form("{}:{}".format(*irc.address), "Анна", "#lab"))
    until(root, lambda: shows(window, "#lab"))
    window.close()
    for connection in window.connections:
        assert connection.join(10)
    assert [
        root.tk.call("after", "info", name) for name in root.tk.splitlist(root.tk.call("after", "info"))
    ] == []


def test_a_burst_does_not_stop_the_window(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        until(root, lambda: len(window.page.members.list.rows) == 2)
        other.send_bytes(b"".join(b"PRIVMSG #lab :line %d\r\n" % number for number in range(3000)))
        end = time.monotonic() + DEADLINE
        while window.queue_depths()[0] < 12:
            # Meanwhile the window is not polled: what it finds then is a real heap.
            assert time.monotonic() < end

        # The window's own work, because other programs may run on the machine that tests; with the pause
        # of 50 ms between two polls it makes the promise of 100 ms.
        gaps = PollGaps(window, time.thread_time)
        until(root, lambda: "line 2999" in window.transcript_text(), 60)
        assert gaps.longest < 0.05


def test_the_menu_speaks_the_language_of_the_moment(root: tk.Tk) -> None:
    use_language("ru")
    with chat_window(root) as window:
        window.main_window.menu.fill(window.actions.menu_items())
        menu = window.main_window.menu.menu
        words = [
            menu.entrycget(at, "label")
            for at in range(int(menu.index("end") or 0) + 1)
            if menu.type(at) != "separator"
        ]
        assert {"Настройки…", "Сочетания клавиш", "Выход"} <= set(words)


def test_a_password_may_be_pasted_with_its_line_end(root: tk.Tk, irc: Irc) -> None:
    irc.server(password="тайна")
    with chat_window(root) as window:
        page = window.connect_page
        page.fill(Form("{}:{}".format(*irc.address), "Анна", "#lab", "тайна\n"))
        page.submit()
        until(root, lambda: shows(window, "#lab"))


def test_a_name_of_several_words_is_told_at_once(root: tk.Tk) -> None:
    with chat_window(root) as window:
        for nick in ("Анна Ивановна", "Анна\nИвановна"):
            window.connect_page.fill(Form("127.0.0.1", nick, "#lab"))
            window.connect_page.submit()
            assert "Анна_Ивановна" in str(window.connect_page._suggest.cget("text"))


def test_a_reconnect_takes_nobody_from_what_he_writes(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    port = irc.address[1]
    with chat_window(root) as window:
        enter_room(window, irc.address)
        irc.stop(started)
        until(root, lambda: window.session and window.session.state.phase is Phase.WAITING)
        window.connecting.change_server()
        window.connect_page.fields["password"].entry.focus_force()
        root.update()
        irc.server(port=port)
        until(root, lambda: window.session and window.session.state.ready)
        root.update()
        assert window.main_window.page is window.connect_page
        assert root.focus_get() is window.connect_page.fields["password"].entry
        window.connect_page.cancel()
        root.update()
        assert window.page.winfo_ismapped()


def test_another_room_written_after_a_refused_name_is_the_one_that_is_entered(root: tk.Tk, irc: Irc) -> None:
    neighbour(irc, "Анна")
    with chat_window(root) as window:
        page = window.connect_page
        page.fill(Form("{}:{}".format(*irc.address), "Анна", "#lab"))
        page.submit()
        until(root, lambda: page.fields["nick"].error)
        page.fill(Form("{}:{}".format(*irc.address), "Аня", "#other"))
        page.submit()
        until(root, lambda: shows(window, "#other"))


def test_undo_brings_nothing_from_another_conversation(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("черновик")
        window.controller.walk(1)
        window.page.composer.text.focus_force()
        root.update()
        window.page.composer.text.event_generate("<Control-z>")
        root.update()
        assert window.page.composer.get() == ""


@pytest.mark.faults
def test_a_fault_over_one_event_does_not_stop_the_window(
    root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(root, "report_callback_exception", lambda *fault: faults.append(fault))
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        monkeypatch.setitem(HANDLERS, "TOPIC", lambda *_: 1 / 0)
        say(window, "/topic тема")
        other.send("PRIVMSG #lab :жив?")
        until(root, lambda: "жив?" in window.transcript_text())
        assert "ZeroDivisionError" in caplog.text
        caplog.clear()
        monkeypatch.setattr(window.page.transcript, "update_entries", lambda *_: 1 / 0)
        other.send("PRIVMSG #lab :раз")
        until(root, lambda: faults)
        monkeypatch.undo()
        other.send("PRIVMSG #lab :два")
        until(root, lambda: "два" in window.transcript_text())


def test_one_poll_takes_a_bounded_number_of_messages(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        until(root, lambda: len(window.page.members.list.rows) == 2)
        other.send_bytes(b"".join(b"PRIVMSG #lab :line %d\r\n" % number for number in range(5_000)))
        end = time.monotonic() + DEADLINE
        while window.queue_depths()[0] < 12:  # Tk does nothing meanwhile
            assert time.monotonic() < end
        until(root, lambda: "line " in window.transcript_text())
        assert window.transcript_text().count("line ") <= 150, "what one poll shows"
        until(root, lambda: "line 4999" in window.transcript_text(), 60)


def test_a_narrow_window_still_says_who_one_is(root: tk.Tk, irc: Irc) -> None:
    nick = "Константинопольский"
    with chat_window(root) as window:
        enter_room(window, irc.address, nick=nick)
        root.geometry("420x500")
        until(root, lambda: nick in str(window.page.status._words.cget("text")))


def test_the_figures_leave_the_user_s_name_its_room_at_any_width(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        status = window.page.status
        status.show_round_trip(0.004)
        for words in ("not to be disturbed", ""):
            status.quiet_words = lambda words=words: words  # type: ignore[misc]
            status.count_down()
        shown = set()
        for width in range(400, 800, 4):
            root.geometry(f"{width}x500")
            until(root, lambda width=width: status.winfo_width() == width)  # type: ignore[misc]
            until(root, lambda: str(status._words.cget("text")) == status.sentence)
            shown.add(str(status._figures.cget("text")).count("·"))
        assert shown == {1, 2}  # of the figures, the address goes where there is no room


def test_a_room_of_the_other_kind_is_entered_by_its_own_name(root: tk.Tk, irc: Irc) -> None:
    assert Form("x", "Анна", "&lab, #x y").rooms == ("&lab", "#x", "#y")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.join("&local")
        until(root, lambda: shows(window, "&local"))


def test_the_user_name_is_sent_and_remembered_without_a_password(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    address = "{}:{}".format(*irc.address)
    with chat_window(tk.Toplevel(root)) as window:
        window.main_window._remember = memory.remember
        page = window.connect_page
        page.fill(Form(address, "Анна", "#lab", user="an na"))
        page.submit()
        assert page.fields["user"].error
        page.fill(Form(address, "Анна", "#lab", user="anna/net:secret"))
        page.submit()
        until(root, lambda: shows(window, "#lab"))
        assert window.session
        until(root, lambda: window.session and "anna" in window.session.state.source)
        profile = window.session.state.profile
        assert (profile.user, profile.password) == ("anna/net", "anna/net:secret")
    assert memory.settings.user == "anna/net"
    assert "secret" not in str(memory.settings)
    with chat_window(tk.Toplevel(root), memory.settings) as window:
        assert window.connect_page.form().user == "anna/net"


def test_the_next_try_is_never_in_no_seconds(root: tk.Tk) -> None:
    with chat_window(root) as window:
        status = window.page.status
        for seconds in (0.0, 0.3, 1.2):
            status.show_phase(PhaseChanged(Phase.WAITING, retry_in=seconds))
            assert re.search(r"in [12] second", status.sentence)


def test_a_conversation_that_is_not_shown_is_drawn_when_it_is(
    root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.join("#other")
        until(root, lambda: shows(window, "#other"))
        other = neighbour(irc)
        text = window.page.transcript.text
        drawn: list[str] = []
        insert = text.insert

        def watch(index: str, *pieces: str) -> None:
            drawn.append(index)
            insert(index, *pieces)

        monkeypatch.setattr(text, "insert", watch)
        other.send_bytes(b"".join(b"PRIVMSG #lab :line %d\r\n" % number for number in range(300)))
        session = window.session
        assert session
        room = session.state.conversation("#lab")
        assert room
        until(root, lambda: room.unread == 300)
        assert drawn == []
        window.controller.show(room)
        until(root, lambda: "line 0\n" in window.transcript_text())
        assert 0 < len(drawn) < 20


def test_a_line_that_costs_much_ends_the_turn(root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.runner.TURN_SECONDS", 1e-9)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = neighbour(irc)
        other.send_bytes(b"".join(b"PRIVMSG #lab :line %d.\r\n" % number for number in range(50)))
        seen = [0]

        def count() -> int:
            said = window.transcript_text().count(" line ") + window.transcript_text().count("\tline ")
            if said != seen[-1]:
                seen.append(said)
            return said

        until(root, lambda: count() == 50)
        assert seen == list(range(51))
        assert re.findall(r"line (\d+)\.", window.transcript_text()) == [str(n) for n in range(50)]


def test_a_long_name_of_a_room_leaves_the_buttons_in_the_window(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        root.geometry("700x500")
        enter_room(window, irc.address, room="#" + "имя-" * 12)
        bar = window.page.topic
        until(root, lambda: bar.winfo_width() < 700)
        until(root, lambda: bar.menu_button.winfo_x() + bar.menu_button.winfo_width() <= bar.winfo_width())
        root.geometry("1400x500")
        until(root, lambda: bar._name.cget("text") == "#" + "имя-" * 12)
