"""What the console's operator orders, and what the hub has others do."""

from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread, current_thread

import pytest

from chatroom.commands.verbs.table import VERBS, Actor, Given, Sentences, Verb
from chatroom.state import ServerState
from tests.tools.irc import Irc

DEADLINE = 20.0


def test_a_fault_in_a_verb_does_not_end_the_server(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(state: ServerState, actor: Actor, given: Given) -> Sentences:
        yield None
        raise ZeroDivisionError

    monkeypatch.setitem(VERBS, "faulty", Verb(faulty, 0))
    server = irc.server(oper_name="teacher")
    said: SimpleQueue[str] = SimpleQueue()
    server.order("faulty", said.put)
    server.order("private all", said.put)
    assert "everybody" in said.get(timeout=DEADLINE)
    irc.client("Анна").send("PING after")


def test_the_hub_does_not_wait_while_a_class_is_saved(irc: Irc) -> None:
    """And the program waits for it at its end: the thread is no daemon."""
    began, may_end = SimpleQueue[Thread](), Event()

    def write_copies(history: Path, folder: Path) -> None:
        began.put(current_thread())
        may_end.wait(DEADLINE)

    server = irc.server(oper_name="teacher", write_copies=write_copies)
    said: SimpleQueue[str] = SimpleQueue()
    server.order("save", said.put)
    thread = began.get(timeout=DEADLINE)
    assert str(irc.history.parent) in said.get(timeout=DEADLINE)
    irc.client("Анна").expect_nothing()
    assert not thread.daemon
    may_end.set()
    thread.join(DEADLINE)
