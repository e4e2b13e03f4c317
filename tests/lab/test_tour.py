"""The tour of the laboratory comes by itself once, points at what it speaks of, and is in nobody's way."""

import tkinter as tk

from client.settings import Settings
from client_gui import ChatWindow
from gui.bubble import Bubble
from lab.demo.windows import DemoWindows
from lab.laboratory import Laboratory
from tests.tools.irc import Irc
from tests.tools.windows import Memory, chat_window, enter_room, until


def bubble(lab: Laboratory) -> Bubble:
    """The one that is shown."""
    assert lab.tour.bubble
    return lab.tour.bubble


def points_at(lab: Laboratory) -> tk.Misc:
    """What the bubble stands beside, and does not cover."""
    target, frame = bubble(lab)._target, bubble(lab).frame
    lab._main_window.master.update()
    assert target.winfo_ismapped()
    assert frame.winfo_ismapped()
    below = frame.winfo_rooty() >= target.winfo_rooty() + target.winfo_height()
    assert below or frame.winfo_rooty() + frame.winfo_height() <= target.winfo_rooty()
    return target


def test_the_tour_comes_once_points_at_real_things_and_can_be_had_again(root: tk.Tk, irc: Irc) -> None:
    memory, lab = Memory(), Laboratory()
    window = ChatWindow(root, Settings(language="en"), remember=memory.remember, laboratory=lab)
    root.deiconify()
    lab.introduce()
    enter_room(window, irc.address)
    assert lab.tour.bubble is None
    root.focus_force()
    until(root, lambda: lab.tour.bubble)
    assert memory.settings.tour_seen
    assert points_at(lab) is lab.wire.view
    bubble(lab).button.event_generate("<Key>", keysym="x")
    assert window.page.composer.get() == "x", "who writes on means the input line"
    status, menu = window.page.status, window.page.topic.menu_button
    for target in (status, menu, menu, menu):
        bubble(lab).button.invoke()
        assert points_at(lab) is target
        assert lab.wire.view is None, "it was opened for the tour alone"
    bubble(lab).button.invoke()
    assert lab.tour.bubble is None
    (laboratory,) = [item for item in window.actions.menu_items() if item.words == "Laboratory"]
    (again,) = [item for item in laboratory.below if item.words == "A tour of the laboratory"]
    again.run()
    assert points_at(lab) is lab.wire.view
    window.page.composer.text.event_generate("<Escape>")
    assert lab.tour.bubble is None
    assert lab.wire.view is None
    window.close()
    for connection in window.connections:
        assert connection.join(10)


def test_who_has_seen_it_has_asked_something_else_or_goes_away_is_left_alone(root: tk.Tk, irc: Irc) -> None:
    lab = Laboratory()
    with chat_window(root, Settings(language="en", tour_seen=True), lab) as window:
        lab.introduce()
        enter_room(window, irc.address)
        root.focus_force()
        assert lab.tour._waits() is False
        window.actions.help.perform()
        lab.tour.begin()
        assert lab.tour.bubble is None, "not above another page"
        window.actions.help.perform()
        lab.tour.begin()
        bubble(lab).button.invoke()
        window.connecting.change_server()
        until(root, lambda: lab.tour.bubble is None)


def test_the_demo_has_no_tour(root: tk.Tk, irc: Irc) -> None:
    labs: list[Laboratory] = []

    def make() -> Laboratory:
        labs.append(Laboratory())
        return labs[-1]

    demo = DemoWindows(root, "{}:{}".format(*irc.address), 2, make, Settings(language="en"), pace=0.01)
    until(root, lambda: demo.finished)
    assert all(lab.tour.bubble is None for lab in labs)
    demo.close()
    demo.join()
