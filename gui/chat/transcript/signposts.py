"""The buttons over a transcript that lead to what is out of sight: new messages above and below, mentions."""

from collections.abc import Callable
from tkinter import ttk
from typing import Any

from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from translations import _, plural


class Signposts:
    """Three buttons over a frame, each there while it leads somewhere.

    Args:
        to_new: shows the first new message, which stands above.
        to_end: shows the last message.
        to_mention: shows the next message that names the user.
    """

    def __init__(
        self,
        master: ttk.Frame,
        look: Look,
        to_new: Callable[[], object],
        to_end: Callable[[], object],
        to_mention: Callable[[], object],
    ) -> None:
        self._look, self._master = look, master

        def button(go: Callable[[], object]) -> ttk.Button:
            return ttk.Button(master, command=go, style="Accent.TButton", takefocus=False)

        self.new, self.end, self.mention = button(to_new), button(to_end), button(to_mention)
        Tooltip(self.end, look, lambda: _("To the end") + "  End")
        Tooltip(self.new, look, lambda: _("To the first new message") + "  Alt+U")
        Tooltip(
            self.mention, look, lambda: _("To the next message that names you or answers you") + "  Alt+M"
        )

    def show(self, *, at_end: bool, new_above: bool, below: int, mentions: int) -> None:
        """Show where there is something: `below` and `mentions` are numbers of new messages."""
        margin = self._look.em(0.8)
        if mentions:
            words = plural("{count} mention", "{count} mentions", mentions)
            self.mention.configure(text="@  " + words, width=0)
            self.mention.place(relx=1.0, x=-2 * margin, y=margin, anchor="ne")
        else:
            self.mention.place_forget()
        if new_above:
            self.new.configure(text="↑  " + _("New messages"))
            self.new.place(**self._place_of_new(margin, beside=bool(mentions)))
        else:
            self.new.place_forget()
        if below:
            words = plural("{count} new message", "{count} new messages", below)
            self.end.configure(text="↓  " + words, style="Accent.TButton")
            self.end.place(relx=0.5, x=0, rely=1.0, y=-margin, anchor="s")
        elif not at_end:
            self.end.configure(text="↓", style="TButton", width=0)
            self.end.place(relx=1.0, x=-2 * margin, rely=1.0, y=-margin, anchor="se")
        else:
            self.end.place_forget()

    def _place_of_new(self, margin: int, *, beside: bool) -> dict[str, Any]:
        """Return where the upper button stands: alone in the middle, else left of the other or below it."""
        if not beside:
            return {"relx": 0.5, "x": 0, "y": margin, "anchor": "n"}
        both = self.new.winfo_reqwidth() + self.mention.winfo_reqwidth() + 5 * margin
        if both <= self._master.winfo_width():
            return {"relx": 0.0, "x": 2 * margin, "y": margin, "anchor": "nw"}
        below = self.mention.winfo_reqheight() + 2 * margin
        return {"relx": 1.0, "x": -2 * margin, "y": below, "anchor": "ne"}
