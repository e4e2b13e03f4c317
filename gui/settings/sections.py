"""The cards of the settings page: what each of them shows, and what it changes."""

import secrets
import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from tkinter import ttk
from typing import Final

from client.attention import Cause
from client.settings import Settings
from gui.clock import HOURS_12, HOURS_24, ClockStyle, clock_style
from gui.main_window import MainWindow
from gui.settings.fonts import FontList
from gui.settings.parts import Card, Choices, Kept, Names, Tick
from gui.settings.quiet import Quiet, quiet_words
from gui.toolkit.theme import DEFAULT_SIZE
from translations import LANGUAGES, _, language

_SMALLER: Final = "smaller"
_NORMAL: Final = "normal"
_LARGER: Final = "larger"
_CLOSE: Final = 0.35
"""Between ticks, in ems."""


def _without(names: Iterable[str], name: str) -> list[str]:
    return [one for one in names if one.casefold() != name.casefold()]


def looks(master: tk.Misc, window: MainWindow) -> Card:
    """Theme, language, letters, times."""
    look = window.look
    card = Card(master, look, lambda: _("Looks"))

    def themes() -> dict[str, str]:
        return {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}

    def sizes() -> dict[str, str]:
        return {_SMALLER: f"−  {_('Smaller')}", _NORMAL: _("Normal"), _LARGER: f"+  {_('Larger')}"}

    def resize(choice: str) -> None:
        window.set_size({_SMALLER: look.size - 1, _NORMAL: DEFAULT_SIZE, _LARGER: look.size + 1}[choice])

    def hours() -> dict[str, str]:
        return {one: ClockStyle(one).write(21, 5, 0) for one in (HOURS_24, HOURS_12)}

    card.add(Choices(card, look, lambda: _("Theme"), themes, lambda: window.settings.theme, window.set_theme))
    card.add(Choices(card, look, lambda: _("Language"), lambda: LANGUAGES, language, window.set_language))
    card.add(
        Choices(
            card,
            look,
            lambda: _("Text size: {points} points").format(points=look.size),
            sizes,
            lambda: _NORMAL if look.size == DEFAULT_SIZE else "",
            resize,
        )
    )
    card.add(FontList(card, look, lambda: window.settings.font, window.set_family))
    card.add(
        Choices(
            card,
            look,
            lambda: _("Times"),
            hours,
            lambda: clock_style().hours,
            lambda chosen: window.set_clock(clock_style()._replace(hours=chosen)),
        )
    )
    card.add(
        Tick(
            card,
            look,
            lambda: _("With seconds"),
            lambda: clock_style().seconds,
            lambda on: window.set_clock(clock_style()._replace(seconds=on)),
        ),
        _CLOSE,
    )
    return card


def attention(master: tk.Misc, window: MainWindow) -> Card:
    """What calls the user, and what does not."""
    look, quiet = window.look, Quiet(window)
    card = Card(master, look, lambda: _("What calls me while I work in another window"))
    causes: dict[Cause, Callable[[], str]] = {
        Cause.MENTION: lambda: _("I am named or answered"),
        Cause.PRIVATE: lambda: _("Somebody writes to me alone"),
        Cause.ANNOUNCEMENT: lambda: _("Something is announced to everybody"),
        Cause.ROOM: lambda: _("Anything is written in a room"),
    }

    def let(cause: Cause, *, call: bool) -> None:
        def change(kept: Settings) -> Settings:
            wanted = {*kept.attention, cause} if call else {*kept.attention} - {cause}
            return replace(kept, attention=tuple(one for one in Cause if one in wanted))

        window.choose(change)

    for cause, words in causes.items():
        card.add(
            Tick(
                card,
                look,
                words,
                lambda cause=cause: cause in window.settings.attention,  # type: ignore[misc]
                lambda on, cause=cause: let(cause, call=on),  # type: ignore[misc]
            ),
            _CLOSE,
        )
    card.add(
        Tick(
            card,
            look,
            lambda: _("With a sound"),
            lambda: window.settings.sound,
            lambda on: window.choose(lambda kept: replace(kept, sound=on)),
        )
    )
    card.add(
        Choices(card, look, lambda: _("Do not disturb"), quiet_words, lambda: quiet.choice, quiet.choose)
    )
    card.add(
        Names(
            card,
            look,
            lambda: _("Muted: nothing that is said there calls me"),
            lambda: _("No room and no talk is muted. To mute one: /mute, or its menu"),
            lambda: _("let it call me"),
            lambda: window.settings.muted,
            lambda name: window.choose(lambda kept: replace(kept, muted=_without(kept.muted, name))),
        )
    )
    return card


