"""Looking for a text in what is loaded: for servers that cannot search, and while there is no connection."""

from collections.abc import Iterator
from heapq import merge
from typing import Final

from client.model.conversations import SPOKEN, Conversation, Entry
from client.model.server_time import stamp_of
from client.model.state import ClientState
from client.search.sought import Found, Sought
from protocol.matching import holds, search_cost

PORTION: Final = 100_000
"""What is searched without a pause: characters, and ENTRY_COST for each entry. Some milliseconds."""
ENTRY_COST: Final = 100


def search_loaded(state: ClientState, sought: Sought) -> Iterator[Found | None]:
    """Yield what fits, the newest first, and None where others may have their turn."""
    places = [one for one in state.conversations.values() if sought.place in ("", one.name)]
    said = merge(*map(_newest_first, places), key=lambda one: -one[1].time)
    cost = 0
    for place, entry in said:
        cost += ENTRY_COST + search_cost(entry.text)
        if _fits(state, entry, sought):
            yield Found(place.name, entry.nick, entry.time, entry.text, entry.msgid, _stamp(entry))
        if cost > PORTION:
            cost = 0
            yield None


def _newest_first(place: Conversation) -> Iterator[tuple[Conversation, Entry]]:
    for entry in list(reversed(place.entries)):
        yield place, entry


def _fits(state: ClientState, entry: Entry, sought: Sought) -> bool:
    if entry.kind not in SPOKEN or entry.deleted_by or state.is_hidden(entry):
        return False
    if sought.nick and not state.is_same(entry.nick, sought.nick):
        return False
    return not sought.text or holds(entry.text, sought.text)


def _stamp(entry: Entry) -> str:
    return stamp_of(entry.time) if entry.server_timed else ""
