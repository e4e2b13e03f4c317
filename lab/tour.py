"""A walk through the laboratory: some bubbles in the chat window, shown once by themselves."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from gui.bubble import Bubble, BubbleWords
from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.toolkit.mainloop import repeat
from lab.wire.pane import WirePane
from translations import _

_LOOK_MS: Final = 500


class _Step(NamedTuple):
    """What a bubble shows."""

    target: Callable[[], tk.Misc]
    words: Callable[[], tuple[str, str]]
    """Its title and its text."""


class Tour:
    """Shows one bubble after the other. For the Tk thread only."""

    def __init__(self, window: MainWindow, controller: ChatController, wire: WirePane) -> None:
        self.bubble: Bubble | None = None
        """The one that is shown."""
        self._window, self._controller, self._wire = window, controller, wire
        self._at = 0
        self._opened_wire = False
        self._steps = (
            _Step(self._show_wire, _wire_words),
            _Step(lambda: controller.page.status, _threads_words),
            _Step(self._menu, _experiments_words),
            _Step(self._menu, _judge_words),
            _Step(self._menu, _report_words),
        )
        window.master.bind("<Escape>", lambda _: self.end(), add="+")

    def offer(self) -> None:
        """Begin by itself when the user has come into a room, unless the tour was shown before."""
        repeat(self._controller.page, _LOOK_MS, self._waits)

    def _waits(self) -> bool:
        if self._window.settings.tour_seen:
            return False
        shown = self._controller.page.shown
        may_begin = shown is not None and shown.is_room and shown.joined and self._controller.is_shown()
        if may_begin and self._window.has_focus() and not self._controller.page.half_written():
            self.begin()
        return self.bubble is None

    def begin(self) -> None:
        """Show the first bubble; it will not come by itself again."""
        if self._controller.is_shown():
            self._window.choose(lambda kept: replace(kept, tour_seen=True))
            self._show(0)

    def end(self) -> None:
        """Take the bubble away."""
        if bubble := self.bubble:
            self.bubble = None
            bubble.close()
            if self._opened_wire:
                self._opened_wire = False
                self._wire.close()
            self._controller.page.composer.text.focus_set()

    def _show(self, at: int) -> None:
        self.end()
        if at == len(self._steps):
            return
        self._at = at
        self.bubble = Bubble(
            self._window.master,
            self._window.look,
            self._steps[at].target(),
            self._words,
            lambda: self._show(at + 1),
            self.end,
            self._controller.page.composer.insert,
        )

    def _words(self) -> BubbleWords:
        title, text = self._steps[self._at].words()
        count = len(self._steps)
        is_last = self._at + 1 == count
        place = _("{number} of {count}").format(number=self._at + 1, count=count)
        return BubbleWords(title, text, place, _("Done") if is_last else _("Next"), is_last)

    def _show_wire(self) -> tk.Misc:
        if not self._wire.view:
            self._wire.toggle()
            self._opened_wire = True
        view, window = self._wire.view, self._window.master
        window.update_idletasks()
        return view if view and view.winfo_toplevel() is window else self._menu()

    def _menu(self) -> tk.Misc:
        return self._window.menu_button or self._window.master


def _wire_words() -> tuple[str, str]:
    return (
        _("Socket calls"),
        _(
            "Each send and recv of this window is a row here, with its bytes and what they mean."
            " Click on a message: its calls are chosen. F12 opens and closes this list."
        ),
    )


def _threads_words() -> tuple[str, str]:
    return (
        _("Threads"),
        _(
            "A thread of its own receives, and puts what comes into a queue; this window takes it out."
            " How much waits stands at the right. Shift+F12 shows the threads at work."
        ),
    )


def _experiments_words() -> tuple[str, str]:
    return (
        _("Experiments"),
        _(
            "This menu has experiments with real sockets: glued and cut messages, a cable that is pulled out."
            " Predict what will happen, then run one and see."
        ),
    )


def _judge_words() -> tuple[str, str]:
    return (
        _("The judge"),
        _(
            "Write a server or a client of your own, in any language. “Judge a program …” in this menu tries"
            " it and says what is wrong, and why."
        ),
    )


def _report_words() -> tuple[str, str]:
    return (
        _("The report"),
        _(
            "“Save report …” in this menu makes the report of your work, of the conversation, the calls, your"
            " experiments and the pictures of windows that Ctrl+Shift+P takes."
        ),
    )
