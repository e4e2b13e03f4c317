"""A frame that is scrolled where it is higher than its place, and shows what has the keyboard."""

import tkinter as tk
from functools import partial
from tkinter import ttk

from gui.over_page import below
from gui.toolkit.theme import Look


class Scrolled(ttk.Frame):
    """`inside` is the frame to fill; then `watch` lets wheel and Tab key scroll it."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self._look = look
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, takefocus=False)
        self._bar = ttk.Scrollbar(self, style="Side.Vertical.TScrollbar", command=self.canvas.yview)
        self.inside = ttk.Frame(self.canvas, style="Side.TFrame")
        self._window = self.canvas.create_window(0, 0, window=self.inside, anchor="nw")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.canvas.configure(yscrollcommand=self._bar.set)
        self.canvas.bind("<Configure>", lambda _: self._fit())
        self.inside.bind("<Configure>", lambda _: self._fit())
        look.follow(self, lambda: self.canvas.configure(background=look.palette.side))

    def _fit(self) -> None:
        width, height = self.canvas.winfo_width(), self.inside.winfo_reqheight()
        self.canvas.itemconfigure(self._window, width=width)
        self.canvas.configure(scrollregion=(0, 0, width, max(height, self.canvas.winfo_height())))

    def watch(self) -> None:
        """Scroll by the wheel over whatever is inside but lists, and to whatever gets the keyboard."""
        # Never shown: what is bound to their names goes with them.
        wheel, focus = tk.Frame(self), tk.Frame(self)
        for event, step in (("<Button-4>", -1), ("<Button-5>", 1)):
            wheel.bind(event, partial(self._scroll, step))
        wheel.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1, event))
        focus.bind("<FocusIn>", lambda event: self.see(event.widget))
        for widget in (self.canvas, *below(self.canvas)):
            is_list = isinstance(widget, tk.Canvas) and widget is not self.canvas
            widget.bindtags((*widget.bindtags(), str(focus), *(() if is_list else (str(wheel),))))

    def _scroll(self, step: int, _event: "tk.Event[tk.Misc]") -> None:
        if self.inside.winfo_height() > self.canvas.winfo_height():
            self.canvas.yview_scroll(step * 3, "units")

    def see(self, widget: tk.Misc) -> None:
        """Scroll until all of a widget is seen."""
        gap, height = self._look.em(1), self.inside.winfo_reqheight()
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + widget.winfo_height()
        seen = self.canvas.canvasy(0)
        if top < seen:
            self.canvas.yview_moveto(max(0, top - gap) / height)
        elif bottom > seen + self.canvas.winfo_height():
            self.canvas.yview_moveto((bottom + gap - self.canvas.winfo_height()) / height)
