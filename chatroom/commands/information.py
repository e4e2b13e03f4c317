"""What the server says of itself and its commands: MOTD LUSERS VERSION … HELP (RFC 2812 section 3.4)."""

from typing import Final

from chatroom.client import Client
from chatroom.command_table import COMMANDS, command
from chatroom.replies import local_time, send_isupport, send_lusers, send_motd
from chatroom.state import ReplyError, ServerState
from chatroom.throttle import steady_time
from program.version import NAME, VERSION
from protocol import numerics as n
from protocol.message import Message
from protocol.words import upper

_HELP_HINT: Final = "HELP <command> tells more of one."


@command("MOTD")
def motd(state: ServerState, client: Client, message: Message) -> None:
    """MOTD [server]."""
    state.check_server(message.param(0))
    send_motd(state, client)


@command("LUSERS")
def lusers(state: ServerState, client: Client, message: Message) -> None:
    """LUSERS."""
    send_lusers(state, client)


@command("VERSION")
def version(state: ServerState, client: Client, message: Message) -> None:
    """VERSION [server]."""
    state.check_server(message.param(0))
    state.reply(client, n.RPL_VERSION, f"{NAME}-{VERSION}", state.name, state.config.description)
    send_isupport(state, client)


@command("TIME")
def time(state: ServerState, client: Client, message: Message) -> None:
    """TIME [server]: the server's local time."""
    state.check_server(message.param(0))
    state.reply(client, n.RPL_TIME, state.name, local_time(state.time))


@command("ADMIN")
def admin(state: ServerState, client: Client, message: Message) -> None:
    """ADMIN [server]: who runs this server."""
    state.check_server(message.param(0))
    state.reply(client, n.RPL_ADMINME, state.name, "Administrative info")
    state.reply(client, n.RPL_ADMINLOC1, state.config.description)
    state.reply(client, n.RPL_ADMINLOC2, "A server of a laboratory course")
    state.reply(client, n.RPL_ADMINEMAIL, "Ask the teacher in the room")


@command("INFO")
def info(state: ServerState, client: Client, message: Message) -> None:
    """INFO [server]: what program this is."""
    state.check_server(message.param(0))
    for line in (
        f"{NAME} {VERSION}: a client-server chat over TCP sockets, to study and to use.",
        "One thread accepts, one thread for each client reads, one thread owns the rooms and sends.",
        f"Started {local_time(state.created)}",
    ):
        state.reply(client, n.RPL_INFO, line)
    state.reply(client, n.RPL_ENDOFINFO, "End of INFO list")


@command("LINKS")
def links(state: ServerState, client: Client, message: Message) -> None:
    """LINKS: the servers of the network, of which there is one."""
    state.reply(client, n.RPL_LINKS, state.name, state.name, f"0 {state.config.description}")
    state.reply(client, n.RPL_ENDOFLINKS, "*", "End of /LINKS list")


@command("STATS", 1)
def stats(state: ServerState, client: Client, message: Message) -> None:
    """STATS <letter> [server]: `u` tells how long the server has been up."""
    letter = message.params[0][:1] or "*"
    state.check_server(message.param(1))
    if letter == "u":
        minutes, seconds = divmod(int(steady_time() - state.started_at), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        state.reply(client, n.RPL_STATSUPTIME, f"Server Up {days} days {hours}:{minutes:02}:{seconds:02}")
    state.reply(client, n.RPL_ENDOFSTATS, letter, "End of /STATS report")


@command("HELP")
@command("HELPOP")
def help_(state: ServerState, client: Client, message: Message) -> None:
    """HELP [<command>], or HELPOP."""
    subject = upper(message.param(0))
    if not subject:
        names = sorted(COMMANDS)
        rows = [" ".join(names[start : start + 8]) for start in range(0, len(names), 8)]
        lines = ["The commands of this server:", *rows, _HELP_HINT]
    elif subject in COMMANDS:
        lines = [line.strip() for line in (COMMANDS[subject].handler.__doc__ or subject).splitlines()]
    else:
        raise ReplyError(n.ERR_HELPNOTFOUND, subject, f"There is no help on this. {_HELP_HINT}")
    name = subject or "*"
    state.reply(client, n.RPL_HELPSTART, name, lines[0])
    for line in lines[1:]:
        state.reply(client, n.RPL_HELPTXT, name, line)
    state.reply(client, n.RPL_ENDOFHELP, name, "End of /HELP")
