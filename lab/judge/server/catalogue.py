"""The checks of a server in the order in which they are made."""

from dataclasses import replace

from lab.judge.bench import ServerBench
from lab.judge.check import Check
from lab.judge.protocols import PROTOCOLS
from lab.judge.server import endings, features, framing, irc, letters, load, programs, talking

ServerCheck = Check[ServerBench]


def server_checks(protocol: str, feature: str = "") -> list[ServerCheck]:
    """Return the checks for a protocol and for the feature of a variant; "" for none."""
    accept, *talk = talking.CHECKS
    is_irc = protocol == "irc"
    checks = [
        accept,
        *(irc.FIRST if is_irc else ()),
        *talk,
        *framing.CHECKS,
        *letters.CHECKS,
        *endings.CHECKS,
        *(irc.CHECKS if is_irc else ()),
        *load.CHECKS,
        *(programs.CHECKS if is_irc else ()),
        *([features.CHECKS[feature]] if feature and not is_irc else ()),
        endings.RESTART,
    ]
    if PROTOCOLS[protocol].has_frames:
        return checks
    framed = {check.name for check in framing.CHECKS}
    return [
        replace(check, requires=tuple(one for one in check.requires if one not in framed)) for check in checks
    ]
