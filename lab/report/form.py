"""Save report …: the fields of the title page, remembered from one report to the next."""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import asdict
from tkinter import ttk

from gui.toolkit.field import Field
from gui.toolkit.theme import Look
from lab.report.document import TitlePage
from lab.saving import ask_path
from translations import _


class ReportForm(ttk.Frame):
    """The fields of the title page and two buttons.

    When the user has chosen a file: `on_save(path, title_page)` for the report, `on_capture(path)` for the
    calls. `on_change(fields)`: what the user has changed in the fields, by their names.
    """

    def __init__(self, master: tk.Misc, look: Look, known: Mapping[str, str]) -> None:
        super().__init__(master)
        self.on_save: Callable[[str, TitlePage], object] = lambda path, title_page: None
        self.on_capture: Callable[[str], object] = lambda path: None
        self.on_change: Callable[[Mapping[str, str]], object] = lambda fields: None
        self._look = look
        self._seen = dict(known)
        self.fields = {
            "university": Field(self, look, lambda: (_("University"), "")),
            "course": Field(self, look, lambda: (_("Course"), "")),
            "group": Field(self, look, lambda: (_("Group"), "")),
            "name": Field(self, look, lambda: (_("Name"), "")),
            "teacher": Field(self, look, lambda: (_("Teacher"), "")),
        }
        self.save_button = ttk.Button(self, style="Accent.TButton", command=self.ask_and_save)
        self.capture_button = ttk.Button(self, command=self.ask_and_capture)
        self._note = ttk.Label(self, style="Muted.TLabel", justify="left")
        for row, (name, field) in enumerate(self.fields.items()):
            field.set(known.get(name, ""))
            field.grid(row=row, column=0, sticky="ew")
            field.entry.bind("<Return>", lambda _: self.ask_and_save())
            for event in ("<KeyRelease>", "<FocusOut>"):
                field.entry.bind(event, lambda _: self._look_for_changes(), add="+")
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._note.configure(wraplength=max(1, event.width - 40)))
        look.follow(self, self._restyle)

    def title_page(self) -> TitlePage:
        """Return the fields as a title page."""
        return TitlePage(**{name: field.get() for name, field in self.fields.items()})

    def _look_for_changes(self) -> None:
        now = asdict(self.title_page())
        changed = {name: text for name, text in now.items() if text != self._seen.get(name, "")}
        if changed:
            self._seen |= changed
            self.on_change(changed)

    def show_note(self, sentence: str) -> None:
        """Show a sentence below the buttons."""
        self._note.configure(text=sentence)

    def ask_and_save(self) -> None:
        """Ask where to save the report."""
        path = ask_path(self, _("Save the report"), "report.html")
        if path:
            self.on_save(path, self.title_page())

    def ask_and_capture(self) -> None:
        """Ask where to save the calls for Wireshark."""
        path = ask_path(self, _("Save the calls for Wireshark"), "chat.pcapng")
        if path:
            self.on_capture(path)

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=em(1.4))
        below = ((self.save_button, 0), (self.capture_button, 0.5), (self._note, 0.8))
        for row, (widget, space) in enumerate(below, len(self.fields)):
            widget.grid(row=row, column=0, sticky="w", pady=(em(space), 0))
        self.save_button.configure(text=_("Save the report …"))
        self.capture_button.configure(text=_("Save the calls for Wireshark …"))
        self.show_note(
            _("The report takes this window's conversation, its socket calls and the experiments done here.")
        )
