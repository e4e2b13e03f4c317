"""The desk's window beside the chat: what its buttons, keys and menu do."""

import tkinter as tk
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from client.model.desk import DeskPerson
from client.model.events import ClassAnswered
from client.model.state import ClientState
from gui.actions import WindowActions
from gui.chat.controller import ChatController
from gui.class_menu import Means, people_items
from gui.main_window import MainWindow
from gui.toolkit.action import Action
from gui.toolkit.mainloop import repeat
from gui.toolkit.menu import SEPARATOR, Item, choices
from protocol.class_words import ABSENT, HERE, STRANGER
from translations import _

if TYPE_CHECKING:
    from gui.desk.page import DeskPage

LOOK_MS: Final = 250
"""After which the desk shows what has changed, in one go."""
_EVERY: Final = 4
"""Looks after which it shows the time that has passed, though nothing has changed."""


class DeskActions(WindowActions):
    """What can be done at the desk."""

    def __init__(self, window: MainWindow, desk: "DeskWindow") -> None:
        self.quiet = Action(
            lambda: _("Quiet"),
            desk.toggle_quiet,
            "F2",
            lambda: _("Quiet: nobody writes without the word; or not"),
        )
        self.announce = Action(lambda: _("Announce …"), desk.announce, "F3", lambda: _("Say it to everybody"))
        self.lock = Action(
            lambda: _("Lock"), desk.toggle_lock, "F4", lambda: _("Lock: nobody new enters; or open again")
        )
        self.private = Action(
            lambda: _("Private messages …"),
            desk.open_private_menu,
            "F5",
            lambda: _("Who may be written to privately"),
        )
        self.save = Action(
            lambda: _("Save"),
            lambda: desk.use("save", ""),
            "F6",
            lambda: _("Write what was said and who was here into the archive"),
        )
        self.people = Action(lambda: _("What to do with those chosen"), desk.open_menu_at_cursor, "Shift+F10")
        self.close = Action(lambda: _("Close the desk"), desk.close, "Ctrl+T")
        super().__init__(window)
        buttons = desk.page.buttons
        for name, action in (
            ("quiet", self.quiet),
            ("announce", self.announce),
            ("lock", self.lock),
            ("private", self.private),
            ("save", self.save),
        ):
            action.attach_to(buttons[name], window.look)
        self.menu.attach_to(desk.page.menu_button, window.look)

    def help_rows(self) -> list[tuple[str, str]]:
        """Return the keys of the table, and those of the actions."""
        return [
            ("↑  ↓", _("choose a person")),
            ("Shift+↑  Shift+↓  Ctrl+A", _("choose several")),
            (_("Space"), _("choose one more, or one less")),
            ("←  →", _("sort by another column")),
            ("Enter", _("give the word, or take it back")),
            *super().help_rows(),
        ]

    def menu_items(self) -> list[Item]:
        """Return the whole menu as it is now."""
        own = (self.quiet, self.announce, self.lock, self.private, self.save, self.close)
        return [*(action.item() for action in own), *super().menu_items()]


