"""What the command palette finds: made anew each time it is opened."""

from collections.abc import Container, Iterator, Sequence
from functools import partial

from client.model.state import ClientState
from client.slash_commands import COMMANDS
from gui.chat.controller import ChatController
from gui.chat.conversation_list import row_of
from gui.chat.finding.command_palette import Choice, Sort
from gui.toolkit.action import Action
from gui.toolkit.keys import DIGITS
from gui.toolkit.menu import Item
from translations import _

_BEFORE_ABOUT = " — "
"""Stands in a command's usage between how it is written and what it does."""


def talk_choices(chat: ChatController) -> Iterator[Choice]:
    """Yield the rooms and talks that are open, last that with the server and the one that is shown."""
    shown = chat.page.shown
    for talk in sorted(chat.page.conversations.order, key=lambda talk: (talk is shown, not talk.name)):
        row = row_of(talk, is_muted=False)
        topic = talk.topic.replace("\n", " ")
        yield Choice(Sort.TALK, row.text, partial(chat.show, talk), row.lead, topic, row.badge)


def people_choices(chat: ChatController, state: ClientState) -> Iterator[Choice]:
    """Yield everybody whom we see in a room and have no talk with."""
    seen, words = {state.fold(state.nick)}, _("private talk")
    for room in state.conversations.values():
        for folded, member in room.members.items():
            if folded not in seen:
                seen.add(folded)
                if folded not in state.conversations:
                    yield Choice(Sort.PERSON, member.nick, partial(chat.talk_to, member.nick), "@", words)


def action_choices(actions: Sequence[Action], items: Sequence[Item]) -> Iterator[Choice]:
    """Yield what the window's menu offers, and what only a key does."""
    known: set[str] = set()
    named = {action.label() for action in actions}
    for choice in _item_choices(items, named):
        known.add(choice.name)
        yield choice
    for action in actions:
        name = action.label().rstrip(" …")
        if name not in known and action.is_enabled() and not action.key.endswith(DIGITS):
            known.add(name)
            yield Choice(Sort.ACTION, name, action.perform, ">", right=action.key)


def _item_choices(items: Sequence[Item], named: Container[str], above: str = "") -> Iterator[Choice]:
    """Args: named: words that are understood without the name of the menu in which they stand."""
    for item in items:
        if item.below:
            yield from _item_choices(item.below, named, f"{above}{item.words}: ")
        elif item.words and item.enabled:
            name = item.words if item.words in named else f"{above}{item.words}"
            yield Choice(Sort.ACTION, name.rstrip(" …"), item.run, ">", right=item.key)


def command_choices(chat: ChatController, state: ClientState) -> Iterator[Choice]:
    """Yield the commands, each of which is put into the input line."""
    for command in dict.fromkeys(COMMANDS.values()):
        if not command.of_class or state.is_server_operator:
            how, _dash, about = command.usage().partition(_BEFORE_ABOUT)
            write = partial(chat.page.composer.insert, f"/{command.name} ")
            yield Choice(Sort.COMMAND, how.lstrip("/"), write, "/", about)
