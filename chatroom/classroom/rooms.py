"""The rooms of a class: they are always there, belong to the operator, and survive a restart."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from chatroom.channel import MUTE, Channel, ListEntry
from chatroom.classroom.file import ROOM, ClassFile
from chatroom.mode_table import CHANNEL_MODES, LIST_MODES, ModeKind
from protocol.names import fold
from protocol.user_masks import complete_user_mask

_ENTRY: Final = ("mask", "setter", "time", "account", "knows_addresses")
_T = TypeVar("_T")


def open_rooms(file: ClassFile, names: Iterable[str], now: float, last_id: int) -> dict[str, Channel]:
    """Return the rooms of the class by their folded names, as they were when they were kept last.

    Args:
        now: when rooms begin that were not kept, in seconds since the epoch.
        last_id: see `Channel.last_before`.
    """
    kept = file.read(ROOM)
    rooms = {fold(name): Channel(name, now, last_id, of_class=True) for name in names}
    for folded, room in rooms.items():
        _restore(room, kept.get(folded, {}))
    return rooms


def keep_room(file: ClassFile, room: Channel) -> None:
    """Keep the topic, the modes and the lists of a room."""
    lists = {
        mode: [{name: getattr(entry, name) for name in _ENTRY} for entry in entries]
        for mode, entries in room.lists.items()
    }
    value = {
        "created": room.created,
        "modes": "".join(sorted(room.modes)),
        "key": room.key,
        "limit": room.limit,
        "topic": room.topic,
        "topic_setter": room.topic_setter,
        "topic_time": room.topic_time,
        "lists": lists,
    }
    file.keep(ROOM, fold(room.name), value)


def _restore(room: Channel, value: Mapping[str, Any]) -> None:
    """Give a room what was kept of it; what another program has made wrong is left out."""

    def kept(name: str, usual: _T) -> _T:
        found = value.get(name)
        return found if type(found) is type(usual) else usual

    room.created = kept("created", room.created)
    room.modes = {m for m in kept("modes", "nt") if CHANNEL_MODES.get(m) is ModeKind.FLAG}
    room.key, room.limit = kept("key", ""), max(kept("limit", 0), 0)
    room.topic, room.topic_setter = kept("topic", ""), kept("topic_setter", "*")
    room.topic_time = kept("topic_time", 0.0)
    lists = kept("lists", dict[str, Any]())
    for mode in LIST_MODES:
        entries = lists.get(mode)
        if isinstance(entries, list):
            room.lists[mode] += filter(None, map(_parse_entry, entries))


def _parse_entry(value: object) -> ListEntry | None:
    match value:
        case {
            "mask": str(mask),
            "setter": str(setter),
            "time": int() | float() as time,
            "account": str(account),
            "knows_addresses": bool(knows_addresses),
        }:
            with contextlib.suppress(ValueError):
                complete_user_mask(mask.removeprefix(MUTE))
                return ListEntry(mask, setter, time, account, knows_addresses=knows_addresses)
    return None