class DeskWindow:
    """A window of its own, so that a projector can show the chat and not the addresses of people.

    For the Tk thread only.
    """

    def __init__(self, main: MainWindow, chat: ChatController) -> None:
        self._main, self._chat = main, chat
        self._changed = False
        self._looks = 0
        self._top: tk.Toplevel | None = None
        self.page: DeskPage
        self.window: MainWindow
        self.actions: DeskActions

    @property
    def is_open(self) -> bool:
        """Tell whether the desk can be seen."""
        return self._top is not None

    def can_open(self) -> bool:
        """Tell whether we are the operator of a class."""
        client = self._client()
        return client is not None and client.rules_class

    def toggle(self) -> None:
        """Open the desk, or come back to it; close it if it has the keyboard."""
        if self._top is None:
            self._open()
        elif self.window.has_focus():
            self.close()
        else:
            self._top.deiconify()
            self._top.lift()
            self.page.list.canvas.focus_force()

    def close(self) -> None:
        """Close the desk; the server tells it nothing any more."""
        top, self._top = self._top, None
        if top is None:
            return
        table, size = self.page.list, self.window.changed_size()
        left = {"column": table.column.name, "backwards": "yes" if table.backwards else ""}
        left |= {"size": size} if size else {}
        self._main.choose(lambda kept: replace(kept, desk={**kept.desk, **left}))
        if client := self._client():
            client.watch_class(on=False)
            self._chat.send()
        top.destroy()
        if self._main.master.winfo_exists():
            self._chat.page.composer.text.focus_force()

    def begin_session(self) -> None:
        """The chat has another session: what its server says is shown now."""
        if self._top and (client := self._client()):
            client.watch_class(on=True)
            self._changed = True

    def changed(self) -> None:
        """Something about the class has changed."""
        self._changed = True

    def answered(self, answer: ClassAnswered) -> None:
        """The server has answered a verb."""
        if self._top:
            self.page.answered(answer.text, failed=answer.failed)

    # What is done.

    def use(self, verb: str, text: str) -> None:
        """Use a verb of the class; the answer is shown below the table."""
        self._chat.use_verb(verb, text)

    def toggle_quiet(self) -> None:
        """Let nobody speak without the word, or everybody."""
        client = self._client()
        self.use("open" if client and client.desk.quiet else "quiet", "")

    def toggle_lock(self) -> None:
        """Let nobody new enter, or everybody."""
        client = self._client()
        self.use("unlock" if client and client.desk.locked else "lock", "")

    def announce(self) -> None:
        """Ask what to say to everybody, and say it."""
        self.page.ask.ask(lambda: _("To everybody:"), "", partial(self.use, "announce"))

    def open_private_menu(self) -> None:
        """Let the user choose to whom students may write privately."""
        client = self._client()
        words = {"all": _("To everybody"), "teacher": _("To the teacher only"), "none": _("To nobody")}
        items = choices(words, client.desk.private if client else "", partial(self.use, "private"))
        button = self.page.buttons["private"]
        self.window.menu.open_at(items, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def open_menu_at_cursor(self) -> None:
        """Open the menu of those who are chosen, below the cursor."""
        self.page.list.open_menu()

    def people_items(self) -> list[Item]:
        """Return what can be done with those who are chosen, and how to sort."""
        from gui.desk.columns import title  # noqa: PLC0415

        client, people = self._client(), self.page.list.chosen_people()
        sorting = [
            Item(title(one), partial(self.page.list.sort_by, one), chosen=one is self.page.list.column)
            for one in self.page.list.columns()
        ]
        items = [Item(_("Sort by"), below=sorting)]
        if client and people:
            neighbours = self._neighbours(client, people[0]) if len(people) == 1 else None
            means = Means(self.use, self.window.ask, self._talk, self._rename)
            nicks = [person.nick for person in people]
            items = [*people_items(nicks, means, client.desk.rooms, neighbours), SEPARATOR, *items]
        return items

    @staticmethod
    def _neighbours(client: ClientState, person: DeskPerson) -> list[str]:
        others = client.desk.people.values()
        return [
            one.nick
            for one in others
            if one.address == person.address and one.id != person.id and one.state in (HERE, STRANGER)
        ]

    def _talk(self, nick: str) -> None:
        self._chat.talk_to(nick)
        self._main.master.lift()
        self._chat.page.composer.text.focus_force()

    def _rename(self, nick: str) -> None:
        def words() -> str:
            return _("Another name for {nick}:").format(nick=nick)

        self.page.ask.ask(words, nick, lambda text: self.use("rename", f"{nick} {text}"))

    def _word(self, person: DeskPerson) -> None:
        if person.state != ABSENT:
            takes = person.has_word and not person.hand
            self.use("unvoice" if takes else "voice", person.nick)

    # Inside.

    def _client(self) -> ClientState | None:
        return self._chat.session.state if self._chat.session else None

    def _open(self) -> None:
        client = self._client()
        if client is None:
            return
        from gui.desk.columns import Column  # noqa: PLC0415 - only a teacher's window needs them
        from gui.desk.page import DeskPage  # noqa: PLC0415

        self._top = top = tk.Toplevel(self._main.master)
        kept = self._main.settings
        settings = replace(kept, geometry=kept.desk.get("size", ""))
        self.window = MainWindow(top, settings, self._main.choose)
        self.page = DeskPage(top, self.window.look, self._client)
        self.page.list.column = Column.__members__.get(kept.desk.get("column", ""), Column.HAND)
        self.page.list.backwards = bool(kept.desk.get("backwards"))
        self.window.menu_button = self.page.menu_button
        self.window.show_page(self.page)
        self.actions = DeskActions(self.window, self)
        self.page.list.on_word = self._word
        self.page.list.on_menu = lambda x, y: self.window.menu.open_at(self.people_items(), x, y)
        top.protocol("WM_DELETE_WINDOW", self.close)
        self.window.look.follow(self.page, self._name_window)
        client.watch_class(on=True)
        self._chat.send()
        self.page.list.canvas.focus_force()
        repeat(top, LOOK_MS, self._look)

    def _name_window(self) -> None:
        self.window.set_title(_("The class"))

    def _look(self) -> bool:
        self._looks += 1
        if self._changed or self._looks % _EVERY == 0:
            self._changed = False
            self.page.show()
        return True
