"""Searching what was said: on the server where it can do that, else in what is loaded."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from client.model.conversations import Entry
from client.search.author import authors_meant
from client.search.loaded import search_loaded
from client.search.sought import Found, Reached, SearchAnswered, Sought
from client.session import Session
from gui.chat.controller import ChatController
from gui.chat.searching.page import SearchPage
from gui.chat.transcript.entry_text import moment_in_words
from gui.main_window import MainWindow
from protocol.text import first_of
from translations import _, plural

TURN_SECONDS: Final = 0.015
"""For how long what is loaded is searched at once."""
MOST_FOUND: Final = 2000
MOST_NAMED: Final = 10
"""People who are named where a part of a nick fits several."""


@dataclass(slots=True)
class _Search:
    """What was looked for last, and what has come of it."""

    session: Session
    sought: Sought = field(default_factory=Sought)
    found: dict[tuple[str, ...], Found] = field(default_factory=dict)
    """The newest first."""
    asked: int = 0
    """The number of the question whose answer is awaited; 0: none is."""
    reached: Reached | None = None
    """Further back was not searched; None: everything was."""
    problem: str = ""
    loaded: Iterator[Found | None] | None = None
    """The search in what is loaded, while it goes on."""
    is_local: bool = False
    """Only what is loaded was searched."""

    def add(self, found: Found) -> None:
        mark = (found.place, found.nick, found.text, found.msgid or str(found.time))
        self.found.setdefault(mark, found)


@dataclass(slots=True)
class Around:
    """The surroundings of a message, as they come."""

    of: Found
    asked: list[int]
    """The numbers of the questions, and ..."""
    parts: dict[int, tuple[Found, ...]] = field(default_factory=dict)
    """... what has come: what stands before it, and what stands behind it."""
    problem: str = ""

    def together(self) -> list[Found]:
        """Return what has come, the oldest first, with the message itself.

        Both parts may hold what was said in the same moment on its other side.
        """
        before, behind = (self.parts.get(number, ()) for number in self.asked)
        if self.of in before:
            before = before[: before.index(self.of)]
        if self.of in behind:
            behind = behind[behind.index(self.of) + 1 :]
        return [*before, self.of, *behind]


class SearchController:
    """Connects the search page with the current session. For the Tk thread only."""

    def __init__(self, window: MainWindow, chat: ChatController) -> None:
        self._window, self._chat = window, chat
        self._page: SearchPage | None = None
        """While it is open."""
        self._search: _Search | None = None
        self.around: Around | None = None
        """The surroundings that are shown in place of the list."""
        chat.page.search.on_server = self.open

    @property
    def is_searching(self) -> bool:
        """Tell whether more may be found."""
        return self._search is not None and bool(self._search.asked or self._search.loaded)

    def open(self, text: str = "") -> None:
        """Open the page, with what was found last, or a text to be looked for."""
        session, shown = self._chat.session, self._chat.page.shown
        if session is None or shown is None:
            return
        page = self._page = SearchPage(self._window.master, self._window.look, shown.name, self._close)
        page.on_search, page.on_more, page.list.on_open = self._begin, self._go_on, self._open
        self.around = None
        if self._search is None or self._search.session is not session:
            self._search = _Search(session)
        page.fill(self._search.sought)
        self._window.cover(page)
        if text:
            self._begin(Sought(text, "", shown.name))
            page.fill(self._search.sought)
        page.text.enter()
        self._show()

    def _close(self) -> None:
        """Go back to the list, or to the chat."""
        if self.around:
            self.around = None
            self._show()
        else:
            self._window.uncover()

    def _begin(self, sought: Sought) -> None:
        session = self._chat.session
        if session is None:
            return
        self.around = None
        authors = authors_meant(session.state, sought.nick) if sought.nick else [""]
        if self._page and len(authors) == 1:
            sought = replace(sought, nick=authors[0])
            self._page.nick.set(sought.nick)
        search = self._search = _Search(session, sought, is_local=not session.search.is_possible)
        if len(authors) > 1:
            search.problem = _("Whom do you mean: {names}?").format(names=first_of(authors, MOST_NAMED))
        elif search.is_local:
            search.loaded = search_loaded(session.state, sought)
        else:
            search.asked = session.search.ask(sought)
            self._chat.send()
        self._show()

    def _go_on(self) -> None:
        """Search further back than was searched so far."""
        search = self._search
        if search and search.reached and not search.asked and search.session.search.is_possible:
            search.asked = search.session.search.ask(search.sought, search.reached)
            self._chat.send()
            self._show()

    def answered(self, event: SearchAnswered) -> None:
        """Take an answer of the server's, if it is still wanted."""
        search, around = self._search, self.around
        if around and event.number in around.asked:
            around.parts[event.number] = event.found
            around.problem = around.problem or event.problem
        elif search and event.number == search.asked:
            search.asked, search.problem = 0, event.problem
            for found in reversed(event.found):
                search.add(found)
            if not event.problem:
                search.reached = event.reached
        self._show()

    def refresh(self) -> None:
        """Search the next portion of what is loaded; to be called often."""
        search = self._search
        if search is None or search.loaded is None:
            return
        end = time.perf_counter() + TURN_SECONDS
        for found in search.loaded:
            if found:
                search.add(found)
            if len(search.found) >= MOST_FOUND:
                search.loaded = None
                break
            if time.perf_counter() > end:
                break
        else:
            search.loaded = None
        self._show()

    def _open(self, found: Found) -> None:
        """Show a message where it was said; if it is not loaded there, what stands around it."""
        session = self._chat.session
        if session is None:
            return
        place = session.state.conversation(found.place)
        entry = next((one for one in reversed(place.entries) if _is(one, found)), None) if place else None
        if place and entry:
            self._window.uncover()
            self._chat.show(place)
            self._chat.page.transcript.mark(entry)
        elif found.stamp and session.search.is_possible and self.around is None:
            self.around = Around(found, list(session.search.ask_around(found)))
            self._chat.send()
            self._show()

    # What the page shows.

    def _show(self) -> None:
        page, search, around = self._page, self._search, self.around
        if page is None or search is None or not page.winfo_exists():
            return
        wanted = search.sought.text
        if around:
            page.show(around.together(), wanted, lambda: _say_around(around), around=around.of)
        else:
            can_go_on = search.reached is not None and not search.asked and len(search.found) < MOST_FOUND
            page.show(list(search.found.values()), wanted, self._say, can_go_on=can_go_on)

    def _say(self) -> str:
        """Say what was searched."""
        search = self._search
        assert search
        sentences = [] if search.session.search.is_possible else [self._why_loaded(search.session)]
        if search.asked or search.loaded:
            sentences.append(_("Searching …"))
        elif search.problem:
            sentences.append(search.problem)
        elif search.sought != Sought():
            count = len(search.found)
            found = plural("{count} message found.", "{count} messages found.", count)
            sentences.append(found if count else _("Nothing found."))
            if search.reached:
                moment = moment_in_words(search.reached.time, date.today())
                sentences.append(_("Searched back to {moment}.").format(moment=moment))
            elif not search.is_local:
                sentences.append(_("Everything was searched."))
        return " ".join(sentences)

    def _why_loaded(self, session: Session) -> str:
        if session.state.is_connected:
            return _("This server cannot search its history: only what is loaded here is searched.")
        return _("There is no connection: only what is loaded here is searched.")


def _is(entry: Entry, found: Found) -> bool:
    if entry.msgid and found.msgid:
        return entry.msgid == found.msgid
    return (entry.nick, entry.time, entry.text) == (found.nick, found.time, found.text)


def _say_around(around: Around) -> str:
    if around.problem:
        return around.problem
    if len(around.parts) < len(around.asked):
        return _("Searching …")
    return _("What was said around it: {name}.").format(name=around.of.place)
