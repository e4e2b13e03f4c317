"""From the connect page into the chat: what the user does on that page, and what it tells him."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from client.model.events import Phase, PhaseChanged, Problem, Refused
from client.net.tls import Tls
from client.problems import explain_problem
from gui.chat.connect_page import ConnectPage, FieldName, Form
from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.switches import Switches
from translations import _

_FIELDS: Final[dict[Problem, FieldName]] = {
    Problem.NICK_TAKEN: "nick",
    Problem.NICK_INVALID: "nick",
    Problem.WRONG_PASSWORD: "password",
}
"""The field beside which a problem is shown; by default the address."""


class ConnectController:
    """Switches between the connect page and the chat. For the Tk thread only.

    Args:
        connect: opens a connection with the values of a form.
        hang_up: ends the current session.
    """

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        connect: Callable[[Form], object],
        hang_up: Callable[[], object],
    ) -> None:
        self.was_online = False
        """The current connection has been online at least once."""
        self._entering = False
        """The user is waiting on the connect page to be let in."""
        self._window = window
        self._chat = chat
        self._connect = connect
        self._hang_up = hang_up
        self.page = ConnectPage(window.master, window.look, self._submit, self._cancel)
        Switches(self.page.footer, window).pack()
        kept = window.settings
        self.page.fill(Form(kept.server, kept.nick, (*kept.rooms, "#lab")[0], tls=kept.tls, user=kept.user))
        window.show_page(self.page)

    def begin(self, form: Form) -> bool:
        """Show that the connection is being opened; if the form has a mistake, say so and return False."""
        self.page.fill(form)
        if not form.address:
            self.page.show_error("server", explain_problem(Problem.BAD_ADDRESS, form.server))
            return False
        self.was_online = False
        self._wait_for(form.address)
        return True

    def tls(self, form: Form) -> Tls | None:
        """Return how to verify the server; remember the certificate that the form trusts, if any."""
        known = dict(self._window.settings.fingerprints)
        if form.fingerprint:
            known[form.address] = form.fingerprint
        self._window.settings = replace(self._window.settings, tls=form.tls, fingerprints=known)
        return Tls(known.get(form.address, "")) if form.tls else None

    def change_server(self) -> None:
        """Show the connect page; the chat goes on meanwhile."""
        self._window.show_page(self.page)
        self.page.show_idle(can_cancel=self._chat.session is not None)
        self.page.focus_first()

    def phase_changed(self, change: PhaseChanged) -> None:
        """Show the chat once the user is online; hang up if the first attempt fails."""
        session = self._chat.session
        if change.phase is Phase.ONLINE:
            self.was_online = True
            self.page.show_idle(can_cancel=True)
            if self._entering:  # after a reconnect the user may be writing elsewhere
                self._entering = False
                self._window.show_page(self._chat.page)
                self._chat.page.composer.text.focus_set()
        elif change.problem and not self.was_online and session and session.state.refused is None:
            # Never online yet: an error beside the field is better than retrying forever.
            self._hang_up()
            field = _FIELDS.get(change.problem, "server")
            self.page.show_error(field, change.text, fingerprint=change.fingerprint)

    def refused(self, refusal: Refused) -> None:
        """Say beside the field why the server refused the user."""
        self._window.show_page(self.page)
        field = _FIELDS.get(refusal.problem, "server")
        self.page.show_error(field, refusal.text, suggestion=refusal.suggestion)

    # Inside.

    def _wait_for(self, address: str) -> None:
        self._entering = True
        self.page.show_busy(_("Connecting to {address} …").format(address=address))

    def _submit(self, form: Form) -> None:
        state = self._chat.session.state if self._chat.session else None
        wanted, tls = (form.address, form.rooms, form.user, form.tls), self._window.settings.tls
        had = state and (state.profile.server, state.profile.rooms, state.profile.user, tls)
        if state and state.refused and wanted == had:
            # The connection to this server stands, and waits for another nick or password.
            self._wait_for(form.address)
            self._chat.retry_with(form.nick, form.password)
        else:
            self._connect(form)

    def _cancel(self) -> None:
        session = self._chat.session
        if self.was_online and session and session.state.refused is None:
            self._window.show_page(self._chat.page)
            return
        self._hang_up()
        self.page.show_idle(can_cancel=False)
        self.page.focus_first()