def chat(master: tk.Misc, window: MainWindow) -> Card:
    """What is shown in a conversation, and what others see."""
    look = window.look
    card = Card(master, look, lambda: _("In the chat"))
    card.add(
        Tick(
            card,
            look,
            lambda: _("Several who come and go are one line"),
            lambda: window.settings.folds,
            lambda on: window.choose(lambda kept: replace(kept, folds=on)),
        )
    )
    card.add(
        Tick(
            card,
            look,
            lambda: _("Others see that I am writing, and I see it of them"),
            lambda: window.settings.typing,
            lambda on: window.choose(lambda kept: replace(kept, typing=on)),
        ),
        _CLOSE,
    )
    card.add(
        Names(
            card,
            look,
            lambda: _("Ignored: what these people say is hidden"),
            lambda: _("Nobody is ignored. To hide what somebody says: /ignore"),
            lambda: _("show again"),
            lambda: window.settings.ignored,
            lambda name: window.choose(lambda kept: replace(kept, ignored=_without(kept.ignored, name))),
        )
    )
    return card


def memory(master: tk.Misc, window: MainWindow) -> Card:
    """What the program remembers, and how it forgets it."""
    look = window.look
    card = Card(master, look, lambda: _("What is remembered"))

    def add(
        words: Callable[[Settings], str],
        none: Callable[[], str],
        forget: Callable[[], object],
        loss: Callable[[], str] = str,
    ) -> None:
        card.add(Kept(card, look, lambda: words(window.settings), none, forget, loss), _CLOSE)

    def rooms(kept: Settings) -> str:
        places = sum(len(one.rooms) + len(one.talks) for one in kept.visits.values())
        return _("Rooms and talks of the last time: {count}").format(count=places) if places else ""

    def certificates(kept: Settings) -> str:
        count = len(kept.fingerprints)
        return _("Trusted certificates: {count}").format(count=count) if count else ""

    def forget(**fields: object) -> Callable[[], None]:
        return lambda: window.choose(lambda kept: replace(kept, **fields))  # type: ignore[arg-type]

    card.add(
        Tick(
            card,
            look,
            lambda: _("Open the rooms and talks of the last time again"),
            lambda: window.settings.come_back,
            lambda on: window.choose(lambda kept: replace(kept, come_back=on)),
        )
    )
    add(rooms, lambda: _("No rooms and talks"), forget(visits={}, rooms=()))
    add(
        lambda kept: _("Name: {nick}").format(nick=kept.nick) if kept.nick else "",
        lambda: _("No name"),
        forget(nick="", user=""),
    )
    add(
        lambda kept: _("Size of the window: {size}").format(size=kept.geometry) if kept.geometry else "",
        lambda: _("No size of the window"),
        window.forget_size,
    )
    add(certificates, lambda: _("No certificates"), forget(fingerprints={}))
    add(
        lambda kept: _("By what servers know you again") if kept.identity else "",
        lambda: _("Nothing by which servers know you again"),
        lambda: window.choose(lambda kept: replace(kept, identity=secrets.token_hex(16))),
        lambda: _("After the next start you cannot read your earlier private talks any more, on no server."),
    )
    return card


SECTIONS: Final[tuple[Callable[[tk.Misc, MainWindow], ttk.Frame], ...]] = (looks, chat, attention, memory)
