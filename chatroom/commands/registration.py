"""How a connection becomes a user, and how it ends: PASS NICK USER PING PONG QUIT (RFC 2812 section 3.1)."""

import re
from typing import Final

from chatroom.classroom.classroom import Classroom
from chatroom.client import Client, Departed
from chatroom.command_table import command
from chatroom.commands.operators import make_operator
from chatroom.delivery import Portions
from chatroom.mode_table import modes_for_myinfo
from chatroom.passwords import hash_secret, same_secret
from chatroom.replies import local_time, send_isupport, send_lusers, send_motd
from chatroom.state import FailError, ReplyError, ServerState
from chatroom.throttle import steady_time
from program.log import log
from program.version import NAME, VERSION
from protocol import ircv3
from protocol import numerics as n
from protocol.message import Message
from protocol.names import MAX_USER, fold, is_valid_nick
from protocol.text import cut_characters
from protocol.words import number
from translations import _

_NOT_IN_USER: Final = re.compile(r"[^A-Za-z0-9._-]")
_INVISIBLE: Final = 8
MIN_SECRET: Final = 16
MAX_SECRET: Final = 64
RESERVED: Final = "Nickname is reserved for the operator of the server"


@command("PASS", 1, before_registration=True)
def password(state: ServerState, client: Client, message: Message) -> None:
    """PASS <password>, before NICK and USER."""
    if client.registered:
        state.reply(client, n.ERR_ALREADYREGISTERED, "You may not reregister")
    else:
        client.password = message.params[0]


@command("NICK", before_registration=True)
def nick(state: ServerState, client: Client, message: Message) -> None:
    """NICK <nickname>: choose a nick, or change it."""
    wanted = message.param(0)
    if not wanted:
        raise ReplyError(n.ERR_NONICKNAMEGIVEN, "No nickname given")
    if not is_valid_nick(wanted, ascii_only=state.config.ascii_nicks):
        raise ReplyError(n.ERR_ERRONEUSNICKNAME, wanted, "Erroneous nickname")
    holder = state.clients.get(fold(wanted))
    if holder is not None and holder is not client:
        if _keeps_nick(state, holder):
            raise ReplyError(n.ERR_NICKNAMEINUSE, wanted, "Nickname is already in use")
        # Perhaps a connection that was lost before it was registered: it does not keep others waiting.
        holder.nick = ""
        state.reply(holder, n.ERR_NICKNAMEINUSE, wanted, "Nickname is already in use")
    if wanted == client.nick:
        return
    if client.registered:
        if state.classroom and state.classroom.is_held(client, state.channels_of(client), state.time):
            raise ReplyError(n.ERR_CANTCHANGENICK, "Who may not speak in the class may not change the nick")
        if state.classroom and (why := state.classroom.why_unexpected(client, wanted)):
            raise ReplyError(n.ERR_CANTCHANGENICK, why)
        state.limit_use(client, "NICK", state.config.limits.nick_changes_per_minute)
        if not _may_have(state, client, wanted):
            raise ReplyError(n.ERR_NICKNAMEINUSE, wanted, RESERVED)
        rename(state, client, wanted)
    else:
        _set_nick(state, client, wanted)
        try_to_register(state, client)


def _set_nick(state: ServerState, client: Client, nick: str) -> None:
    state.clients.pop(fold(client.nick), None)
    state.clients[fold(nick)] = client
    client.nick = nick
    client.update_source()


def rename(state: ServerState, client: Client, nick: str) -> None:
    """Give a registered client another nick, and tell whoever sees it."""
    old, body = client.nick, f":{client.source} NICK :{nick}"
    for channel in state.channels_of(client):
        state.note_event(client, channel, body)
    state.relay([client, *state.peers(client)], body)
    state.whowas.append(Departed(old, client.user, client.host, client.realname, state.time))
    log.info(_("{nick} is now {new}").format(nick=old, new=nick))
    _set_nick(state, client, nick)
    if state.classroom:
        state.classroom.people.note_name(client)
    if client.is_operator and state.classroom:
        state.classroom.operators.remember(client)
    if fold(nick) != fold(old):
        state.tell_watchers(old, "")
        state.tell_watchers(nick, client.source)


