"""The modes that this server knows, for 004, 005 and MODE (RFC 2811 section 4)."""

from enum import Enum, auto
from typing import Final

from protocol.names import STATUS_MARKS


class ModeKind(Enum):
    """What a channel mode is, and when it has a parameter (005 CHANMODES and PREFIX)."""

    MEMBER = auto()
    """A member's rank: the parameter is a nick."""
    LIST = auto()
    """Masks: a parameter adds or removes one; without, the list is asked for."""
    KEY = auto()
    """A value, with a parameter when it is set and when it is unset."""
    LIMIT = auto()
    """A value, with a parameter when it is set."""
    FLAG = auto()
    """On or off, without a parameter."""


CHANNEL_MODES: Final = {
    "o": ModeKind.MEMBER,  # operator
    "v": ModeKind.MEMBER,  # may speak in a moderated channel
    "b": ModeKind.LIST,  # who is kept out
    "e": ModeKind.LIST,  # who is excepted from that
    "I": ModeKind.LIST,  # who may enter an invite-only channel
    "k": ModeKind.KEY,
    "l": ModeKind.LIMIT,
    "C": ModeKind.FLAG,  # no CTCP
    "i": ModeKind.FLAG,  # invite-only
    "m": ModeKind.FLAG,  # moderated
    "n": ModeKind.FLAG,  # only members may speak
    "s": ModeKind.FLAG,  # secret
    "t": ModeKind.FLAG,  # only operators may set the topic
}
PREFIXES: Final = dict(zip("ov", STATUS_MARKS, strict=True))
"""The marks of member modes, highest first."""
USER_MODES: Final = "Biow"
"""Bot, invisible, operator of the server, takes WALLOPS."""


def letters_of(*kinds: ModeKind) -> str:
    """Return the channel modes of these kinds."""
    return "".join(letter for letter, kind in CHANNEL_MODES.items() if kind in kinds)


LIST_MODES: Final = letters_of(ModeKind.LIST)


def takes_parameter(letter: str, adding: bool) -> bool:
    """Tell whether a channel mode has a parameter when it is added or removed."""
    kind = CHANNEL_MODES.get(letter, ModeKind.FLAG)
    return kind is not ModeKind.FLAG and (adding or kind is not ModeKind.LIMIT)


def modes_for_myinfo() -> tuple[str, str, str]:
    """Return what 004 names: user modes, channel modes, and those of them that have a parameter."""
    with_parameter = (letter for letter in CHANNEL_MODES if takes_parameter(letter, adding=True))
    return USER_MODES, "".join(sorted(CHANNEL_MODES)), "".join(sorted(with_parameter))
