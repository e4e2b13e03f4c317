"""Save report …: the title page's fields, remembered from one report to the next, and what is put in."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tkinter import filedialog, ttk
from typing import Final

from gui.toolkit.field import Field
from gui.toolkit.theme import Look
from lab.report.data import TITLE_FIELDS, TitlePage
from lab.report.theory import usual_ministry
from lab.saving import ask_path
from translations import Texts, _, translate

_LABELS: Final[Texts] = {
    "ministry": "Ministry",
    "university": "University",
    "department": "Faculty, department",
    "course": "Course",
    "work": "Number of the work",
    "topic": "Topic, if it is another one",
    "variant": "Variant",
    "group": "Group",
    "name": "Surname and initials",
    "teacher": "Teacher",
    "city": "City",
}
_COLUMNS: Final = 3


class ReportForm(ttk.Frame):
    """The fields of the title page, the files that are put in, and buttons.

    When the user has chosen a file: `on_save(path, title_page)` for the report, `on_capture(path)` for the
    calls. `on_forget()`: a new report is to be begun. `on_change(fields)`: what the user has changed in the
    fields, by their names.
    """

    def __init__(self, master: tk.Misc, look: Look, known: Mapping[str, str]) -> None:
        super().__init__(master)
        self.on_save: Callable[[str, TitlePage], object] = lambda path, title_page: None
        self.on_capture: Callable[[str], object] = lambda path: None
        self.on_forget: Callable[[], object] = lambda: None
        self.on_change: Callable[[Mapping[str, str]], object] = lambda fields: None
        self.judgement: Path | None = None
        """The file of the judge that was chosen."""
        self.listings: Sequence[Path] = ()
        """The files of the student's own program."""
        self._look = look
        self._seen = {"ministry": usual_ministry(), **known}
        self.fields = {name: self._add_field(name) for name in TITLE_FIELDS}
        self.judgement_button = ttk.Button(self, command=self._choose_judgement)
        self.forget_button = ttk.Button(self, command=self._forget)
        self.listing_button = ttk.Button(self, command=self._choose_listings)
        self.save_button = ttk.Button(self, style="Accent.TButton", command=self.ask_and_save)
        self.capture_button = ttk.Button(self, command=self.ask_and_capture)
        self._held = ttk.Label(self, justify="left")
        self._chosen = ttk.Label(self, justify="left")
        self._note = ttk.Label(self, style="Muted.TLabel", justify="left")
        for column in range(_COLUMNS):
            self.columnconfigure(column, weight=1, uniform="fields")
        self.bind("<Configure>", self._wrap)
        look.follow(self, self._restyle)

    def _add_field(self, name: str) -> Field:
        field = Field(self, self._look, lambda: (translate(_LABELS[name]), ""))
        field.set(self._seen.get(name, ""))
        field.entry.bind("<Return>", lambda _: self.ask_and_save())
        for event in ("<KeyRelease>", "<FocusOut>"):
            field.entry.bind(event, lambda _: self._look_for_changes(), add="+")
        return field

    def _forget(self) -> None:
        self.on_forget()

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

    def show_held(self, sentence: str) -> bool:
        """Show what the report will hold; return True."""
        if sentence != self._held.cget("text"):
            self._held.configure(text=sentence)
        return True

    def ask_and_save(self) -> None:
        """Ask where to save the report."""
        path = ask_path(
            self,
            _("Save the report"),
            "report.docx",
            ((_("For Word and LibreOffice"), ".docx"), (_("For the browser"), ".html")),
        )
        if path:
            self.on_save(path, self.title_page())

    def ask_and_capture(self) -> None:
        """Ask where to save the calls for Wireshark."""
        path = ask_path(self, _("Save the calls for Wireshark"), "chat.pcapng")
        if path:
            self.on_capture(path)

    def _choose_judgement(self) -> None:
        kinds = [(_("What the judge has said"), ".json"), (_("All files"), "*")]
        title = _("The judge's file")
        for one in _ask(lambda: [filedialog.askopenfilename(parent=self, title=title, filetypes=kinds)]):
            self.judgement = Path(one)
            self._show_chosen()

    def _choose_listings(self) -> None:
        title = _("My program's files")
        if chosen := _ask(lambda: filedialog.askopenfilenames(parent=self, title=title)):
            self.listings = [Path(one) for one in chosen]
            self._show_chosen()

    def _show_chosen(self) -> None:
        nothing = _("not chosen")
        judgement = self.judgement.name if self.judgement else nothing
        listings = ", ".join(one.name for one in self.listings) or nothing
        text = _("The judge's file: {judgement}. My program: {listings}.")
        self._chosen.configure(text=text.format(judgement=judgement, listings=listings))

    def _wrap(self, event: "tk.Event[tk.Misc]") -> None:
        for label in (self._note, self._chosen, self._held):
            label.configure(wraplength=max(1, event.width - 40))

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=em(1.4))
        for number, field in enumerate(self.fields.values()):
            row, column = divmod(number, _COLUMNS)
            field.grid(row=row, column=column, sticky="ew", padx=(em(1) * bool(column), 0))
        rows = iter(range(-(-len(self.fields) // _COLUMNS), 100))
        for widgets in (
            (self.judgement_button, self.listing_button, self.forget_button),
            (self._chosen,),
            (self._held,),
            (self.save_button, self.capture_button),
            (self._note,),
        ):
            row, is_label = next(rows), isinstance(widgets[0], ttk.Label)
            for column, widget in enumerate(widgets):
                span = _COLUMNS - column if widget is widgets[-1] else 1
                gap = em(0.5 if is_label else 1)
                widget.grid(row=row, column=column, columnspan=span, sticky="w", pady=(gap, 0))
                widget.grid_configure(padx=(em(1) * bool(column), 0))
        self.judgement_button.configure(text=_("The judge's file …"))
        self.forget_button.configure(text=_("Begin a new report …"))
        self.listing_button.configure(text=_("My program's files …"))
        self.save_button.configure(text=_("Save the report …"))
        self.capture_button.configure(text=_("Save the calls for Wireshark …"))
        self._show_chosen()
        self.show_note(
            _("The report takes this window's conversation, its socket calls and the experiments done here.")
        )


def _ask(dialog: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return the files that were chosen; none if the window was closed meanwhile."""
    try:
        return [one for one in dialog() if one]
    except tk.TclError:
        return []