def _keeps_nick(state: ServerState, holder: Client) -> bool:
    """Tell whether the holder is registered, or (RECLAIM) comes back and will be let in."""
    may_enter = holder.may_enter or not state.config.password
    returns = bool(holder.secret) and may_enter and _may_have(state, holder, holder.nick)
    return holder.registered or returns


def _may_have(state: ServerState, client: Client, nick: str) -> bool:
    """Tell whether the nick is not reserved for an operator, or the client is one, or will be."""
    if state.classroom is None:
        return True
    operators = state.classroom.operators
    return operators.may_have(client, nick) or operators.comes_back(client)


@command("RECLAIM", 2, before_registration=True)
def reclaim(state: ServerState, client: Client, message: Message) -> None:
    """RECLAIM <nick> <secret> [key]: prove who one is, and take one's nick from a connection that is lost.

    The server may not know yet that it is. The secret is of this connection and those that follow it:
    who named it before comes back with it. The key proves who one is for longer, whatever address and nick
    one has: who named it before may read the private talks and take back the lines of then. Without a key
    the secret does that too. (Capability chat.lab/reclaim.)
    """
    wanted, secret = message.params[:2]
    key = message.param(2) or secret
    if client.registered:
        raise ReplyError(n.ERR_ALREADYREGISTERED, "You may not reregister")
    if not all(MIN_SECRET <= len(one) <= MAX_SECRET for one in (secret, key)):
        raise FailError("INVALID_SECRET", f"A secret has {MIN_SECRET} to {MAX_SECRET} characters")
    client.secret = secret
    if state.classroom:
        state.classroom.operators.note_secret(client)
    client.proof = hash_secret(key)
    client.update_source()
    if client.password is not None:
        _ask_for_entry(state, client)  # before the nick is kept for it: others can see whether it is
        if client.closed:
            return
    holder = state.clients.get(fold(wanted))
    if holder and holder is not client and holder.secret:
        if not same_secret(holder.secret, secret):
            return
        state.close(holder, "Replaced by a newer connection")
    elif holder and holder.registered:
        return
    nick(state, client, Message("NICK", (wanted,)))


@command("USER", 4, before_registration=True)
def user(state: ServerState, client: Client, message: Message) -> None:
    """USER <user> <mode> <unused> <realname>; the mode's bit 3 means +i (RFC 2812 section 3.1.3)."""
    if client.registered:
        raise ReplyError(n.ERR_ALREADYREGISTERED, "You may not reregister")
    name, mode, _unused, realname = message.params[:4]
    if not realname:
        raise ReplyError(n.ERR_NEEDMOREPARAMS, "USER", "Not enough parameters")
    # The tilde says that nobody vouches for this name; there is no ident here.
    client.user = "~" + (_NOT_IN_USER.sub("", name)[: MAX_USER - 1] or "user")
    client.realname = cut_characters(realname, state.config.limits.realname_length)
    if (number(mode) or 0) & _INVISIBLE:
        client.modes.add("i")
    try_to_register(state, client)


def try_to_register(state: ServerState, client: Client) -> None:
    """Welcome the client if it has said all that is needed (RFC 2812 section 5.1, 001–005)."""
    if client.registered or client.closed or client.cap_negotiating or not (client.nick and client.user):
        return
    config = state.config
    if config.password and not client.may_enter:
        _ask_for_entry(state, client)
        return
    client.update_source()
    if state.classroom and not _enter_class(state, state.classroom, client):
        return
    client.registered = True
    client.password = None
    state.registered_count += 1  # not counted anew: a thousand may come at once
    state.most_clients = max(state.most_clients, state.registered_count)
    log.info(
        _("client {number} is {nick}, {user}@{host}").format(
            number=client.id, nick=client.nick, user=client.user, host=client.address
        )
    )
    state.reply(client, n.RPL_WELCOME, f"Welcome to {config.description}, {client.source}")
    state.reply(client, n.RPL_YOURHOST, f"Your host is {state.name}, running {NAME} {VERSION}")
    state.reply(client, n.RPL_CREATED, f"This server was started {local_time(state.created)}")
    myinfo = f"{n.RPL_MYINFO} {client.nick} {state.name} {NAME}-{VERSION} {' '.join(modes_for_myinfo())}"
    state.send(client, f":{state.name} {myinfo}")
    send_isupport(state, client)
    send_lusers(state, client)
    send_motd(state, client)
    state.tell_watchers(client.nick, client.source)
    if client.is_operator:
        make_operator(state, client)


