"""The servers that answer in the local network, to choose one of them with the mouse or the keyboard."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Protocol

from client.net.address import format_address
from client.net.discovery import FIRST_ROUNDS, FoundServer
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import VirtualList, ignore
from translations import _


class ServerFinder(Protocol):
    """What looks for servers, as `client.net.discovery.Finder` does."""

    @property
    def found(self) -> tuple[FoundServer, ...]:
        """Those that answer now."""

    @property
    def asked(self) -> int:
        """How many networks could be asked."""

    @property
    def rounds(self) -> int:
        """How often has been asked."""

    def start(self) -> None:
        """Begin to look."""

    def stop(self) -> None:
        """Look no more."""


class FoundList(ttk.Frame):
    """A heading and a list. `on_choose(server)`: walked to or clicked; `on_open(server)`: to be entered."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Card.TFrame")
        self.on_choose: Callable[[FoundServer], object] = ignore
        self.on_open: Callable[[FoundServer], object] = ignore
        self._look = look
        self._heading = ttk.Label(self, style="Bold.TLabel")
        self.list = _Servers(self, look)
        self.list.on_choose = lambda key: self._with(key, self.on_choose)
        self.list.on_open = lambda key: self._with(key, self.on_open)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def show(self, servers: Sequence[FoundServer], chosen: str, why_none: str) -> None:
        """Show these servers.

        Args:
            chosen: the address of the one that is written in the field.
            why_none: what stands there where there are none.
        """
        self.list.empty = lambda: why_none
        keys = {server.address for server in servers if chosen in addresses_of(server)}
        self.list.set_rows(servers, keys)

    def _with(self, key: str, act: Callable[[FoundServer], object]) -> None:
        index = self.list.index_of(key)
        if index is not None:
            act(self.list.rows[index])

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(0.9), em(1.1), em(0.9), em(0.9)))
        self._heading.configure(text=_("Servers in this network"))
        self._heading.grid(row=0, column=0, sticky="w", padx=em(0.5), pady=(0, em(0.5)))
        self.list.grid(row=1, column=0, sticky="nsew")
        self.list.canvas.configure(width=em(22), height=em(9))


class _Servers(VirtualList[FoundServer, str]):
    HOVERS = True

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.on_open: Callable[[str], object] = ignore
        self.canvas.bind("<Double-Button-1>", lambda event: self._open(self.key_at(event.y)))
        for key in ("<Return>", "<KP_Enter>"):
            self.canvas.bind(key, lambda _: self._open(self._cursor))
        self.canvas.bind("<space>", lambda _: self._cursor is not None and self.on_choose(self._cursor))

    def measure_row(self) -> int:
        return self._look.line_height("bold") + 2 * self._look.line_height("small") + self._look.em(1)

    @property
    def background(self) -> str:
        return self._look.palette.window

    def key_of(self, row: FoundServer) -> str:
        return row.address

    def draw_row(self, row: FoundServer, y: int, width: int) -> None:
        look, p = self._look, self._look.palette
        self.draw_ground(row.address, 0, y + look.px(1), width, self.row_height - look.px(2))
        left, room = look.em(0.6), width - look.em(1.2)
        middle = y + look.em(0.5) + look.line_height("bold") // 2
        self.draw_text(
            left, middle, look.shorten(" · ".join(addresses_shown(row)), "bold", room), p.text, "bold"
        )
        middle += (look.line_height("bold") + look.line_height("small")) // 2
        self.draw_text(left, middle, look.shorten(title_of(row), "small", room), p.text, "small")
        middle += look.line_height("small")
        self.draw_text(left, middle, look.shorten(facts_of(row), "small", room), p.muted, "small")

    def _open(self, key: str | None) -> None:
        if key is not None:
            self.on_open(key)


def addresses_of(server: FoundServer) -> set[str]:
    """Return all addresses under which it may be written in a field."""
    return {server.address, server.tls_address} - {""}


def addresses_shown(server: FoundServer) -> list[str]:
    """Return its addresses, the best one first; they are what the user compares with the board."""
    return [format_address(host, server.offer.port) for host in server.hosts]


def title_of(server: FoundServer) -> str:
    """Return which group's it is, how it is called, and what it says of itself."""
    offer = server.offer
    group = _("Class {group}").format(group=offer.group) if offer.group else ""
    return " — ".join(part for part in (group, offer.name, offer.description) if part)


def facts_of(server: FoundServer) -> str:
    """Return its rooms, and what is needed to enter it."""
    offer = server.offer
    facts = [", ".join(offer.rooms)] if offer.rooms else []
    facts += [_("password needed")] if offer.needs_password else []
    facts += ["TLS"] if offer.tls_port else []
    return " · ".join(facts)


def why_none(finder: ServerFinder) -> str:
    """Say what is done, or why no server may have been found."""
    if finder.rounds < len(FIRST_ROUNDS):
        return _("Looking for servers …")
    if not finder.asked:
        return _(
            "Without a network only a server on this computer can be reached: 127.0.0.1. For another one "
            "plug in the cable, or join the Wi-Fi."
        )
    return _(
        "No server answers here. Type the address that stands on the board.\n\nPerhaps the server was "
        "started without --lan, or with --no-discovery; perhaps it is in another network; or a firewall is "
        "in the way, or a Wi-Fi for guests that keeps computers apart."
    )
