"""Recognises messages that are known already, in what a history or a bouncer says again.

By their ids where there are any. Where there are none, two lines are copies of one message if the same person
said the same at the same time; each known message is recognised once, as somebody may say "yes" twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from client.model.conversations import FROM_MESSAGES, Delivery, Entry, Kind
from client.model.server_time import sent_at
from client.model.spoken import spoken
from protocol import ircv3
from protocol.message import Message

_Key = tuple[str, Kind, str, int | None]


class Copies:
    """What is known.

    Args:
        fold: maps all spellings of a nick to one.
        again: what is said again, whose lines `take` will be given. If none of their times has milliseconds,
            times are compared to the second: some histories keep no more.
    """

    def __init__(self, fold: Callable[[str], str], again: Iterable[Message]) -> None:
        self._fold = fold
        lines = list(again)
        moments = map(sent_at, lines)
        self._all_have_ids = bool(lines) and all(message.tags.get(ircv3.TAG_MSGID) for message in lines)
        self._unit = 1000 if any(moment and moment % 1 for moment in moments) else 1
        self._ids: set[str] = set()
        self._without_id: Counter[_Key] = Counter()
        self._with_id: Counter[_Key] = Counter()

    def add_id(self, msgid: str) -> None:
        """A message with this id is known."""
        if msgid:
            self._ids.add(msgid)

    def add_entry(self, entry: Entry) -> None:
        """An entry of the transcript; one that is not known to have arrived does not count."""
        if self._all_have_ids and entry.msgid:
            self.add_id(entry.msgid)
        elif entry.kind in FROM_MESSAGES and entry.delivery is Delivery.SENT:
            self._add(
                entry.msgid, (entry.nick, entry.kind, entry.text, entry.time if entry.server_timed else None)
            )

    def add_message(self, message: Message) -> None:
        """A message that is not in the transcript."""
        if self._all_have_ids and message.tags.get(ircv3.TAG_MSGID):
            self.add_id(message.tags[ircv3.TAG_MSGID])
        elif content := spoken(message):
            self._add(message.tags.get(ircv3.TAG_MSGID, ""), (message.nick, *content, sent_at(message)))

    def take(self, message: Message) -> bool:
        """Tell whether this is a copy of something known that no line before it was a copy of."""
        msgid = message.tags.get(ircv3.TAG_MSGID, "")
        if msgid and msgid in self._ids:
            return True
        comparable = (self._without_id,) if msgid else (self._without_id, self._with_id)
        content = spoken(message) if any(comparable) else None
        if content is None:
            return False
        moment = sent_at(message)
        for known in comparable:
            for key in (self._key(message.nick, *content, moment), self._key(message.nick, *content, None)):
                if known[key] > 0:
                    known[key] -= 1
                    return True
        return False

    def _add(self, msgid: str, said: tuple[str, Kind, str, float | None]) -> None:
        self.add_id(msgid)
        (self._with_id if msgid else self._without_id)[self._key(*said)] += 1

    def _key(self, nick: str, kind: Kind, text: str, moment: float | None) -> _Key:
        return self._fold(nick), kind, text, None if moment is None else int(moment * self._unit + 1e-6)