def _enter_class(state: ServerState, classroom: Classroom, client: Client) -> bool:
    """Let a client that is about to register into the class, or tell it why not; return whether it is in."""
    if classroom.operators.comes_back(client):
        client.modes.add("o")
    if not classroom.operators.may_have(client, client.nick):
        refused, client.nick = client.nick, ""
        state.clients.pop(fold(refused), None)
        state.reply(client, n.ERR_NICKNAMEINUSE, refused, RESERVED)
        return False
    if not client.is_operator and (why := classroom.why_refused(client, state.time)):
        state.reply(client, n.ERR_YOUREBANNEDCREEP, why)
        state.close(client, "Not let in")
        return False
    classroom.enter(client, state.time)
    if classroom.is_muted(client, state.time):
        client.realname = client.nick  # what they wrote there others could read
    return True


def _ask_for_entry(state: ServerState, client: Client) -> None:
    """Have the client's password looked at, once; then it comes in, or it is told why not."""

    def answer(is_right: bool) -> None:
        client.may_enter = is_right
        if is_right:
            try_to_register(state, client)
        else:
            state.reply(client, n.ERR_PASSWDMISMATCH, "Password incorrect")
            state.close(client, "Bad password")

    expected = state.config.password
    if client.may_enter or client in state.entry_passwords or not expected:
        return
    is_right = same_secret(client.password or "", expected)
    if wait := state.entry_passwords.ask(client, is_right, answer, steady_time()):
        state.reply(client, n.ERR_PASSWDMISMATCH, f"Too many wrong passwords; try again in {wait} seconds")
        state.close(client, "Too many wrong passwords")


@command("PING", 1, before_registration=True)
def ping(state: ServerState, client: Client, message: Message) -> None:
    """PING <token>: answered with the token."""
    if message.params[0]:
        state.send(client, f":{state.name} PONG {state.name} :{message.params[0]}")
    else:
        state.reply(client, n.ERR_NOORIGIN, "No origin specified")


@command("PONG", before_registration=True)
def pong(state: ServerState, client: Client, message: Message) -> None:
    """PONG: an answer to our PING; that it came is all that counts."""


@command("QUIT", before_registration=True)
def quit_(state: ServerState, client: Client, message: Message) -> Portions:
    """QUIT [reason]."""
    return _quit(state, client, message.param(0))


def _quit(state: ServerState, client: Client, reason: str) -> Portions:
    for channel in state.channels_of(client):
        if not channel.may_speak(client) or state.is_muted(client):
            reason = ""
            break
        yield
    if reason:
        state.close(client, f"Quit: {reason}", told=_("Client quit: {reason}").format(reason=reason))
    else:
        state.close(client, "Client quit")


@command("SETNAME", 1)
def setname(state: ServerState, client: Client, message: Message) -> None:
    """SETNAME <realname> (IRCv3 setname)."""
    realname = message.params[0]
    if not realname or len(realname) > state.config.limits.realname_length:
        raise FailError("INVALID_REALNAME", "Realname is not valid")
    if why := state.why_hidden(client):
        raise FailError("MUTED", why)
    client.realname = realname
    body = f":{client.source} SETNAME :{realname}"
    told = state.witnesses(client, ircv3.SETNAME)
    state.relay([client, *told] if ircv3.SETNAME in client.capabilities else told, body)
