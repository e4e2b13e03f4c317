"""What can be done with a room without typing a command."""

from client.model.conversations import Conversation
from client.model.sanitize import is_name, is_sendable
from gui.ask_page import Wanted
from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.toolkit.menu import SEPARATOR, Item
from translations import _


class RoomMenu:
    """Makes the lines of a menu for a room, and does what they say. For the Tk thread only."""

    def __init__(self, window: MainWindow, chat: ChatController) -> None:
        self._window, self._chat = window, chat

    def items(self, room: Conversation) -> list[Item]:
        """Return what the user can do with a room; nothing for one in which he is not."""
        session = self._chat.session
        if session is None or not room.is_room or not room.joined:
            return []
        items = [
            Item(_("Change the topic …"), lambda: self._ask_topic(room)),
            Item(_("Invite …"), lambda: self._ask_whom(room)),
        ]
        if session.state.is_operator(room):
            items += [
                SEPARATOR,
                Item(_("Let everybody speak"), lambda: self._run(room, "/mode -m"))
                if "m" in room.flags
                else Item(
                    _("Let only those speak who are given the word"), lambda: self._run(room, "/mode +m")
                ),
                Item(_("Let everybody enter"), lambda: self._run(room, "/mode -i"))
                if "i" in room.flags
                else Item(_("Let only those enter who are invited"), lambda: self._run(room, "/mode +i")),
                Item(_("Take the key away"), lambda: self._run(room, f"/mode -k {room.key or '*'}"))
                if "k" in room.flags
                else Item(_("Lock with a key …"), lambda: self._ask_key(room)),
            ]
        return items

    def _run(self, room: Conversation, line: str) -> None:
        self._chat.run(line, room)

    def _ask_topic(self, room: Conversation) -> None:
        wanted = Wanted(
            lambda: _("Topic of {room}").format(room=room.name),
            lambda: (_("What is talked about here"), ""),
            lambda: _("Change"),
            room.topic.replace("\n", " "),
            lambda text: "" if text else _("Write a topic."),
        )
        self._window.ask_for(wanted, lambda text: self._run(room, f"/topic {text}"))

    def _ask_whom(self, room: Conversation) -> None:
        wanted = Wanted(
            lambda: _("Invite into {room}").format(room=room.name),
            lambda: (_("Nick"), ""),
            lambda: _("Invite"),
            problem=lambda text: "" if is_name(text) else _("Write the nick of one person."),
        )
        self._window.ask_for(wanted, lambda nick: self._run(room, f"/invite {nick}"))

    def _ask_key(self, room: Conversation) -> None:
        def problem(text: str) -> str:
            return "" if is_sendable(text) and "," not in text else _("A key has neither spaces nor commas.")

        wanted = Wanted(
            lambda: _("Lock {room} with a key").format(room=room.name),
            lambda: (_("Key"), _("Whoever wants to enter has to know it: /join #room key")),
            lambda: _("Lock"),
            problem=problem,
        )
        self._window.ask_for(wanted, lambda key: self._run(room, f"/mode +k {key}"))
