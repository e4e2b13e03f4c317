"""The connect page offers the servers of the network; the user decides, and may always type."""

import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from client.net.discovery import FIRST_ROUNDS, FoundServer
from client.settings import Settings
from client_gui import ChatWindow
from gui.chat.connect_page import ConnectPage, Form
from gui.chat.found_list import addresses_shown, facts_of, title_of, why_none
from protocol.discovery import Offer
from tests.tools.windows import until

ONE = FoundServer(Offer("1" * 16, 6667, 6697, True, "chat.lab", "305", ("#group1", "#group2")), ("10.1.0.5",))
OTHER = FoundServer(Offer("2" * 16, 7000, None, False, "chat.lab"), ("10.1.0.66", "10.2.0.66"))


class Found:
    """What was found, without any network."""

    def __init__(self) -> None:
        self.found: tuple[FoundServer, ...] = ()
        self.asked = 1
        self.rounds = len(FIRST_ROUNDS)
        self.runs = False

    def start(self) -> None:
        """Begin to look."""
        self.runs = True

    def stop(self) -> None:
        """Look no more."""
        self.runs = False


@pytest.fixture
def found() -> Found:
    return Found()


@pytest.fixture
def page(root: tk.Tk, found: Found) -> Iterator[ConnectPage]:
    """The page of a user who has connected nowhere yet."""
    root.geometry("1024x768")
    window = ChatWindow(root, Settings(), finder=found)
    root.deiconify()
    until(root, lambda: found.runs)
    yield window.connect_page
    window.close()
    assert not found.runs


def test_a_server_is_called_by_the_group_that_is_taught() -> None:
    offer = replace(ONE.offer, group="ИВТ-21")
    assert title_of(replace(ONE, offer=offer)) == "Class ИВТ-21 — chat.lab — 305"
    assert title_of(ONE) == "chat.lab — 305"


def shows(page: ConnectPage, count: int) -> Callable[[], bool]:
    return lambda: len(page.found.list.rows) == count


def test_the_only_server_is_written_into_the_field_and_taken_back_when_there_are_two(
    page: ConnectPage, found: Found, root: tk.Tk
) -> None:
    submitted: list[Form] = []
    page._on_submit = submitted.append
    found.found = (ONE,)
    until(root, lambda: page.fields["server"].get() == "10.1.0.5:6667")
    assert page.form().rooms == ("#group1",)
    found.found = (OTHER, ONE)
    until(root, lambda: page.fields["server"].get() == "")
    assert submitted == []  # nothing connects by itself


def test_what_the_user_has_written_stays(page: ConnectPage, found: Found, root: tk.Tk) -> None:
    page.fields["server"].set("chat.example")
    found.found = (ONE,)
    until(root, shows(page, 1))
    found.found = (ONE, OTHER)
    until(root, shows(page, 2))
    assert page.fields["server"].get() == "chat.example"


def test_a_server_is_chosen_and_entered_by_the_keyboard(page: ConnectPage, found: Found, root: tk.Tk) -> None:
    submitted: list[Form] = []
    page._on_submit = submitted.append
    found.found = (ONE, OTHER)
    until(root, shows(page, 2))
    canvas = page.found.list.canvas
    canvas.focus_force()
    root.update()
    for _ in range(2):
        canvas.event_generate("<Down>")
    assert page.fields["server"].get() == "10.1.0.66:7000"
    canvas.event_generate("<Return>")
    assert submitted == []  # a name is still to be written
    assert root.focus_get() is page.fields["nick"].entry
    page.fields["nick"].set("Анна")
    canvas.event_generate("<Return>")
    assert [form.address for form in submitted] == ["10.1.0.66:7000"]


def test_a_click_chooses_and_a_double_click_goes_to_the_password(
    page: ConnectPage, found: Found, root: tk.Tk
) -> None:
    page.fields["nick"].set("Анна")
    page.tls.set(True)
    found.found = (OTHER, ONE)
    until(root, shows(page, 2))
    root.update()
    canvas, y = page.found.list.canvas, page.found.list.row_height + 5
    canvas.event_generate("<Button-1>", x=20, y=y)
    assert page.form().address == "10.1.0.5:6697"  # that of TLS, which is wanted
    for event in ("<ButtonRelease-1>", "<Button-1>"):
        canvas.event_generate(event, x=20, y=y)
    assert root.focus_get() is page.fields["password"].entry


def test_a_row_says_all_that_is_known(found: Found) -> None:
    assert addresses_shown(OTHER) == ["10.1.0.66:7000", "10.2.0.66:7000"]
    assert facts_of(ONE) == "#group1, #group2 · password needed · TLS"
    assert "--lan" in why_none(found)
    found.asked = 0
    assert "Without a network" in why_none(found)
    found.rounds = 0
    assert "Looking" in why_none(found)


def test_nobody_is_looked_for_while_the_chat_is_shown(root: tk.Tk, found: Found) -> None:
    window = ChatWindow(root, Settings(), finder=found)
    root.deiconify()
    until(root, lambda: found.runs)
    window.main_window.show_page(window.page)
    until(root, lambda: not found.runs)
    window.connecting.change_server()
    until(root, lambda: found.runs)
    window.close()
