"""From the connect page into the chat: what the user does on that page, and what it tells him."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from client.model.events import PhaseChanged, Problem, Refused
from client.net.tls import Tls
from client.problems import explain_problem
from client.settings import Settings
from client.visits import offered_room
from gui.chat.connect_page import ConnectPage, FieldName, Form
from gui.chat.controller import ChatController
from gui.chat.found_list import ServerFinder
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
        give_up: ends what is being tried.
        finder: looks for the servers of the network.
    """

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        connect: Callable[[Form], object],
        give_up: Callable[[], object],
        finder: ServerFinder | None = None,
    ) -> None:
        self._entering = False
        """The user is waiting on the connect page to be let in."""
        self._refusal: Refused | None = None
        """What the server had against the user while he was writing something in the chat."""
        self._window = window
        self._chat = chat
        self._give_up = give_up
        self.page = ConnectPage(window.master, window.look, connect, self._cancel, finder)
        Switches(self.page.footer, window).pack()
        kept = window.settings
        self.page.fill(Form(kept.server, kept.nick, offered_room(kept), tls=kept.tls, user=kept.user))
        self.page.guess = "" if kept.nick else kept.server
        window.show_page(self.page)

    def begin(self, form: Form) -> bool:
        """Show that the connection is being opened; if the form has a mistake, say so and return False."""
        self.page.fill(form)
        if not form.address:
            self.page.show_error("server", explain_problem(Problem.BAD_ADDRESS, form.server))
            return False
        self._entering = True
        self.page.show_busy(_("Connecting to {address} …").format(address=form.address))
        return True

    def tls(self, form: Form) -> Tls | None:
        """Return how to verify the server; remember the certificate that the form trusts, if any."""
        trusted = {form.address: form.fingerprint} if form.fingerprint else {}

        def choose(kept: Settings) -> Settings:
            return replace(kept, tls=form.tls, fingerprints={**kept.fingerprints, **trusted})

        self._window.choose(choose)
        return Tls(self._window.settings.fingerprints.get(form.address, "")) if form.tls else None

    def change_server(self) -> None:
        """Show the connect page; the chat goes on meanwhile."""
        self._window.show_page(self.page)
        self.page.show_idle(can_cancel=self._chat.session is not None)
        self.page.focus_first()
        if self._refusal:
            self._show_refusal(self._refusal)

    def entered(self) -> None:
        """The server has let us in: show the chat, if the user waits for that."""
        self._refusal = None
        self.page.show_idle(can_cancel=True)
        if self._entering:  # after a reconnect the user may be writing elsewhere
            self._show_chat()

    def failed(self, change: PhaseChanged) -> None:
        """Say beside the field why there is no connection."""
        self._entering = False
        field = _FIELDS.get(change.problem or Problem.LOST, "server")
        self.page.show_error(field, change.text, fingerprint=change.fingerprint)

    def refused(self, refusal: Refused) -> None:
        """Say beside the field why the server refused the user; in the chat, if he is writing there."""
        if self._chat.is_shown() and self._chat.page.half_written():
            self._refusal = refusal
            where = _("Choose “Connect to another server” in the menu when you have finished.")
            self._chat.complain(f"{refusal.text} {where}")
        else:
            self._show_refusal(refusal)

    def _show_refusal(self, refusal: Refused) -> None:
        self._refusal = None
        self._window.show_page(self.page)
        field = _FIELDS.get(refusal.problem, "server")
        self.page.show_error(field, refusal.text, suggestion=refusal.suggestion)

    # Inside.

    def _show_chat(self) -> None:
        self._entering = False
        self._window.show_page(self._chat.page)
        self._chat.page.composer.text.focus_set()

    def _cancel(self) -> None:
        self._give_up()
        self.page.show_idle(can_cancel=self._chat.session is not None)
        if self._chat.session:
            self._show_chat()
        else:
            self._entering = False
            self.page.focus_first()
