"""A window that is opened again is known to the server by what the settings remember."""

import sqlite3
import tkinter as tk
from contextlib import closing

from chatroom.passwords import hash_secret
from client.model.identity import Identity
from client.settings import Settings
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, say, until


def test_a_window_that_is_opened_again_is_the_same_person(root: tk.Tk, irc: Irc) -> None:
    host, port = irc.address
    for number in range(2):
        top = tk.Toplevel(root)
        with chat_window(top, Settings(identity="r" * 32)) as window:
            enter_room(window, irc.address)
            say(window, f"said-{number}")
            session = window.session
            assert session
            said = session.state.conversations["#lab"].entries[-1]
            assert said.text == f"said-{number}"
            until(root, lambda: said.msgid)  # noqa: B023
        top.destroy()
    key = Identity("r" * 32, f"{host}:{port}").proofs("Анна")[1]
    with closing(sqlite3.connect(irc.history)) as database:
        rows = database.execute("SELECT sender, line FROM message WHERE event = 0 ORDER BY id").fetchall()
    assert [line.rpartition(":")[2] for _sender, line in rows] == ["said-0", "said-1"]
    assert {sender for sender, _line in rows} == {hash_secret(key)}
