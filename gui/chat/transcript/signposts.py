"""The buttons over a transcript that lead to what is out of sight: new messages above and below, mentions."""

from collections.abc import Callable
from tkinter import ttk

from gui.toolkit.theme import Look
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

    def show(self, *, new_above: bool, below: int, mentions: int) -> None:
        """Show where there is something: `below` and `mentions` are numbers of messages."""
        margin = self._look.em(0.8)
        height = 0
        if new_above:
            self.new.configure(text="↑  " + _("New messages"))
            self.new.place(relx=0.5, y=margin, anchor="n")
            taken = self.new.winfo_reqwidth() + 2 * (self.mention.winfo_reqwidth() + 3 * margin)
            height = self.new.winfo_reqheight() + margin if taken > self._master.winfo_width() else 0
        else:
            self.new.place_forget()
        if below:
            self.end.configure(text="↓  " + plural("{count} new message", "{count} new messages", below))
            self.end.place(relx=0.5, rely=1.0, y=-margin, anchor="s")
        else:
            self.end.place_forget()
        if mentions:
            self.mention.configure(text=f"@  {mentions}", width=0)
            self.mention.place(relx=1.0, x=-2 * margin, y=margin + height, anchor="ne")
        else:
            self.mention.place_forget()
