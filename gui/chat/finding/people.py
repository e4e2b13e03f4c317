"""What can be done with a person: the same in the list of members, in the transcript and on the card."""

from collections.abc import Callable

from client.model.conversations import Conversation
from client.model.state import ClientState
from gui.chat.controller import ChatController
from gui.class_menu import Means, people_items
from gui.main_window import MainWindow
from gui.toolkit.menu import SEPARATOR, Item
from translations import _


class People:
    """Makes the lines of a menu for one person, and does what they say. For the Tk thread only.

    Args:
        show_card: shows who somebody is.
        rename_me: lets the user change the own nick.
    """

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        show_card: Callable[[str], object],
        rename_me: Callable[[], object],
    ) -> None:
        self._window, self._chat = window, chat
        self._show_card, self._rename_me = show_card, rename_me

    def items(self, nick: str) -> list[Item]:
        """Return what can be done with somebody in the shown conversation."""
        session, page = self._chat.session, self._chat.page
        card = Item(_("Who is it?"), lambda: self._show_card(nick))
        if session is None:
            return []
        if session.state.is_me(nick):
            return [card, Item(_("Change the nick …"), self._rename_me)]
        state, shown = session.state, page.shown
        hide = _("Hide what this person says")
        if state.is_ignored(nick):
            hide = _("Show what this person says again")
        items = [
            Item(_("Private talk"), lambda: self._chat.talk_to(nick)),
            card,
            Item(_("Name in the message"), lambda: self.mention(nick)),
            Item(_("Only what {nick} says").format(nick=nick), lambda: self._chat.reading.only(nick)),
            Item(hide, lambda: self.ignore(nick)),
        ]
        if state.rules_class:
            return [*items, SEPARATOR, *self._of_class(nick, state)]
        if shown and shown.is_room and state.is_operator(shown):
            items += [SEPARATOR, *self._of_room(nick, shown, state)]
        return items

    def mention(self, nick: str) -> None:
        """Write somebody's name into the input line: at its beginning as an address."""
        composer = self._chat.page.composer
        before = composer.get()
        composer.insert(f"{nick} " if before.strip() else f"{nick}: ")

    def ignore(self, nick: str) -> None:
        """Hide what somebody says, or show it again."""
        state = self._chat.session.state if self._chat.session else None
        self._chat.run(f"/{'unignore' if state and state.is_ignored(nick) else 'ignore'} {nick}")

    def _of_class(self, nick: str, state: ClientState) -> list[Item]:
        """Return what the teacher of a class can do besides."""
        chat = self._chat

        def use(verb: str, text: str) -> None:
            chat.use_verb(verb, text, chat.page.shown)

        def rename(nick: str) -> None:
            chat.page.composer.insert(f"/rename {nick} ")

        return people_items([nick], Means(use, self._window.ask, None, rename), state.class_rooms)

    def _of_room(self, nick: str, room: Conversation, state: ClientState) -> list[Item]:
        """Return what an operator of a room can do with somebody in it."""
        run = self._chat.run
        member = room.members.get(state.fold(nick))
        if member is None:
            return []
        has_rank, has_voice = state.has_rank(member), "+" in member.prefixes
        items = [
            Item(_("Take the operator's rights"), lambda: run(f"/deop {nick}"))
            if has_rank
            else Item(_("Make an operator"), lambda: run(f"/op {nick}")),
            Item(_("Take the word back"), lambda: run(f"/mode -v {nick}"))
            if has_voice
            else Item(_("Give the word"), lambda: run(f"/mode +v {nick}")),
        ]
        prefix, _comma, kinds = state.support.get("EXTBAN").partition(",")
        if "m" in kinds:
            mask = f"{prefix}m:{nick}!*@*"
            items += [
                Item(_("Mute in this room"), lambda: run(f"/mode +b {mask}")),
                Item(_("Let speak again"), lambda: run(f"/mode -b {mask}")),
            ]
        return [*items, Item(_("Remove from the room"), lambda: run(f"/kick {nick}"))]
