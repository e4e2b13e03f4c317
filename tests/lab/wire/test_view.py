"""The wire view in a real window, with a real server: what the sockets did, byte for byte."""

import tkinter as tk
from pathlib import Path

import pytest

from client.settings import Settings
from client_gui import ChatWindow
from gui.help_page import HelpPage
from lab.laboratory import Laboratory
from lab.wire import hexdump
from lab.wire.model import CALLS_AT_ONCE, MAX_LINES, MAX_RECORDS, Filters, WireModel
from lab.wire.pane import WirePane
from lab.wire.ring import Ring
from lab.wire.view import WireView
from sockets.tap import Call
from tests.tools.irc import Irc
from tests.tools.windows import page_over, say, until, watched_window
from translations import use_language


def opened(root: tk.Tk, lab: Laboratory) -> WireView:
    lab.wire.toggle()
    view = lab.wire.view
    assert view
    until(root, lambda: view.model.records and view.list.canvas.winfo_height() > 1)
    return view


def entry(window: ChatWindow, text: str):  # type: ignore[no-untyped-def]
    assert window.page.shown is not None
    return next(one for one in window.page.shown.entries if one.text == text)


def test_a_clicked_message_shows_the_calls_that_carried_it(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, other):
        other.send("PRIVMSG #lab :Привет")
        until(root, lambda: "Привет" in window.transcript_text())
        view = opened(root, lab)
        text = window.page.transcript.text
        root.update()
        box = text.bbox(text.search("Привет", "1.0"))
        assert box
        x, y, width, height = box
        text.event_generate("<Button-1>", x=x + width // 2, y=y + height // 2)
        assert len(view.model.selected) == 1
        row = view.model.find_row(view.model.selected[0])
        assert row is not None
        assert row.line is not None
        assert (row.record.call.name, row.record.call.thread) == ("recv", "receiver")
        assert row.record.lines[row.line].raw.endswith(
            b"PRIVMSG #lab :\xd0\x9f\xd1\x80" + "ивет\r\n".encode()
        )
        assert "Привет" in view.details.plain()
        assert "d0 9f d1 80" in view.details.plain()
        assert text.tag_ranges("marked")


def test_of_ones_own_message_both_the_sending_and_the_echo_are_shown(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, _other):
        text = window.page.transcript.text
        say(window, "моё")
        until(root, lambda: not text.tag_ranges("sending"))
        view = opened(root, lab)
        view.select_entry(entry(window, "моё"))
        calls = [view.model.find_row(key).record.call for key in view.model.selected]  # type: ignore[union-attr]
        # The receiving thread may be the first to tell, but not to have done.
        assert [call.name for call in sorted(calls, key=lambda call: call.time)] == ["send", "recv"]


def test_the_calls_of_a_message_stay_in_view_when_more_come_and_in_a_window_of_its_own(
    root: tk.Tk, irc: Irc
) -> None:
    with watched_window(root, irc) as (window, lab, other):

        def hear(text: str) -> None:
            other.send(f"PRIVMSG #lab :{text}")
            until(root, lambda: text in window.transcript_text())

        def is_seen() -> bool:
            view = lab.wire.view
            assert view
            index = view.list.index_of(view.model.selected[0])
            assert index is not None
            return view.list.top <= index < view.list.top + view.list.page_rows + 1

        for number in range(60):
            other.send(f"PRIVMSG #lab :{number}")
        hear("последнее")
        view = opened(root, lab)
        view.select_entry(entry(window, "30"))
        number, _line = view.model.selected[0]
        assert view.list.top == view.list.index_of((number, -1)), "which thread it was is seen, too"
        view.select_entry(entry(window, "последнее"))
        for number in range(60):
            other.send(f"PRIVMSG #lab :ещё {number}")
        hear("новое")
        until(root, lambda: view.model.find_lines(entry(window, "новое")))
        root.update()
        assert is_seen()
        view.buttons["move"].invoke()
        moved = lab.wire.view
        assert moved
        until(root, lambda: moved.list.canvas.winfo_height() > 1)
        root.update()
        assert is_seen()
        first = moved.list.top
        window.main_window.look.set_size(window.main_window.look.size + 4)
        root.update()
        assert moved.list.top == first


def test_a_chosen_call_marks_its_message_and_the_arrow_keys_walk(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, other):
        view = opened(root, lab)
        other.send("PRIVMSG #lab :раз")
        until(
            root,
            lambda: view.model.find_lines(entry(window, "раз")) if "раз" in window.transcript_text() else 0,
        )
        transcript = window.page.transcript
        root.focus_force()
        view.list.canvas.focus_set()
        view.list.canvas.event_generate("<End>")
        root.update()
        marked = transcript.text.tag_ranges("marked")
        assert "раз" in transcript.text.get(str(marked[0]), str(marked[-1]))
        last = view.model.selected
        view.list.canvas.event_generate("<Up>")
        assert view.model.selected < last
        view.list.canvas.event_generate("<Home>")
        assert view.model.find_row(view.model.selected[0]).record.call.name == "connect"  # type: ignore[union-attr]


def test_a_line_typed_by_hand_goes_out_as_it_is(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (_window, lab, other):
        view = opened(root, lab)
        view.list.see(view.model.rows[0].key)
        root.update()
        assert view.list.top == 0
        view.entry.insert(0, "PRIVMSG #lab :вручную")
        view.entry.focus_force()
        view.entry.event_generate("<Return>")
        other.expect("PRIVMSG #lab :?вручную$")
        until(
            root,
            lambda: any(one.call.data == "PRIVMSG #lab :вручную\r\n".encode() for one in view.model.records),
        )
        assert view.entry.get() == ""
        root.update()
        assert view.list.top + view.list.page_rows + 1 >= len(view.list.rows), "the answer comes into view"


def test_the_pane_can_be_torn_off_put_back_and_closed(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, _other):
        view = opened(root, lab)
        view.model.selected = (view.model.rows[0].key,)
        view.buttons["move"].invoke()
        assert lab.wire.view
        assert lab.wire.view.winfo_toplevel() is not root
        assert lab.wire.view.model.selected == view.model.selected
        lab.wire.view.buttons["move"].invoke()
        assert lab.wire.view
        assert lab.wire.view.winfo_toplevel() is root
        root.update()
        root.focus_force()
        root.event_generate("<F12>")
        assert lab.wire.view is None
        root.update()
        assert window.page.dock.winfo_height() <= 2


def test_the_key_that_opens_the_pane_closes_it_in_a_window_of_its_own(root: tk.Tk) -> None:
    window = ChatWindow(root)
    model, look = WireModel(Ring()), window.main_window.look
    pane = WirePane(look, window.controller, model, window.send_line, "Shift+F9", lambda _calls: "")
    window.main_window.show_page(window.page)
    pane.toggle()
    assert pane.view
    pane.view.buttons["move"].invoke()
    top = pane.view.winfo_toplevel()
    until(root, top.winfo_ismapped)
    top.focus_force()
    root.update()
    top.event_generate("<Shift-F9>")
    assert pane.view is None
    window.close()


def test_pause_clear_copy_and_save(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    with watched_window(root, irc) as (window, lab, other):
        view = opened(root, lab)
        view.toggle_pause()
        before = len(view.model.records)
        other.send("PRIVMSG #lab :пока пауза")
        until(root, lambda: "пока пауза" in window.transcript_text())
        view.model.take_calls()
        assert len(view.model.records) == before
        view.toggle_pause()
        until(root, lambda: len(view.model.records) > before)
        view.copy()
        until(root, lambda: view._note.cget("text") == "Copied.")  # in portions, on a busy computer
        assert "пока пауза" in root.clipboard_get()
        assert "connect" in root.clipboard_get()
        view.save(str(tmp_path / "wire.txt"))
        until(root, lambda: "wire.txt" in view._note.cget("text"))
        assert "d0 bf" in (tmp_path / "wire.txt").read_text(encoding="utf-8")
        view.save(str(tmp_path / "no" / "wire.txt"))
        until(root, lambda: "could not be written" in view._note.cget("text"))
        view.clear()
        assert not view.model.records
        assert not view.model.rows


def test_a_message_that_came_during_a_pause_is_not_said_to_be_forgotten(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, other):
        view = opened(root, lab)
        view.toggle_pause()
        other.send("PRIVMSG #lab :пока пауза")
        until(root, lambda: "пока пауза" in window.transcript_text())
        view.select_entry(entry(window, "пока пауза"))
        assert "pause" in view._note.cget("text")
        view.toggle_pause()
        view.select_entry(entry(window, "пока пауза"))
        assert view._note.cget("text") == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("code", "enlarged"), [("ru", 1), ("en", 1), ("ru", 2)])
def test_the_view_follows_theme_language_and_text_size(
    root: tk.Tk, irc: Irc, theme: str, code: str, enlarged: int
) -> None:
    root.tk.call("tk", "scaling", enlarged * 96 / 72)
    with watched_window(root, irc) as (window, lab, _other):
        view = opened(root, lab)
        window.main_window.set_theme(theme)
        window.main_window.set_language(code)
        window.main_window.set_size(16)
        root.update()
        assert view.buttons["pause"].cget("text") == {"ru": "Пауза", "en": "Pause"}[code]
        assert view.list.canvas.cget("background") == window.main_window.look.palette.window
        buttons = view.buttons.values()
        assert all(button.winfo_viewable() for button in buttons)
        right = max(button.winfo_rootx() + button.winfo_width() for button in buttons)
        assert right <= view.winfo_rootx() + view.winfo_width()
        assert min(button.winfo_rootx() for button in buttons) >= view.winfo_rootx()
        use_language("en")


def call(data: bytes, name: str = "recv", before: bytes = b"", after: bytes = b"") -> Call:
    return Call(name, "127.0.0.1:6667", data, before, after)  # type: ignore[arg-type]


def test_a_line_stands_below_the_call_that_completed_it() -> None:
    ring = Ring()
    for one in (
        call(b"PING a\r\nPRI", after=b"PRI"),
        call(b"VMSG #lab :x", before=b"PRI", after=b"PRIVMSG #lab :x"),
        call(b"\r\n", before=b"PRIVMSG #lab :x"),
        call(b"JOIN #", "send", after=b"lab\r\n"),
        call(b"lab\r\n", "send"),
    ):
        ring(one)
    model = WireModel(ring)
    assert model.take_calls()
    assert [[line.raw for line in one.lines] for one in model.records] == [
        [b"PING a\r\n"],
        [],
        [b"PRIVMSG #lab :x\r\n"],
        [],
        [b"JOIN #lab\r\n"],
    ]


def test_filters_hide_pings_other_rooms_and_one_way() -> None:
    ring = Ring()
    for one in (
        Call("connect", "127.0.0.1:6667"),
        call(b"PING a\r\n"),
        call(b"PONG a\r\n", "send"),
        call(b":b!b@h PRIVMSG #lab :x\r\n:b!b@h PRIVMSG #other :y\r\n"),
        call(b"PRIVMSG #lab :z\r\n", "send"),
    ):
        ring(one)
    model = WireModel(ring)
    model.take_calls()

    def shown(filters: Filters) -> list[tuple[int, int]]:
        model.set_filters(filters)
        return [row.key for row in model.rows]

    assert len(shown(Filters())) == 10
    assert shown(Filters(hide_pings=True)) == [(1, -1), (4, -1), (4, 0), (4, 1), (5, -1), (5, 0)]
    assert shown(Filters(conversation="#LAB")) == [(1, -1), (4, -1), (4, 0), (5, -1), (5, 0)]
    assert shown(Filters(direction="in", conversation="#lab")) == [(1, -1), (4, -1), (4, 0)]


def test_a_flood_is_taken_in_portions_and_old_calls_go() -> None:
    ring = Ring(MAX_RECORDS + 1000)
    model = WireModel(ring)
    for _ in range(MAX_RECORDS + 700):
        ring(call(b"PING a\r\n" * 5))
    model.take_calls()
    assert len(model.records) <= CALLS_AT_ONCE
    while model.take_calls():
        pass
    assert sum(len(one.lines) for one in model.records) <= MAX_LINES
    assert model.rows[0].record is model.records[0]
    assert model.find_row(model.rows[-1].key) == model.rows[-1]


def test_what_is_read_stays_in_view_when_as_many_old_calls_go_as_new_ones_come(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (_window, lab, _other):
        view = opened(root, lab)
        model = view.model
        for _ in range(MAX_RECORDS):
            model.ring(call(b"x", after=b"x"))
        until(root, lambda: len(model.records) == MAX_RECORDS)
        root.update()
        for _ in range(20):
            view.list.canvas.event_generate("<Button-4>")
        root.update()
        seen, last = view.list.rows[view.list.top].key, model.records[-1].number
        for _ in range(10):
            model.ring(call(b"x", after=b"x"))
        until(root, lambda: model.records[-1].number >= last + 10)
        root.update()
        assert view.list.rows[view.list.top].key == seen


def test_the_dump_marks_ends_and_letters_and_survives_any_bytes() -> None:
    cells = list(hexdump.cells("aп😀\r\n".encode() + b"\xd0\xff\x1b"))
    assert [cell.tag for cell in cells] == [
        "",
        *["letter1"] * 2,
        *["letter0"] * 4,
        "end",
        "end",
        "bad",
        "bad",
        "",
    ]
    assert "".join(cell.text for cell in cells) == "aп·😀···←↓??␛"
    assert hexdump.plain(bytes(range(256))).count("\n") == 16


def test_the_keys_page_lists_the_laboratorys_keys_where_there_is_one(root: tk.Tk) -> None:
    for laboratory in (None, Laboratory()):
        top = tk.Toplevel(root)
        window = ChatWindow(top, Settings(), laboratory=laboratory)
        window.actions.help.perform()
        help_page = page_over(window.main_window, HelpPage)
        shown = [label.cget("text") for label in help_page._table.grid_slaves(column=0)]
        assert ("F12" in shown) == ("Shift+F12" in shown) == (laboratory is not None)
        window.close()


@pytest.mark.parametrize("chosen", ["en", "ru"])
def test_the_buttons_find_room_beside_each_other_on_a_projector(root: tk.Tk, irc: Irc, chosen: str) -> None:
    use_language(chosen)
    with watched_window(root, irc) as (_window, lab, _other):
        root.geometry("1024x768")
        view = opened(root, lab)
        for _ in range(MAX_RECORDS):
            view.model.ring(call(b"x", after=b"x"))
        until(root, lambda: len(view.model.records) == MAX_RECORDS)
        for name in ("pause", "room", "pings", "direction", "direction"):
            view.buttons[name].invoke()
            root.update()
            words = [button.cget("text") for button in view.buttons.values()]
            assert len(view._bar._placed) == 1, words
