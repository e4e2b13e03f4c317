"""What the server says of itself: MOTD LUSERS VERSION TIME (RFC 2812 section 3.4)."""

from datetime import UTC, datetime

from chatroom.client import Client
from chatroom.dispatch import command
from chatroom.isupport import TOKENS_PER_LINE, isupport
from chatroom.state import ServerState
from program.version import NAME, VERSION
from protocol import numerics as n
from protocol.masks import matches
from protocol.message import Message


def is_other_server(state: ServerState, client: Client, target: str) -> bool:
    """Answer 402 if a command is meant for a server that is not this one."""
    if not target or matches(target, state.name) or state.find_client(target):
        return False
    state.reply(client, n.ERR_NOSUCHSERVER, target, "No such server")
    return True


def started_text(state: ServerState) -> str:
    """Return when the server was started, in its local time."""
    return local_time(state.created)


def local_time(seconds: float) -> str:
    """Return a time as the server's people read it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def send_isupport(state: ServerState, client: Client) -> None:
    """Send what this server can do (005)."""
    tokens = isupport(state.config, has_history=state.journal.history is not None)
    for start in range(0, len(tokens), TOKENS_PER_LINE):
        part = " ".join(tokens[start : start + TOKENS_PER_LINE])
        state.send(
            client, f":{state.name} {n.RPL_ISUPPORT} {client.nick} {part} :are supported by this server"
        )


def send_motd(state: ServerState, client: Client) -> None:
    """Send the message of the day, or say that there is none."""
    if not state.config.motd:
        state.reply(client, n.ERR_NOMOTD, "MOTD File is missing")
        return
    state.reply(client, n.RPL_MOTDSTART, f"- {state.name} Message of the day -")
    for line in state.config.motd:
        state.reply(client, n.RPL_MOTD, f"- {line}")
    state.reply(client, n.RPL_ENDOFMOTD, "End of /MOTD command")


def send_lusers(state: ServerState, client: Client) -> None:
    """Send how many are here (251–255, 265, 266)."""
    registered = [c for c in state.connections if c.registered]
    invisible = sum("i" in c.modes for c in registered)
    operators = sum(c.is_operator for c in registered)
    unknown = len(state.connections) - len(registered)
    count, most = str(len(registered)), str(state.most_clients)
    state.reply(
        client,
        n.RPL_LUSERCLIENT,
        f"There are {len(registered) - invisible} users and {invisible} invisible on 1 servers",
    )
    if operators:
        state.reply(client, n.RPL_LUSEROP, str(operators), "operator(s) online")
    if unknown:
        state.reply(client, n.RPL_LUSERUNKNOWN, str(unknown), "unknown connection(s)")
    if state.channels:
        state.reply(client, n.RPL_LUSERCHANNELS, str(len(state.channels)), "channels formed")
    state.reply(client, n.RPL_LUSERME, f"I have {count} clients and 1 servers")
    state.reply(client, n.RPL_LOCALUSERS, count, most, f"Current local users {count}, max {most}")
    state.reply(client, n.RPL_GLOBALUSERS, count, most, f"Current global users {count}, max {most}")


@command("MOTD")
def motd(state: ServerState, client: Client, message: Message) -> None:
    """MOTD [server]."""
    if not is_other_server(state, client, message.param(0)):
        send_motd(state, client)


@command("LUSERS")
def lusers(state: ServerState, client: Client, message: Message) -> None:
    """LUSERS."""
    send_lusers(state, client)


@command("VERSION")
def version(state: ServerState, client: Client, message: Message) -> None:
    """VERSION [server]."""
    if not is_other_server(state, client, message.param(0)):
        state.reply(client, n.RPL_VERSION, f"{NAME}-{VERSION}", state.name, state.config.description)
        send_isupport(state, client)


@command("TIME")
def time(state: ServerState, client: Client, message: Message) -> None:
    """TIME [server]: the server's local time."""
    if not is_other_server(state, client, message.param(0)):
        now = datetime.fromtimestamp(state.time, UTC).astimezone()
        state.reply(client, n.RPL_TIME, state.name, now.strftime("%A, %d %B %Y, %H:%M:%S %z"))


@command("ADMIN")
def admin(state: ServerState, client: Client, message: Message) -> None:
    """ADMIN [server]: who runs this server."""
    if is_other_server(state, client, message.param(0)):
        return
    state.reply(client, n.RPL_ADMINME, state.name, "Administrative info")
    state.reply(client, n.RPL_ADMINLOC1, state.config.description)
    state.reply(client, n.RPL_ADMINLOC2, "A server of a laboratory course")
    state.reply(client, n.RPL_ADMINEMAIL, "Ask the teacher in the room")


@command("INFO")
def info(state: ServerState, client: Client, message: Message) -> None:
    """INFO [server]: what program this is."""
    if is_other_server(state, client, message.param(0)):
        return
    for line in (
        f"{NAME} {VERSION}: a client-server chat over TCP sockets, to study and to use.",
        "One thread accepts, one thread for each client reads, one thread owns the rooms and sends.",
        f"Started {started_text(state)}",
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
    if is_other_server(state, client, message.param(1)):
        return
    if letter == "u":
        minutes, seconds = divmod(int(state.time - state.created), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        state.reply(client, n.RPL_STATSUPTIME, f"Server Up {days} days {hours}:{minutes:02}:{seconds:02}")
    state.reply(client, n.RPL_ENDOFSTATS, letter, "End of /STATS report")
