"""Handlers of answers that are seldom asked for: each as a sentence, where the user asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.handlers.table import on
from client.model.sanitize import clean
from protocol import numerics
from protocol.message import Message
from translations import _, plural

if TYPE_CHECKING:
    from client.session import Session


def _last(message: Message) -> str:
    return clean(message.params[-1]) if message.params else ""


def _count(text: str) -> int:
    return min(int(text[:9]), 10**9) if text.isascii() and text.isdecimal() else 0


@on(numerics.RPL_YOUREOPER)
def _operator(session: Session, message: Message) -> None:
    session.inform(session.asked_in, _("You are an operator of the server now."))


@on(numerics.RPL_BANLIST, numerics.RPL_EXCEPTLIST, numerics.RPL_INVEXLIST)
def _mask(session: Session, message: Message) -> None:
    mask, setter = clean(message.param(2)), clean(message.param(3).partition("!")[0])
    match message.command:
        case numerics.RPL_BANLIST:
            text = _("{mask} is banned")
        case numerics.RPL_EXCEPTLIST:
            text = _("{mask} is excepted from bans")
        case _other:
            text = _("{mask} may enter without an invitation")
    said = text.format(mask=mask) + (f" ({setter})" if setter else "")
    session.inform(session.room(message.param(1)) or session.asked_in, said)


@on(numerics.RPL_INVITELIST)
def _invited(session: Session, message: Message) -> None:
    session.inform(session.asked_in, _("You are invited to {room}.").format(room=_last(message)))


@on(numerics.RPL_WHOWASUSER)
def _was(session: Session, message: Message) -> None:
    text = _("{nick} was {name}, {user}@{host}").format(
        nick=clean(message.param(1)),
        user=clean(message.param(2)),
        host=clean(message.param(3)),
        name=_last(message),
    )
    session.inform(session.asked_in, text)


@on(numerics.RPL_VERSION)
def _version(session: Session, message: Message) -> None:
    session.inform(session.asked_in, _("The server runs {version}").format(version=clean(message.param(1))))


@on(numerics.RPL_TIME)
def _time(session: Session, message: Message) -> None:
    session.inform(session.asked_in, _("The server's time: {time}").format(time=_last(message)))


@on(numerics.RPL_UMODEIS)
def _own_modes(session: Session, message: Message) -> None:
    session.inform(session.asked_in, _("Your modes: {modes}").format(modes=clean(message.param(1))))


@on(numerics.RPL_ISON)
def _is_on(session: Session, message: Message) -> None:
    nicks = _last(message).strip()
    text = _("Online now: {nicks}").format(nicks=nicks) if nicks else _("None of them is online.")
    session.inform(session.asked_in, text)


@on(numerics.RPL_MONONLINE, numerics.RPL_MONOFFLINE, numerics.RPL_MONLIST)
def _watched(session: Session, message: Message) -> None:
    nicks = ", ".join(one.partition("!")[0] for one in _last(message).split(","))
    match message.command:
        case numerics.RPL_MONONLINE:
            text = _("Now online: {nicks}")
        case numerics.RPL_MONOFFLINE:
            text = _("Not online: {nicks}")
        case _other:
            text = _("You watch: {nicks}")
    session.inform(session.asked_in, text.format(nicks=nicks))


@on(numerics.RPL_LUSEROP, numerics.RPL_LUSERCHANNELS, numerics.RPL_LUSERUNKNOWN)
def _counts(session: Session, message: Message) -> None:
    count = _count(message.param(1))
    match message.command:
        case numerics.RPL_LUSEROP:
            text = plural("{count} operator of the server", "{count} operators of the server", count)
        case numerics.RPL_LUSERCHANNELS:
            text = plural("{count} room on the server", "{count} rooms on the server", count)
        case _other:
            text = plural("{count} connection without a nick", "{count} connections without a nick", count)
    session.inform(session.server_talk, text, message)


@on(numerics.RPL_TRYAGAIN)
def _try_again(session: Session, message: Message) -> None:
    text = _("The server is too busy for {name} now. Please try again a little later.")
    session.complain(session.asked_in, text.format(name=clean(message.param(1))))


@on("242", "256", "257", "258", "259", "302", "364", "371", "704", "705")
def _words(session: Session, message: Message) -> None:
    """ADMIN, LINKS, INFO, STATS u, HELP and USERHOST answer in words of the server's own."""
    if text := _last(message).strip():
        session.inform(session.asked_in, text)


@on("337", "219", "733")
def _ends(session: Session, message: Message) -> None:
    pass
