"""The bytes of one call: what they mean, in hexadecimal and as text, and what stayed in the buffer."""

import tkinter as tk
from itertools import groupby
from tkinter import ttk
from typing import Final

from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.theme import Look
from lab.wire import hexdump
from lab.wire.call_lines import Line
from lab.wire.explain import explain
from lab.wire.model import Record, WireRow
from sockets.tap import Call
from translations import _, plural

MAX_SENTENCES: Final = 25


class CallDetails(ttk.Frame):
    """A text to select and copy, not to edit. `nick` is the client's own, where it is known."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.nick = ""
        self._look = look
        self._row: WireRow | None = None
        self.text = tk.Text(
            self, state="disabled", wrap="word", cursor="arrow", undo=False, width=1, height=1
        )
        self.text.grid(row=0, column=0, sticky="nsew")
        add_scrollbar(self.text)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        EditMenu(self.text, look)
        look.follow(self, self._restyle)

    def show(self, row: WireRow | None) -> None:
        """Show a call, or one line of it; None: nothing is selected."""
        if row != self._row:
            self._row = row
            self._write()

    def plain(self) -> str:
        """Return all that is shown."""
        return self.text.get("1.0", "end-1c")

    def _write(self) -> None:
        with writable(self.text):
            self.text.delete("1.0", "end")
            if self._row is None:
                words = _("Choose a call: its bytes and their meaning are shown here.")
                self.text.insert("end", words, ("quiet",))
            else:
                flat: list[str | tuple[str, ...]] = []
                for tags, together in groupby(self._pieces(self._row), lambda piece: piece[1]):
                    flat += ("".join(words for words, _tags in together), tags)
                self.text.insert("end", *flat)  # type: ignore[arg-type]

    def _pieces(self, row: WireRow) -> list[hexdump.Piece]:
        call, lines = row.record.call, row.lines
        made: list[hexdump.Piece] = []
        if row.line is None:
            made.append((what_happened(call) + "\n", ("sentence",)))
        made += [(self._meaning(line, row.record) + "\n", ("meaning",)) for line in lines[:MAX_SENTENCES]]
        if len(lines) > MAX_SENTENCES:
            more = plural("and {count} more line", "and {count} more lines", len(lines) - MAX_SENTENCES)
            made.append((f"… {more}\n", ("quiet",)))
        if row.line is None:
            received = call.name == "recv"
            made += self._block(_("Was in the buffer before"), call.held_before) if received else []
            made += self._block(_("Moved by this call"), call.data)
            left = _("Stayed in the buffer") if received else _("Not taken by the socket")
            made += self._block(left, call.held_after)
        else:
            made += self._block(_("This line"), lines[0].raw)
        if any(tag in ("end", "letter0", "letter1") for _text, tags in made for tag in tags):
            made += [
                ("\n", ()),
                (" 0d 0a ←↓ ", ("end",)),
                ("  " + _(r"CR LF (\r\n): the end of a line, where one message stops") + "\n", ("quiet",)),
                (" d0 9f ", ("letter1",)),
                ("  " + _("one letter of several bytes (UTF-8)"), ("quiet",)),
            ]
        return made

    def _meaning(self, line: Line, record: Record) -> str:
        if line.message is None:
            return _("These bytes are not a line of the protocol.")
        return explain(line.message, own_nick=self.nick, from_server=record.incoming)

    def _block(self, title: str, data: bytes) -> list[hexdump.Piece]:
        """Return the dump of some bytes below a title; of none, nothing."""
        if not data:
            return []
        size = plural("{count} byte", "{count} bytes", len(data))
        made = [(f"{title}: {size}\n", ("title",)), *hexdump.pieces(data, self._bytes_in_a_row())]
        if len(data) > hexdump.MAX_BYTES:
            count = len(data) - hexdump.MAX_BYTES
            more = plural("and {count} more byte", "and {count} more bytes", count)
            made.append((f"… {more}\n", ("quiet",)))
        return made

    def _bytes_in_a_row(self) -> int:
        """Return how many fit: 16, else 8."""
        room = self.text.winfo_width() - 2 * self._look.em(0.8)
        return 16 if room >= self._look.fonts["mono"].measure("0" * (5 + 16 * 4 + 1)) else 8

    def _restyle(self) -> None:
        look, text = self._look, self.text
        p, em = look.palette, look.em
        look.text(text, p.window)
        text.configure(padx=em(0.8), pady=em(0.5), font=look.fonts["mono"])
        text.tag_configure("sentence", font=look.fonts["body"], spacing3=em(0.3))
        text.tag_configure("meaning", font=look.fonts["bold"], spacing3=em(0.3))
        text.tag_configure("title", font=look.fonts["heading"], foreground=p.muted, spacing1=em(0.6))
        text.tag_configure("quiet", font=look.fonts["small"], foreground=p.muted)
        text.tag_configure("offset", foreground=p.muted)
        text.tag_configure("end", background=p.found)
        text.tag_configure("letter0", background=p.selected)
        text.tag_configure("letter1", background=p.highlight)
        text.tag_configure("bad", foreground=p.danger)
        text.tag_raise("sel")
        self._write()


def what_happened(call: Call) -> str:
    """Return what a call did, as a sentence."""
    other = call.connection
    size = plural("{count} byte", "{count} bytes", len(call.data))
    match call.name:
        case "listen":
            return _("The program waits for connections on {address}.").format(address=other)
        case "accept":
            return _("The program accepted a connection from {address}.").format(address=other)
        case "connect":
            return _("The program connected to {address}.").format(address=other)
        case "close":
            return _("The program closed its connection with {address}.").format(address=other)
        case "recv" if not call.data:
            return _("recv returned no bytes: the other side has closed the connection.")
        case "recv":
            return _("recv took {size} from the connection with {address}.").format(size=size, address=other)
    return _("send handed {size} to the system for {address}.").format(size=size, address=other)
