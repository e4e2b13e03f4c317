"""The first page of the window: to which server, as whom, into which room."""

import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from tkinter import ttk
from typing import Final, Literal

from client.model.sanitize import is_user_name
from client.net.address import (
    DEFAULT_PORT,
    DEFAULT_TLS_PORT,
    AddressError,
    format_address,
    parse_address,
    room_in,
    wants_tls,
)
from client.net.discovery import FoundServer
from gui.chat.found_list import FoundList, ServerFinder, why_none
from gui.toolkit import mainloop
from gui.toolkit.field import Field
from gui.toolkit.theme import Look
from program.version import NAME
from protocol.names import is_channel, is_valid_nick
from translations import _

FieldName = Literal["server", "nick", "room", "password", "user"]
BESIDE: Final = 64.0
"""Width in ems from which the found servers stand beside the fields, and not below them."""
LOOK_MS: Final = 200
"""Milliseconds between two looks at what was found."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is written in the fields."""

    server: str = ""
    nick: str = ""
    room: str = ""
    password: str = ""
    tls: bool = False
    fingerprint: str = ""
    """Of the one certificate to trust; empty: the one that is remembered, or the system decides."""
    user: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """Host and port; raises AddressError if the address is not valid."""
        return parse_address(self.server, DEFAULT_TLS_PORT if self.tls else DEFAULT_PORT)

    @property
    def address(self) -> str:
        """`HOST:PORT`; "" if the address is not valid."""
        with suppress(AddressError):
            return format_address(*self.place)
        return ""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The names of the rooms, with `#`."""
        names = (room_in(self.server) or self.room).replace(",", " ").split()
        return tuple(name if is_channel(name) else f"#{name}" for name in names)


class ConnectPage(ttk.Frame):
    """Fields, their errors, and a button.

    `on_submit(form)`: Enter or the button. `on_cancel()`: Esc or the button, while it is busy or when there
    is a chat to go back to. `footer` is a frame for the window's own switches. With a `finder`, the servers
    of the network are offered while the page is shown; connecting is always left to the user.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        on_submit: Callable[[Form], object],
        on_cancel: Callable[[], object],
        finder: ServerFinder | None = None,
    ) -> None:
        super().__init__(master, style="Side.TFrame")
        self._look = look
        self._on_submit = on_submit
        self._on_cancel = on_cancel
        self._busy = ""
        self._can_cancel = False
        self._suggestion = ""
        self._fingerprint = ""
        self._finder = finder
        self.guess = ""
        """An address that nobody has chosen: it gives way to the only server that is found."""
        self._is_beside: bool | None = None
        self._middle = ttk.Frame(self, style="Side.TFrame")
        self._card = card = ttk.Frame(self._middle, style="Card.TFrame")
        self._title = ttk.Label(card, style="Big.TLabel", text=NAME)
        self._subtitle = ttk.Label(card, style="Muted.TLabel")
        self.fields: dict[FieldName, Field] = {
            "server": Field(
                card,
                look,
                lambda: (_("Server address"), _("The teacher says which; for example 192.168.0.5:6667")),
            ),
            "nick": Field(card, look, lambda: (_("Your name in the chat"), "")),
            "room": Field(card, look, lambda: (_("Room"), ""), width=12),
            "password": Field(card, look, lambda: (_("Password, if any"), ""), secret=True),
            "user": Field(card, look, lambda: (_("User name, if any"), ""), width=12),
        }
        self.tls = tk.BooleanVar(self)
        self._tls = ttk.Checkbutton(card, variable=self.tls)
        self._trust = ttk.Button(card, command=self._trust_certificate)
        self._suggest = ttk.Button(card, command=self._take_suggestion)
        self._progress = ttk.Progressbar(card, mode="indeterminate")
        self._status = ttk.Label(card, style="Small.TLabel", anchor="center")
        self._connect = ttk.Button(card, style="Accent.TButton", command=self.submit)
        self._cancel = ttk.Button(card, command=self.cancel)
        self.found = FoundList(self._middle, look)
        self.found.on_choose = self._choose
        self.found.on_open = self._open
        self.footer = ttk.Frame(self, style="Side.TFrame")
        self._lay_out()
        for field in self.fields.values():
            field.entry.bind("<Return>", lambda _: self.submit())
        buttons = (self._tls, self._connect, self._cancel, self._suggest, self._trust)
        for widget in (self, *buttons, *(field.entry for field in self.fields.values())):
            widget.bind("<Escape>", lambda _: self.cancel(), add="+")
        look.follow(self, self._restyle)
        if finder:
            self.bind("<Configure>", lambda event: self._place_found())
            self.bind("<Map>", lambda _: finder.start())
            self.bind("<Unmap>", lambda _: finder.stop())
            self.bind("<Destroy>", lambda event: finder.stop() if event.widget is self else None)
            self.found.list.canvas.bind("<Escape>", lambda _: self.cancel(), add="+")
            mainloop.repeat(self, LOOK_MS, self._look_for_servers)

    def _lay_out(self) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._middle.grid(row=0, column=0)
        self._card.grid(row=0, column=0)
        self._card.columnconfigure(0, weight=3, uniform="fields")
        self._card.columnconfigure(1, weight=2, uniform="fields")
        self.fields["nick"].grid(row=3, column=0, sticky="new")
        self.fields["password"].grid(row=5, column=0, sticky="new")

    # For the owner.

    def fill(self, form: Form) -> None:
        """Put these values into the fields; the first one that is empty gets the focus."""
        for name, field in self.fields.items():
            field.set(getattr(form, name))
        self.tls.set(form.tls)
        self.focus_first()

    def focus_first(self) -> None:
        """Give the focus to the first empty field, or to the name."""
        order: tuple[FieldName, ...] = ("nick", "server", "room")
        first = next((name for name in order if not self.fields[name].get()), order[0])
        self.fields[first].enter()

    def form(self) -> Form:
        """Return what is written in the fields."""
        get = self.fields
        password = get["password"].entry.get().strip("\r\n")  # a pasted one may bring its line end
        user = get["user"].get()
        if ":" in user and not password:  # ZNC's manual has `user/network:password`, all of it a password
            user, password = user.partition(":")[0], user
        return Form(
            get["server"].get(),
            get["nick"].get(),
            get["room"].get(),
            password,
            self.tls.get() or wants_tls(get["server"].get()),
            user=user,
        )

    def show_busy(self, text: str) -> None:
        """Say what is being done; the fields are disabled meanwhile."""
        self._busy = text
        self._show()

    def show_idle(self, *, can_cancel: bool) -> None:
        """Let the user write; `can_cancel`: there is a chat to go back to."""
        self._busy, self._can_cancel = "", can_cancel
        self._show()

    def show_error(self, name: FieldName, text: str, *, suggestion: str = "", fingerprint: str = "") -> None:
        """Say beside a field what is wrong.

        Args:
            suggestion: another name to offer.
            fingerprint: of the certificate that the error is about; the user may trust it.
        """
        self._busy = ""
        self._suggestion, self._fingerprint = suggestion, fingerprint
        self.fields[name].set_error(text)
        self._show()
        self.fields[name].enter()

    def clear_errors(self) -> None:
        """Take back what was said to be wrong."""
        self._suggestion = self._fingerprint = ""
        for field in self.fields.values():
            field.set_error("")
        self._show()

    def submit(self) -> None:
        """Check the required fields, and hand the form over."""
        if self._busy:
            return
        self.clear_errors()
        form = self.form()
        if not form.server:
            self.show_error("server", _("Write the server's address."))
        elif not form.nick:
            self.show_error("nick", _("Write a nick."))
        elif len(form.nick.split()) > 1:
            other = "_".join(form.nick.split())
            suggestion = other if is_valid_nick(other) else ""
            self.show_error("nick", _("A name has no spaces."), suggestion=suggestion)
        elif form.user and not is_user_name(form.user):
            self.show_error("user", _("A user name has no spaces and no colons."))
        else:
            self._on_submit(form)

    def cancel(self) -> None:
        """Give up connecting, or go back to the chat."""
        if self._busy or self._can_cancel:
            self._on_cancel()

    # The servers of the network.

    def _look_for_servers(self) -> bool:
        """Show those that are there now, and what is written of them; goes on as long as the page lives."""
        finder = self._finder
        if finder and self.winfo_ismapped():
            if not self._busy:
                self._offer_the_only_one(finder.found)
            self.found.show(finder.found, self.form().address, why_none(finder))
        return True

    def _offer_the_only_one(self, found: tuple[FoundServer, ...]) -> None:
        """Write its address into the empty field where there is one; take it back where there are more.

        It is for the user to connect: whoever is first to answer need not be the teacher.
        """
        field = self.fields["server"]
        if field.get() not in ("", self.guess) or self.focus_get() is field.entry:
            return
        if len(found) == 1:
            if field.get() != found[0].address:
                self._choose(found[0])
                self.guess = found[0].address
        elif field.get() and len(found) > 1:
            field.set("")

    def _choose(self, server: FoundServer) -> None:
        if self._busy:
            return
        self.guess = ""
        with_tls = self.tls.get() and server.tls_address
        self.fields["server"].set(with_tls or server.address)
        self.clear_errors()
        rooms = server.offer.rooms
        if rooms and not set(self.form().rooms) & set(rooms):
            self.fields["room"].set(rooms[0])

    def _open(self, server: FoundServer) -> None:
        """Connect to it, or go to the field that is still empty."""
        self._choose(server)
        needed: list[FieldName] = ["nick"]
        needed += ["password"] if server.offer.needs_password else []
        for name in needed:
            if not self.fields[name].get():
                self.fields[name].enter()
                return
        self.submit()

    def _place_found(self) -> None:
        """Put the servers beside the fields, or where there is no room for that, below them."""
        em = self._look.em
        beside = self.winfo_width() <= 1 or self.winfo_width() >= em(BESIDE)
        if beside == self._is_beside:
            return
        self._is_beside = beside
        gap = em(0.8)
        if beside:
            self._card.grid_configure(sticky="ns")
            self.found.grid(row=0, column=1, sticky="ns", padx=(gap, 0), pady=0)
        else:
            self._card.grid_configure(sticky="")
            self.found.grid(row=1, column=0, sticky="ew", padx=0, pady=(gap, 0))

    # Inside.

    def _take_suggestion(self) -> None:
        self.fields["nick"].set(self._suggestion)
        self.submit()

    def _trust_certificate(self) -> None:
        form = replace(self.form(), fingerprint=self._fingerprint)
        self.clear_errors()
        self._on_submit(form)

    def _show(self) -> None:
        busy = bool(self._busy)
        for field in self.fields.values():
            field.enable(enabled=not busy)
        for widget in (self._connect, self._tls):
            widget.state(["disabled" if busy else "!disabled"])
        if busy:
            self._progress.start(20)
        else:
            self._progress.stop()
        self._status.configure(text=self._busy)
        self._suggest.configure(text=_("Use {nick}").format(nick=self._suggestion))
        for part, shown in (
            (self._progress, busy),
            (self._status, busy),
            (self._cancel, busy or self._can_cancel),
            (self._suggest, bool(self._suggestion)),
            (self._trust, bool(self._fingerprint) and not busy),
        ):
            if shown:
                part.grid()
            else:
                part.grid_remove()

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=(em(2.2), em(1.8), em(2.2), em(2)))
        self._card.columnconfigure(0, minsize=em(17 if self._finder else 23))
        if self._finder:
            self._is_beside = None
            self._place_found()
        self.footer.grid(row=1, column=0, pady=em(0.8))
        self.fields["room"].grid(row=3, column=1, sticky="new", padx=(em(0.8), 0))
        self.fields["user"].grid(row=5, column=1, sticky="new", padx=(em(0.8), 0))
        for row, sticky, widget, above, below in (
            (0, "w", self._title, 0, 0),
            (1, "w", self._subtitle, 0.2, 1.3),
            (2, "ew", self.fields["server"], 0, 0),
            (4, "w", self._suggest, 0, 0.8),
            (6, "w", self._tls, 0, 0),
            (7, "w", self._trust, 0.6, 0),
            (8, "ew", self._connect, 1, 0),
            (9, "ew", self._progress, 0.9, 0.3),
            (10, "ew", self._status, 0, 0),
            (11, "ew", self._cancel, 0.6, 0),
        ):
            widget.grid(row=row, column=0, columnspan=2, sticky=sticky, pady=(em(above), em(below)))
        self._subtitle.configure(text=_("Connect to a chat server"))
        self._tls.configure(text="\u2002" + _("Encrypted connection (TLS)"))
        self._trust.configure(text=_("Trust this certificate"))
        self._connect.configure(text=_("Connect"))
        self._cancel.configure(text=_("Cancel"))
        self._show()
