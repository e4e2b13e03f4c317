"""Whom the user means by a nick, or by a part of one, whose words he looks for. Sans-I/O."""

from client.model.conversations import SPOKEN
from client.model.state import ClientState


def authors_meant(state: ClientState, typed: str) -> list[str]:
    """Return the nicks that hold what was typed, of those who are here or whose words are loaded.

    It is the nick of one of them: that alone. It is in none: as it was typed, for the history may know more.
    """
    places = state.conversations.values()
    here = [member.nick for place in places for member in place.members.values()]
    said = [one.nick for place in places for one in place.entries if one.kind in SPOKEN]
    known = {state.fold(nick): nick for nick in dict.fromkeys((*said, *here))}
    wanted = state.fold(typed)
    if wanted in known:
        return [known[wanted]]
    return sorted(nick for folded, nick in known.items() if wanted in folded) or [typed]
