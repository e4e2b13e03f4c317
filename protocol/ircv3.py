"""The names of IRCv3 as they stand on the wire: capabilities, tags, types of batches (ircv3.net/irc).

A capability is negotiated with CAP (specification "capability-negotiation"); each name below stands in the
specification of its own name, unless a comment says otherwise. Names with the vendor `chat.lab/` are ours.
At first our vendor was `labchat/`, which does not have the shape of a domain, as message-tags demands; some
clients drop every line with such a tag. Both sides still understand the first names, so that programs of
before and after keep their promises to each other.
"""

from collections.abc import Mapping
from typing import Final

# Capabilities.
AWAY_NOTIFY: Final = "away-notify"
BATCH: Final = "batch"
CAP_NOTIFY: Final = "cap-notify"  # capability-negotiation
CHATHISTORY: Final = "draft/chathistory"
CHGHOST: Final = "chghost"
DESK: Final = "chat.lab/desk"  # docs/protocol.md
ECHO_MESSAGE: Final = "echo-message"
EVENT_PLAYBACK: Final = "draft/event-playback"  # chathistory
EXTENDED_JOIN: Final = "extended-join"
EXTENDED_MONITOR: Final = "extended-monitor"
FIRST_RECLAIM: Final = "labchat/reclaim"  # its first name
INVITE_NOTIFY: Final = "invite-notify"
LABELED_RESPONSE: Final = "labeled-response"
MESSAGE_REDACTION: Final = "draft/message-redaction"
MESSAGE_TAGS: Final = "message-tags"
MULTI_PREFIX: Final = "multi-prefix"
MULTILINE: Final = "draft/multiline"
RATIFIED_CHATHISTORY: Final = "chathistory"  # what draft/chathistory is to be called one day
RECLAIM: Final = "chat.lab/reclaim"  # docs/protocol.md
SEARCH: Final = "soju.im/search"  # of soju, and of those who do as it does
SERVER_TIME: Final = "server-time"
SETNAME: Final = "setname"
STANDARD_REPLIES: Final = "standard-replies"
USERHOST_IN_NAMES: Final = "userhost-in-names"

# Tags. Those that begin with + are client-only: a server passes them on and does not look at them.
TAG_ANNOUNCEMENT: Final = "chat.lab/announcement"  # docs/protocol.md
TAG_BATCH: Final = "batch"
TAG_BOT: Final = "bot"  # bot-mode
TAG_CONCAT: Final = "draft/multiline-concat"  # multiline
TAG_DRAFT_BOT: Final = "draft/bot"  # bot-mode, before it was ratified
TAG_DRAFT_TYPING: Final = "+draft/typing"  # typing, before it was ratified
TAG_FIRST_NONCE: Final = "+labchat/nonce"  # its first name
TAG_HAND: Final = "+chat.lab/hand"  # docs/protocol.md
TAG_LABEL: Final = "label"  # labeled-response
TAG_MSGID: Final = "msgid"  # message-ids
CLASS: Final = "chat.lab/CLASS"
"""The token of 005 that names the rooms of a class: their operators are teachers (docs/protocol.md)."""
OPEN_WIRE: Final = "chat.lab/OPEN-WIRE"
"""The token of 005 that tells a client that others can read what it sends, so that OPER is refused."""
TAG_NONCE: Final = "+chat.lab/nonce"  # docs/protocol.md
TAG_REACHED: Final = "chat.lab/reached"  # docs/protocol.md
TAG_REACHED_ID: Final = "chat.lab/reached-id"  # docs/protocol.md
TAG_REPLY: Final = "+draft/reply"  # reply client tag
TAG_TIME: Final = "time"  # server-time
TAG_TYPING: Final = "+typing"
TYPING_ACTIVE: Final = "active"
TYPING_PAUSED: Final = "paused"
TYPING_DONE: Final = "done"

# Types of batches, beside those that are called like their capability (multiline, labeled-response).
BATCH_CHATHISTORY: Final = "chathistory"
BATCH_PLAYBACK: Final = "znc.in/playback"  # of ZNC and of those who do as it does
BATCH_TARGETS: Final = "draft/chathistory-targets"  # chathistory

NONCES: Final = frozenset({TAG_NONCE, TAG_FIRST_NONCE})
_OF_ONE_LINE: Final = NONCES | {TAG_REPLY}


def nonce_of(tags: Mapping[str, str]) -> str:
    """Return the nonce in a message's tags, whatever the sender's version calls it; "" if there is none."""
    return tags.get(TAG_NONCE) or tags.get(TAG_FIRST_NONCE, "")


def for_another_line(tags: str) -> str:
    """Return a message's tags, formatted, for a second line of it: a nonce marks one, and one answers."""
    return ";".join(tag for tag in tags.split(";") if tag.partition("=")[0] not in _OF_ONE_LINE)
