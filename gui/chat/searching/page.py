"""A page over the chat with what is looked for, and the list of what was found."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from client.search.sought import Found, Sought
from gui.chat.searching.results import ResultsList
from gui.over_page import OverPage
from gui.toolkit.field import Field
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore
from translations import _


class SearchPage(OverPage):
    """Fields for a text and a name, a box for the conversation, and the list.

    `on_search(sought)`: Enter, or the button. `on_more()`: further back. `on_open(found)`: a message was
    chosen. `on_close()`: Esc or a button; where the surroundings of a message are shown, back to the list.

    Args:
        place: the conversation that is shown; "" for none to which one could keep.
    """

    def __init__(self, master: tk.Misc, look: Look, place: str, on_close: Callable[[], object]) -> None:
        super().__init__(master, on_close, "TFrame")
        self.on_search: Callable[[Sought], object] = ignore
        self.on_more: Callable[[], object] = ignore
        self._look = look
        self._place = place
        self._status: Callable[[], str] = str
        self._around = False
        self._title = ttk.Label(self, style="Title.TLabel")
        fields = self._fields = ttk.Frame(self)
        self.text = Field(fields, look, lambda: (_("What to find"), ""), width=10)
        self.nick = Field(fields, look, lambda: (_("By whom"), ""), width=10)
        self.search_button = ttk.Button(fields, style="Accent.TButton", command=self._search)
        # No variable of Tk: the collector may end one in another thread, where Tk must not be called.
        self.here = ttk.Checkbutton(self, command=self._search)
        self._said = ttk.Label(self, style="Muted.TLabel", justify="left")
        wrap(self._said)
        self.list = ResultsList(self, look)
        buttons = self._buttons = ttk.Frame(self)
        self.more_button = ttk.Button(buttons, command=lambda: self.on_more())  # noqa: PLW0108 - set later
        self.close_button = ttk.Button(buttons, command=on_close)
        self.first = self.text.entry
        for field in (self.text, self.nick):
            for key in ("<Return>", "<KP_Enter>"):
                field.entry.bind(key, lambda _: self._search())
            field.entry.bind("<Down>", lambda _: self.list.canvas.focus_set())
        self.columnconfigure(0, weight=1)
        self.rowconfigure(4, weight=1)
        fields.columnconfigure(0, weight=3)
        fields.columnconfigure(1, weight=1)
        buttons.columnconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def fill(self, sought: Sought) -> None:
        """Write into the fields what is looked for."""
        self.text.set(sought.text)
        self.nick.set(sought.nick)
        self.here.state(["!alternate", "selected" if sought.place else "!selected"])

    def show(
        self,
        found: Sequence[Found],
        wanted: str,
        status: Callable[[], str],
        *,
        can_go_on: bool = False,
        around: Found | None = None,
    ) -> None:
        """Show what was found.

        Args:
            status: says what was searched, in the language in use.
            around: what is shown stands around this message.
        """
        self._status, self._around = status, around is not None
        self.list.show(found, wanted, around)
        self.more_button.state(["!disabled" if can_go_on else "disabled"])
        if around:
            self.more_button.grid_remove()
        else:
            self.more_button.grid()
        self._say()

    def _search(self) -> None:
        place = self._place if self.here.instate(["selected"]) else ""
        sought = Sought(self.text.get(), self.nick.get(), place)
        if sought.text or sought.nick:
            self.on_search(sought)

    def _say(self) -> None:
        self._said.configure(text=self._status())
        self.close_button.configure(text=_("Back to what was found") if self._around else _("Close"))

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=em(1.2))
        self._title.configure(text=_("Search in what was said"))
        self._title.grid(row=0, column=0, sticky="w")
        self._fields.grid(row=1, column=0, sticky="ew", pady=(em(0.8), 0))
        self.text.grid(row=0, column=0, sticky="ew")
        self.nick.grid(row=0, column=1, sticky="ew", padx=em(0.8))
        self.search_button.configure(text=_("Search"))
        self.search_button.grid(row=0, column=2, sticky="s", pady=(0, em(0.95)))
        self.here.configure(text="\u2002" + _("Only here: {name}").format(name=self._place))
        if self._place:
            self.here.grid(row=2, column=0, sticky="w")
        self._said.grid(row=3, column=0, sticky="ew", pady=em(0.6))
        self.list.grid(row=4, column=0, sticky="nsew")
        self._buttons.grid(row=5, column=0, sticky="ew", pady=(em(0.8), 0))
        self.more_button.configure(text=_("Search further back"))
        self.more_button.grid(row=0, column=0)
        self.close_button.grid(row=0, column=2)
        self._say()
