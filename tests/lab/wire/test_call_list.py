"""The table of calls: walking through it with the keyboard, however long it is."""

import tkinter as tk

import pytest

from gui.toolkit.theme import look_of
from lab.wire.call_list import CallList
from lab.wire.model import Record, RowKey, WireRow
from sockets.tap import Call
from tests.tools.windows import until

ROWS = [WireRow(Record(number, Call("recv", "", b"x"))) for number in range(20_000)]


@pytest.fixture
def calls(root: tk.Tk) -> CallList:
    made = CallList(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.deiconify()
    until(root, lambda: made.canvas.winfo_height() > 1)
    made.canvas.focus_force()
    root.update()
    return made


def test_the_keys_walk_from_the_chosen_row_and_stop_at_both_ends(calls: CallList) -> None:
    chosen: list[RowKey] = []
    calls.on_choose = chosen.append
    calls.show(ROWS, (ROWS[9_000].key,))
    for key in ("<Down>", "<Up>", "<Home>", "<Up>", "<End>", "<Down>", "<Up>"):
        calls.canvas.event_generate(key)
    assert [number for number, _line in chosen] == [9001, 9000, 0, 0, 19_999, 19_999, 19_998]


def test_without_a_chosen_row_the_keys_begin_at_the_end(calls: CallList) -> None:
    chosen: list[RowKey] = []
    calls.on_choose = chosen.append
    calls.show(ROWS, ())
    calls.canvas.event_generate("<Up>")
    assert chosen == [ROWS[-1].key]


def test_a_step_does_not_look_at_every_row(calls: CallList, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[WireRow] = []
    key_of = calls.key_of

    def counted(row: WireRow) -> RowKey:
        looked.append(row)
        return key_of(row)

    monkeypatch.setattr(calls, "key_of", counted)
    calls.show(ROWS, (ROWS[19_000].key,))
    calls.canvas.event_generate("<Down>")
    assert len(looked) < 100
