"""What a conversation says in which nobody has spoken yet: what one can do here."""

from itertools import islice
from typing import Final

from client.model.conversations import Conversation
from client.model.state import ClientState
from client.net.address import is_this_computer, parse_address
from gui.board import addresses_of, as_typed
from protocol.text import first_of
from translations import _

MOST_NAMED: Final = 5
"""People whose names are said."""


class EmptyRoom:
    """Finds the words. The address that others type is looked up once for each server."""

    def __init__(self) -> None:
        self._server = ""
        self._addresses: list[str] = []

    def words(self, client: ClientState, conversation: Conversation) -> str:
        """Return some lines, in the language in use; none for the talk with the server."""
        if not conversation.is_room:
            return _("Nobody has written here yet.\nWrite the first message!") if conversation.name else ""
        return "\n\n".join(
            (
                _("Nobody has written here yet. Write below, and press Enter."),
                self._who_is_here(client, conversation),
                _("Ctrl+K finds rooms, people and commands; /help lists the commands, F1 the keys."),
            )
        )

    def _who_is_here(self, client: ClientState, room: Conversation) -> str:
        # Not sorted: there may be thousands, and this is asked for at each change.
        everybody = (one.nick for one in room.members.values() if not client.is_me(one.nick))
        others = list(islice(everybody, MOST_NAMED + 1))
        if others:
            return _("Here with you: {names}.").format(names=first_of(others, MOST_NAMED))
        server = client.profile.server
        host, port = parse_address(server)
        if server != self._server:
            self._server, self._addresses = server, [as_typed(one) for one in addresses_of(host, port)]
        address, alone = self._addresses[0], _("You are alone here.")
        if not is_this_computer(host):
            return f"{alone} " + _("Others type this address: {address}").format(address=address)
        if is_this_computer(parse_address(address)[0]):
            return f"{alone} " + _("Another window on this computer joins you at {address}").format(
                address=address
            )
        return f"{alone}\n" + _(
            "Others type {address}, if the server was started for the whole classroom (--lan)."
        ).format(address=address)
