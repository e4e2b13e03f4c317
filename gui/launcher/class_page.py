"""The launcher's page of the class: fields to start it, and while it runs, what students need to know."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import filedialog, ttk
from typing import Final

from gui.board import as_typed
from gui.launcher.class_plan import ClassPlan, PlanField, make_password
from gui.toolkit.field import Field
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from translations import _, plural

ORDER: Final[tuple[tuple[PlanField, PlanField], ...]] = (
    ("group", "name"),
    ("rooms", "port"),
    ("password", "roster"),
)
"""The fields as they stand side by side."""
BUTTONS_A_ROW: Final = 3


class ClassPage(ttk.Frame):
    """A card.

    Args:
        on_start: gets a class that can be started so.
        on_back: the user wants to see the other cards.
        on_next: gets the name of the group with which the next class is to begin.
        buttons: of a class that runs: their words, and what they do; the last one ends it.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        on_start: Callable[[ClassPlan], object],
        on_back: Callable[[], object],
        on_next: Callable[[str], object],
        buttons: Sequence[tuple[Callable[[], str], Callable[[], object]]],
    ) -> None:
        super().__init__(master, style="Card.TFrame")
        self._on_start = on_start
        self._look = look
        self._title = ttk.Label(self, style="Title.TLabel")
        self._text = ttk.Label(self, style="Muted.TLabel", justify="left")
        self._form = ttk.Frame(self)
        words: dict[PlanField, Callable[[], tuple[str, str]]] = {
            "group": lambda: (_("Group"), ""),
            "name": lambda: (_("Your name in the chat"), ""),
            "rooms": lambda: (_("Rooms, with a comma between them"), ""),
            "port": lambda: (_("Port; if it is taken, the next one"), ""),
            "password": lambda: (_("Password, if strangers are to stay out"), ""),
            "roster": lambda: (_("List of the group, a file with a name a line"), ""),
        }
        self.fields = {name: Field(self._form, look, words[name]) for name in words}
        self.make = ttk.Button(self.fields["password"], command=self._make_password)
        self.choose = ttk.Button(self.fields["roster"], command=self._choose_roster)
        self._is_only = tk.BooleanVar(self)
        self.roster_only = ttk.Checkbutton(self._form, variable=self._is_only)
        self.start = ttk.Button(self._form, style="Accent.TButton", command=self.submit)
        self.back = ttk.Button(self._form, command=on_back)
        self._running = ttk.Frame(self)
        self._facts = ttk.Frame(self._running)
        self._captions = [ttk.Label(self._facts, style="Small.TLabel") for _ in range(3)]
        self.values = [ttk.Label(self._facts, style="Big.TLabel") for _ in range(3)]
        """Address, rooms, password."""
        self.people = ttk.Label(self._running, style="Bold.TLabel")
        self._buttons = ttk.Frame(self._running)
        self._words = [words for words, _run in buttons]
        self.buttons = [ttk.Button(self._buttons, command=run) for _words, run in buttons]
        self.buttons[0].configure(style="Accent.TButton")
        self.next_group = Field(self._running, look, lambda: (_("Group of the next class"), ""))
        self.new = ttk.Button(self.next_group, command=lambda: on_next(self.next_group.get()))
        self._plan: ClassPlan | None = None
        """Of the class that runs."""
        self._lay_out()
        for field in self.fields.values():
            field.entry.bind("<Return>", lambda _: self.submit())
        for widget in (*(field.entry for field in self.fields.values()), self.start, self.back, self.make):
            widget.bind("<Escape>", lambda _: self.back.invoke(), add="+")
        wrap(self._text)
        look.follow(self, self._restyle)

    def _lay_out(self) -> None:
        self.columnconfigure(0, weight=1)
        self._form.columnconfigure((0, 1), weight=1, uniform="fields")
        self._running.columnconfigure(0, weight=1)
        self._buttons.columnconfigure((0, 1, 2), weight=1, uniform="buttons")
        self._title.grid(row=0, column=0, sticky="w")
        self._text.grid(row=1, column=0, sticky="ew")
        self._facts.grid(row=0, column=0, sticky="ew")
        self.people.grid(row=1, column=0, sticky="w")
        self._buttons.grid(row=2, column=0, sticky="ew")
        self.next_group.grid(row=3, column=0, sticky="w")

    # For the owner.

    def fill(self, plan: ClassPlan) -> None:
        """Put these values into the fields."""
        for name, field in self.fields.items():
            field.set(getattr(plan, name))
            field.set_error("")
        self._is_only.set(plan.roster_only)

    def plan(self) -> ClassPlan:
        """Return what is written in the fields."""
        texts = {name: field.get() for name, field in self.fields.items()}
        return ClassPlan(**texts, roster_only=self._is_only.get())

    def submit(self) -> None:
        """Start the class, if it can be started so; else say beside the fields what is wrong."""
        plan = self.plan()
        problems = plan.problems()
        for name, field in self.fields.items():
            field.set_error(problems.get(name, ""))
        if problems:
            self.fields[next(name for name in self.fields if name in problems)].enter()
        else:
            self._on_start(plan)

    def show(self, plan: ClassPlan | None, address: str, people: int) -> None:
        """Show the class that runs, or (None) the fields.

        Args:
            address: what students type; "" as long as it is not known.
        """
        is_new = plan is not self._plan
        self._plan = plan
        if plan:
            for value, text in zip(
                self.values, (as_typed(address) or "…", " ".join(plan.room_names), plan.password), strict=True
            ):
                value.configure(text=text)
            said = plural("{count} person is connected.", "{count} people are connected.", people)
            self.people.configure(text=said)
            for button in self.buttons[:-1]:
                button.state(["!disabled" if address else "disabled"])
        if is_new:
            self._restyle()
            (self.buttons[0] if plan else self.start).focus_set()

    # Inside.

    def _make_password(self) -> None:
        self.fields["password"].set(make_password())

    def _choose_roster(self) -> None:
        types = [(_("Lists and tables"), "*.txt *.csv"), (_("All files"), "*")]
        chosen = filedialog.askopenfilename(parent=self, title=_("List of the group"), filetypes=types)
        if chosen:
            self.fields["roster"].set(chosen)
            self.fields["roster"].set_error("")

    def _restyle(self) -> None:
        em, plan = self._look.em, self._plan
        self.configure(padding=(em(1.6), em(1.2), em(1.6), em(1.3)))
        name = plan.group if plan and plan.group else ""
        self._title.configure(text=_("Class {group}").format(group=name) if name else _("Class"))
        self._text.configure(
            text=_("Students press “{button}” and choose this server, or type its address.").format(
                button=_("Open a window")
            )
            if plan
            else _("Starts a server for the classroom, and your window, in which you are the operator.")
        )
        self._text.grid(pady=(em(0.2), em(1)))
        (self._running if plan else self._form).grid(row=2, column=0, sticky="ew")
        (self._form if plan else self._running).grid_remove()
        self._restyle_form()
        self._restyle_running(has_password=bool(plan and plan.password))

    def _restyle_form(self) -> None:
        em = self._look.em
        for row, names in enumerate(ORDER):
            for column, name in enumerate(names):
                gaps = (0, em(0.6)) if column == 0 else (em(0.6), 0)
                self.fields[name].grid(row=row, column=column, sticky="new", padx=gaps)
        for button, words in ((self.make, _("Make one")), (self.choose, _("Choose …"))):
            button.configure(text=words)
            button.grid(row=1, column=1, sticky="ns", padx=(em(0.4), 0))
        for field in self.fields.values():
            field.label.grid(columnspan=2)
        self.roster_only.configure(text="\u2002" + _("let in only those on the list"))
        self.roster_only.grid(row=len(ORDER), column=1, sticky="w", padx=(em(0.6), 0))
        self.start.configure(text=_("Start the class"))
        self.back.configure(text=_("Back"))
        self.start.grid(row=len(ORDER) + 1, column=0, sticky="w", pady=(em(0.6), 0))
        self.back.grid(row=len(ORDER) + 1, column=1, sticky="e", pady=(em(0.6), 0))

    def _restyle_running(self, *, has_password: bool) -> None:
        em = self._look.em
        captions = (_("Address"), _("Room"), _("Password"))
        for column, (caption, value, text) in enumerate(
            zip(self._captions, self.values, captions, strict=True)
        ):
            caption.configure(text=text)
            caption.grid(row=0, column=column, sticky="w", padx=(0, em(2)))
            value.grid(row=1, column=column, sticky="w", padx=(0, em(2)))
        if not has_password:
            self._captions[2].grid_remove()
            self.values[2].grid_remove()
        self.people.grid(pady=(em(0.8), em(1)))
        for number, (button, words) in enumerate(zip(self.buttons, self._words, strict=True)):
            button.configure(text=words())
            row, column = divmod(number, BUTTONS_A_ROW)
            last = column == BUTTONS_A_ROW - 1
            button.grid(
                row=row,
                column=column,
                sticky="ew",
                padx=(0, 0 if last else em(0.6)),
                pady=(em(0.6) if row else 0, 0),
            )
        self.new.configure(text=_("New class …"))
        self.new.grid(row=1, column=1, sticky="ns", padx=(em(0.4), 0))
        self.next_group.grid(pady=(em(1.1), 0))
        self.next_group.configure(padding=0)
