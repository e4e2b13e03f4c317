"""What the user can do in a window, each declared once, for menus, tooltips, help and key bindings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from client.model.conversations import SPOKEN, Conversation, Entry
from gui.chat.attention import Attention
from gui.chat.controller import ChatController
from gui.chat.delivery.controller import DeliveryController
from gui.chat.finding.controller import FindingController
from gui.chat.searching.controller import SearchController
from gui.main_window import MainWindow
from gui.settings.page import toggle_settings
from gui.settings.quiet import quiet_words
from gui.toolkit.action import Action
from gui.toolkit.keys import bind_keys
from gui.toolkit.menu import SEPARATOR, Item, choices
from gui.toolkit.theme import DEFAULT_SIZE, MIN_SIZE
from translations import _


class WindowActions:
    """What can be done in every window of the program. Making it binds the keys."""

    def __init__(self, window: MainWindow) -> None:
        look = window.look

        def text_size() -> str:
            return _("Text size")

        self.larger = Action(lambda: _("Larger"), lambda: window.set_size(look.size + 1), "Ctrl++", text_size)
        self.smaller = Action(
            lambda: _("Smaller"),
            lambda: window.set_size(look.size - 1),
            "Ctrl+−",
            text_size,
            lambda: look.size > MIN_SIZE,
        )
        self.normal_size = Action(
            lambda: _("Normal"), lambda: window.set_size(DEFAULT_SIZE), "Ctrl+0", text_size
        )
        self.settings = Action(lambda: _("Settings …"), lambda: toggle_settings(window), "Ctrl+,")
        self.menu = Action(lambda: _("Menu"), lambda: window.open_menu(self.menu_items()), "F10")
        self.help = Action(lambda: _("Keys"), lambda: window.show_help(self.help_rows), "F1")
        self.quit = Action(lambda: _("Quit"), window.ask_to_close, "Ctrl+Q")
        self._window = window
        bind_keys(window.master, {one.key: one.perform for one in self.all() if one.key})

    def all(self) -> list[Action]:
        """Return the actions in the order in which the help lists them."""
        return [one for one in vars(self).values() if isinstance(one, Action)]

    def help_rows(self) -> list[tuple[str, str]]:
        """Return the keys and what they do; keys that do the same share a row."""
        keys: dict[str, list[str]] = {}
        for action in self.all():
            about = action.describe()
            keys.setdefault(about[:1].lower() + about[1:], []).extend([action.key] if action.key else [])
        return [("  ".join(some), about) for about, some in keys.items() if some]

    def menu_items(self) -> list[Item]:
        """Return the whole menu as it is now."""
        return [
            SEPARATOR,
            self.settings.item(),
            SEPARATOR,
            self.help.item(),
            self.quit.item(),
        ]


class ChatActions(WindowActions):
    """What can be done in a chat window.

    Args:
        finding: finds rooms, people and commands.
        change_server: shows the connect page.
        desk: opens the teacher's desk.
        attention: can be told not to disturb.
        more: what a laboratory offers besides.
    """

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        delivery: DeliveryController,
        finding: FindingController,
        searching: SearchController,
        change_server: Callable[[], object],
        desk: Action,
        attention: Attention,
        more: Sequence[Action],
    ) -> None:
        page, can = chat.page, chat.is_shown

        def walk() -> str:
            return _("Another conversation")

        self.next = Action(walk, lambda: chat.walk(1), "Ctrl+Tab", is_enabled=can)
        self.previous = Action(walk, lambda: chat.walk(-1), "Ctrl+Shift+Tab", is_enabled=can)
        self.number = Action(walk, chat.show_number, "Alt+1…9", is_enabled=can)
        self.enter_room = Action(lambda: _("Enter a room …"), finding.show_rooms, "Ctrl+J", is_enabled=can)
        self.find = Action(
            lambda: _("Find …"),
            self._show_palette,
            "Ctrl+K",
            lambda: _("Find rooms, people and commands"),
            can,
        )
        self.conversations = Action(
            lambda: _("Show the conversations"),
            page.drop_down,
            is_enabled=lambda: can() and page.topic.list_button.winfo_ismapped(),
        )
        self.leave = Action(
            lambda: _("Leave this conversation"),
            lambda: chat.leave(page.shown),
            "Ctrl+W",
            lambda: _("Leave the room, close the talk"),
            chat.can_leave,
        )
        self.search = Action(
            lambda: _("Search …"), page.open_search, "Ctrl+F", lambda: _("Search in the conversation"), can
        )
        self.search_history = Action(
            lambda: _("Search in all that was said …"), searching.open, "Ctrl+Shift+F", is_enabled=can
        )
        self.reconnect = Action(
            lambda: _("Reconnect now"),
            delivery.reconnect,
            "Ctrl+Shift+R",
            is_enabled=lambda: can() and delivery.can_reconnect(),
        )
        self.unsent = Action(
            lambda: _("What waits to be sent …"),
            delivery.show_unsent,
            is_enabled=lambda: can() and bool(delivery.unsent),
        )
        self.first_new = Action(
            lambda: _("To the first new message"), chat.reading.to_first_new, "Alt+U", is_enabled=can
        )
        self.mention = Action(
            lambda: _("To the next mention"),
            chat.reading.to_mention,
            "Alt+M",
            lambda: _("To the next message that names you or answers you"),
            can,
        )
        self.nick = Action(lambda: _("Change the nick …"), finding.rename_me, is_enabled=can)
        self.members = Action(
            lambda: _("Show or hide the members"), page.toggle_members, "Ctrl+M", is_enabled=can
        )
        self.emoji = Action(
            lambda: _("Emoji …"),
            chat.writing.toggle_emoji,
            "Ctrl+E",
            lambda: _("Choose an emoji"),
            can,
        )
        page.composer.menu.more = lambda: [self.emoji.item()]
        self.desk = desk
        self.hand = Action(
            lambda: _("Lower the hand") if chat.hand_is_raised() else _("Raise the hand"),
            chat.raise_hand,
            "Ctrl+R",
            lambda: _("Raise or lower the hand in a class"),
            chat.may_raise_hand,
        )
        self.close_banner = Action(
            lambda: _("Close the announcement"),
            page.banner.close,
            "Ctrl+D",
            is_enabled=lambda: page.banner.is_open,
        )
        self.folding = Action(
            lambda: (
                _("Show each who comes and goes") if page.transcript.folds else _("Fold who comes and goes")
            ),
            lambda: window.choose(lambda kept: replace(kept, folds=not kept.folds)),
            is_enabled=can,
        )
        self.board = Action(
            lambda: _("On the board"),
            chat.show_board,
            "F11",
            lambda: _("Show a class how to join, on the projector"),
            chat.can_show_board,
        )
        self.copy = Action(lambda: _("Copy"), chat.copy, "Ctrl+C", is_enabled=chat.has_selection)
        self._change_server = Action(lambda: _("Connect to another server …"), change_server)
        self._chat, self._finding, self._attention, self._more = chat, finding, attention, more
        super().__init__(window)
        page.on_menu = self._open_entry_menu
        page.conversations.list.on_menu = self._open_conversation_menu
        for action, button in (
            (self.enter_room, page.conversations.plus_button),
            (self.conversations, page.topic.list_button),
            (self.desk, page.topic.desk_button),
            (self.search, page.topic.search_button),
            (self.members, page.topic.members_button),
            (self.menu, page.topic.menu_button),
            (self.emoji, page.composer.emoji_button),
        ):
            action.attach_to(button, window.look)

    def all(self) -> list[Action]:
        """Return the actions in the order in which the help lists them."""
        return [*super().all(), *self._more]

    def help_rows(self) -> list[tuple[str, str]]:
        """Return the keys of the input line, and those of the actions."""
        return [
            ("Enter", _("send the message")),
            ("Shift+Enter", _("begin a new line")),
            ("Tab", _("complete a name, a command or an emoji")),
            ("Shift+Tab", _("leave the input line; Tab comes back")),
            (":name:  *…*  _…_  `…`", _("emoji; bold, italic, code")),
            (_("Menu key") + "  Shift+F10", _("menu of a field or a list")),
            ("↑  ↓", _("what was sent before")),
            ("Page Up  Page Down", _("scroll the conversation")),
            ("Ctrl+↑  Ctrl+↓", _("choose a message; its menu: Shift+F10")),
            *super().help_rows(),
            ("/help", _("all commands")),
        ]

    def menu_items(self) -> list[Item]:
        """Return the whole menu as it is now: short enough for the screen of a laptop at 200 %."""
        if not self._chat.is_shown():
            return super().menu_items()
        disturb = self._attention.quiet
        shown = self._chat.page.shown
        here = [*self._finding.items_of(shown), self._mute_item(shown)] if shown and shown.name else []
        messages = (self.search, self.search_history, self.first_new, self.mention, self.folding)
        unsent = [self.unsent] if self.unsent.is_enabled() else []
        below = (
            (_("Messages"), _items(messages)),
            (shown.name if shown else "", here),
            (_("Laboratory"), _items(self._more)),
            (_("Connection"), _items((self.nick, self.reconnect, *unsent, self._change_server))),
            (_("Do not disturb"), choices(quiet_words(), disturb.choice, disturb.choose)),
        )
        return [
            *_items(one for one in (self.desk, self.board, self.hand) if one.is_enabled()),
            SEPARATOR,
            *_items((self.find, self.enter_room, self.members, self.leave)),
            SEPARATOR,
            *(Item(words, below=items) for words, items in below if items),
            *super().menu_items(),
        ]

    def _show_palette(self) -> None:
        """Let the user find all that can be done, but for this."""
        actions = [one for one in self.all() if one is not self.find]
        self._finding.show_palette(actions, [one for one in self.menu_items() if one.key != self.find.key])

    def entry_items(self, conversation: Conversation, entry: Entry | None) -> list[Item]:
        """Return what can be done with a transcript entry (None: with what lies between them)."""
        items = self._chat.reading.items(entry) if entry else []
        if self.copy.is_enabled() or not items:
            items.insert(0, self.copy.item())
        if entry and self._chat.may_delete(conversation, entry):
            items.append(Item(_("Delete message"), lambda: self._chat.delete(conversation, entry)))
        if entry and entry.kind in SPOKEN and not entry.own:
            items.append(Item(entry.nick, below=self._finding.people.items(entry.nick)))
        return items

    def _open_entry_menu(self, conversation: Conversation, entry: Entry | None, x: int, y: int) -> None:
        self._window.menu.open_at(self.entry_items(conversation, entry), x, y)

    def _open_conversation_menu(self, conversation: Conversation, x: int, y: int) -> None:
        if conversation.name:
            words = _("Leave the room") if conversation.is_room else _("Close the talk")
            items = [*self._finding.items_of(conversation), SEPARATOR]
            items += [self._mute_item(conversation), Item(words, lambda: self._chat.leave(conversation))]
            self._window.menu.open_at(items, x, y)

    def _mute_item(self, conversation: Conversation) -> Item:
        words = _("Let it call me again") if self._chat.is_muted(conversation) else _("Mute")
        return Item(words, lambda: self._chat.mute(conversation))


def _items(actions: Iterable[Action]) -> list[Item]:
    return [action.item() for action in actions]
