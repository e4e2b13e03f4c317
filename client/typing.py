"""Who is writing (https://ircv3.net/specs/client-tags/typing): what we tell others of it.

What others tell of themselves is noted by `client.handlers.messages`.
"""

from dataclasses import dataclass
from typing import Final

from client.model.conversations import Conversation
from client.model.speech import Silence
from client.model.state import ClientState
from client.slash_commands import is_command
from protocol import ircv3
from protocol.ircv3 import TYPING_ACTIVE, TYPING_DONE, TYPING_PAUSED
from protocol.message import Message, format_message

INTERVAL: Final = 3.0
"""Seconds between two lines of ours to one conversation."""
PAUSE: Final = 5.0
"""Seconds without a key after which the user is thinking."""
SILENT_AFTER_REFUSAL: Final = 60.0
"""Seconds for which nothing is told where the server did not pass it on."""


@dataclass(slots=True)
class _Writing:
    """What stands in the field of a conversation, and what the others know of it."""

    has_text: bool
    changed_at: float
    told: str = TYPING_DONE
    told_at: float = float("-inf")
    silent_until: float = float("-inf")


class Typing:
    """Tells others that the user is writing.

    1. To one conversation no more than one line in INTERVAL seconds MUST go.
    2. Nothing MUST be told of commands, nor where the server does not pass it on or we may not speak.
    3. What is sent ends it: nothing more is told then.
    """

    def __init__(self, state: ClientState) -> None:
        self._state = state
        self._places: dict[Conversation, _Writing] = {}

    def note(self, place: Conversation, text: str) -> None:
        """The user has changed what stands in the field."""
        has_text = bool(text.strip()) and not is_command(text)
        now = self._state.timer()
        writing = self._places.get(place)
        if writing is None:
            if not has_text:
                return
            writing = self._places[place] = _Writing(has_text, now)
        writing.has_text, writing.changed_at = has_text, now
        self._tell(place, writing, now)

    def said(self, place: Conversation) -> None:
        """What stood in the field is on its way; whoever gets it knows that it is written."""
        if writing := self._places.get(place):
            writing.has_text, writing.told = False, TYPING_DONE

    def tick(self) -> None:
        """To be called about once a second."""
        now = self._state.timer()
        for place, writing in list(self._places.items()):
            self._tell(place, writing, now)
            over = not writing.has_text and writing.told == TYPING_DONE
            if over and now > max(writing.told_at + INTERVAL, writing.silent_until):
                del self._places[place]

    def take_refusal(self, target: str) -> bool:
        """An error came that may be about a line of ours; if so, tell nothing there for a while."""
        place = self._state.conversation(target)
        writing = self._places.get(place) if place else None
        now = self._state.timer()
        if writing is None or now - writing.told_at > SILENT_AFTER_REFUSAL:
            return False
        writing.silent_until, writing.told = now + SILENT_AFTER_REFUSAL, TYPING_DONE
        return True

    def connection_lost(self) -> None:
        """Nobody knows any more what we told."""
        self._places.clear()

    def _tell(self, place: Conversation, writing: _Writing, now: float) -> None:
        is_active = now - writing.changed_at < PAUSE
        sign = TYPING_DONE if not writing.has_text else TYPING_ACTIVE if is_active else TYPING_PAUSED
        goes_on = sign == TYPING_ACTIVE and writing.changed_at > writing.told_at
        is_due = now - writing.told_at >= INTERVAL and now > writing.silent_until
        if (sign == writing.told and not goes_on) or not is_due or not self._may_tell(place):
            return
        writing.told, writing.told_at = sign, now
        line = Message("TAGMSG", (place.name,), tags={ircv3.TAG_TYPING: sign})
        self._state.send_line(format_message(line))

    def _may_tell(self, place: Conversation) -> bool:
        state = self._state
        if not state.ready or not place.name or (place.is_room and not place.joined):
            return False
        denied = state.support.get("CLIENTTAGDENY").split(",")
        passes = "typing" not in denied and ("*" not in denied or "-typing" in denied)
        return passes and ircv3.MESSAGE_TAGS in state.capabilities and state.silence(place) is Silence.NONE
