"""The whole state of the server: clients, channels, history.

Owned by exactly one thread (the hub). Lines in through `handle`, lines out in the clients' outboxes; no
sockets, no threads. After each batch the owner calls `commit` and only then sends what is in the outboxes:
a message is on disk before anybody sees it.
"""

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from chatroom.channel import Channel
from chatroom.client import MESSAGE_TAGS, SERVER_TIME, Client, Departed
from chatroom.config import Config
from chatroom.delivery import Delivery
from chatroom.dispatch import COMMANDS
from chatroom.history.journal import Journal
from chatroom.history.store import History
from chatroom.labels import Answers
from chatroom.nonces import Nonces
from chatroom.password_attempts import Attempts
from chatroom.throttle import Throttle, steady_time
from protocol import ircv3
from protocol import numerics as n
from protocol.framing import MAX_LINE
from protocol.message import LineTooLongError, MalformedLineError, Message, parse
from protocol.names import fold
from protocol.text import cut, visible
from translations import _

log = logging.getLogger("chat.server")
MAX_BODY: Final = MAX_LINE - 2
A_DAY: Final = 86_400.0


class ServerState:
    """Clients, channels and history of one server."""

    def __init__(
        self, config: Config, history: History | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.config = config
        self.name = config.name
        self.journal = Journal(history)
        self.clients: dict[str, Client] = {}
        """Registered clients, and those that have chosen a nick, by folded nick."""
        self.channels: dict[str, Channel] = {}
        self.connections: set[Client] = set()
        """Everybody who is connected, registered or not."""
        self.watchers: dict[str, dict[Client, None]] = {}
        """Who watches which nick (MONITOR), by folded nick."""
        self.whowas: deque[Departed] = deque(maxlen=config.limits.whowas)
        self.attempts = Attempts(config.limits)
        self.most_clients = 0
        self.registered_count = 0
        self._clock = clock
        self.time = self.journal.last_time / 1000
        """The time of what is being handled, in seconds since the epoch."""
        if self.time > clock() + A_DAY:
            log.warning(
                _(
                    "the newest message of the history is of {time}, later than this computer's clock: until "
                    "then all messages bear that time"
                ).format(time=format_time(self.time))
            )
        self._advance_time()
        self.created = self.time
        self.delivery = Delivery()
        self.nonces = Nonces(history)
        self._closed: list[Client] = []
        self._next_number = 0
        self._next_batch = 0
        self.answers = Answers(self.delivery, self.name, self.new_batch)

    def _advance_time(self) -> None:
        self.time = max(self.time, self._clock())  # never back, so that the history stays in order

    # For the owner: connections, lines, and what is to be sent.

    def connect(self, host: str, port: int, *, secure: bool = False) -> Client:
        """Take in a new connection from an address; `secure`: over TLS."""
        self._advance_time()
        self._next_number += 1
        # A host that began with a colon (IPv6 "::1") would end the source it stands in.
        client = Client(self._next_number, f"0{host}" if host.startswith(":") else host, port, self.time)
        client.secure = secure
        self.connections.add(client)
        log.info(
            _("connected: {address} (client {number})").format(address=_address(client), number=client.id)
        )
        return client

    def handle(self, client: Client, message: Message | ValueError) -> None:
        """Act on a line from a client, or on the reason why it is none. Never raises."""
        if client.closed:
            return
        if client.answered > self.config.limits.answer_bytes:
            self.close(client, "SendQ exceeded")
            return
        client.ping_sent = False
        self._advance_time()
        try:
            if isinstance(message, ValueError):
                self._reject(client, message)
            elif message.tags and ircv3.TAG_LABEL in message.tags:
                self.answers.give(client, message, lambda: self._dispatch(client, message))
            else:
                self._dispatch(client, message)
        except Exception:
            # Not the whole line: there may be a password in it.
            command = message.command if isinstance(message, Message) else type(message).__name__
            log.exception("client %s, command %s", client.source or client.id, command)
            self.reply(client, n.ERR_UNKNOWNERROR, "*", "Internal error; the server's console tells more")

    def _reject(self, client: Client, reason: ValueError) -> None:
        if isinstance(reason, LineTooLongError):
            self.reply(client, n.ERR_INPUTTOOLONG, "Input line was too long")
        elif isinstance(reason, UnicodeDecodeError):
            with contextlib.suppress(MalformedLineError):
                message = parse(reason.object.decode("utf-8", "replace"))
                text = "Message rejected, it is not valid UTF-8"
                self.answers.give(
                    client, message, lambda: self.fail(client, message.command, "INVALID_UTF8", text)
                )

    def _dispatch(self, client: Client, message: Message) -> None:
        command = COMMANDS.get(message.command)
        if message.tags and ircv3.TAG_BATCH in message.tags and ircv3.MULTILINE in client.capabilities:
            command = COMMANDS["BATCH LINE"]
        if not client.registered and not (command and command.before_registration):
            self.reply(client, n.ERR_NOTREGISTERED, "You have not registered")
        elif command is None:
            self.reply(client, n.ERR_UNKNOWNCOMMAND, message.command, "Unknown command")
        elif len(message.params) < command.minimum:
            self.reply(client, n.ERR_NEEDMOREPARAMS, message.command, "Not enough parameters")
        else:
            command.handler(self, client, message)

    def disconnect(self, client: Client, reason: str) -> None:
        """The connection has ended by itself, or the owner ends it: tell the rooms and forget the client."""
        if client.closed:
            return
        client.closed = True
        self._advance_time()
        if client.registered:
            body = f":{client.source} QUIT :{reason}"
            for channel in client.channels.values():
                self.note_event(channel, body)
            self.relay(self.peers(client), body)
            self.registered_count -= 1
            self.whowas.append(Departed(client.nick, client.user, client.host, client.realname, self.time))
            self.tell_watchers(client.nick, "")
        log.info(
            _("closed: {address} {nick}: {reason}").format(
                address=_address(client), nick=client.nick or "–", reason=visible(reason)
            )
        )
        for channel in list(client.channels.values()):
            self.remove_member(channel, client)
        for folded in client.monitoring:
            self.unwatch(client, folded)
        if self.clients.get(fold(client.nick)) is client:
            del self.clients[fold(client.nick)]
        self.connections.discard(client)

    def close(self, client: Client, reason: str) -> None:
        """Tell a client why, and end its connection when that is sent (RFC 2812 section 3.7.4)."""
        if not client.closed:
            self.send(client, f"ERROR :Closing link: {client.host} ({reason})")
            self.disconnect(client, reason)
            self._closed.append(client)

    def on_idle(self, client: Client) -> None:
        """Nothing came from the client for the idle time: ask whether it lives; the second time, close it."""
        if client.closed:
            return
        if not client.registered:
            self.close(client, "Registration timeout")
        elif client.ping_sent:
            self.close(client, "Ping timeout")
        else:
            client.ping_sent = True
            self.send(client, f"PING :{self.name}")

    def shut_down(self, reason: str) -> None:
        """Tell everybody that the server ends."""
        for client in list(self.connections):
            self.send(client, f"ERROR :Closing link: {client.host} ({reason})")
            client.closed = True
            self._closed.append(client)

    def commit(self) -> None:
        """Write the batch's messages to the history. To be called before the outboxes are sent."""
        notice = self.journal.commit()
        if notice:
            everybody = (client for client in self.connections if client.registered)
            self.relay(everybody, f":{self.name} NOTICE * :{notice}")

    def take_closed(self) -> list[Client]:
        """Return the clients that are to be closed after their outbox was sent, and begin a new list."""
        closed, self._closed = self._closed, []
        return closed

    # For the commands: answers and relays.

    def reply(self, client: Client, numeric: str, *params: str) -> None:
        """Send a numeric (RFC 2812 section 2.4); parameters that would break the line become `*`."""
        *middle, last = params
        self.send(client, f":{self.name} {numeric} {client.target}{_middle(middle)} :{last}")

    def fail(self, client: Client, command: str, code: str, *params: str) -> None:
        """Send FAIL: what went wrong, for programs and people (IRCv3 standard-replies).

        Parameters that would break the line become `*`.
        """
        *context, text = params
        self.send(client, f":{self.name} FAIL {command} {code}{_middle(context)} :{text}")

    def send(self, client: Client, line: str) -> None:
        """Put a line (without tags and line end) into one client's outbox."""
        self.delivery.put(client, self._encode(fit(line)))

    def relay(
        self,
        recipients: Iterable[Client],
        body: str,
        *,
        skip: Client | None = None,
        msgid: str = "",
        tags: str = "",
        run_of: object = None,
    ) -> None:
        """Put a relayed line into many outboxes.

        Args:
            body: the line without tags and line end; over 510 bytes its text is cut at a letter.
            msgid: the message's id, for clients with message-tags.
            tags: client-only tags, formatted, for clients with message-tags.
            run_of: see `Delivery.relay`.
        """
        body = fit(body)
        self.delivery.relay(
            recipients,
            lambda tag_set: self._tagged(body, tag_set, msgid, tags),
            skip=skip,
            run_of=run_of,
        )

    def relay_tagged(self, recipients: Iterable[Client], tags: str, line: str) -> None:
        """Put a line with exactly these tags (formatted) into many outboxes."""
        raw = self._encode(f"@{tags} {line}" if tags else line)
        self.delivery.relay(recipients, lambda _tag_set: raw)

    def _tagged(self, body: str, tag_set: int, msgid: str, tags: str) -> bytes:
        if not tag_set:
            return self._encode(body)
        parts: list[str] = []
        if tag_set & SERVER_TIME:
            parts.append(f"time={format_time(self.time)}")
        if tag_set & MESSAGE_TAGS:
            if msgid:
                parts.append(f"msgid={msgid}")
            if tags:
                parts.append(tags)
        return self._encode(f"@{';'.join(parts)} {body}" if parts else body)

    @staticmethod
    def _encode(line: str) -> bytes:
        return f"{line}\r\n".encode()

    def send_tagged(self, client: Client, line: str, tags: str) -> None:
        """Put a line with tags (formatted, without `@`) into one client's outbox."""
        line = fit(line)
        self.delivery.put(client, self._encode(f"@{tags} {line}" if tags else line))

    def note_event(self, channel: Channel, body: str) -> str:
        """Store what happened in a channel (for draft/event-playback); return its msgid."""
        return self.journal.add(fold(channel.name), self.time, fit(body), "", event=True)

    def tell_channel(self, channel: Channel, body: str) -> None:
        """Store what happened in a channel, and relay it to all of its members."""
        self.relay(channel.members, body, msgid=self.note_event(channel, body))

    def watch(self, client: Client, nick: str) -> None:
        """Tell the client from now on when somebody of this nick comes and goes."""
        self.watchers.setdefault(fold(nick), {})[client] = None

    def unwatch(self, client: Client, folded: str) -> None:
        """Undo `watch`."""
        watchers = self.watchers.get(folded, {})
        watchers.pop(client, None)
        if not watchers:
            self.watchers.pop(folded, None)

    def tell_watchers(self, nick: str, source: str) -> None:
        """Tell those who watch a nick that somebody (`source`) has it now, or (`""`) that nobody has."""
        numeric = n.RPL_MONONLINE if source else n.RPL_MONOFFLINE
        for watcher in self.watchers.get(fold(nick), ()):
            self.reply(watcher, numeric, source or nick)

    def witnesses(self, client: Client, capability: str) -> list[Client]:
        """Return who is told of a change: the client's peers, and its watchers with extended-monitor."""
        found = dict.fromkeys(self.peers(client))
        for watcher in self.watchers.get(fold(client.nick), ()):
            if ircv3.EXTENDED_MONITOR in watcher.capabilities:
                found[watcher] = None
        found.pop(client, None)
        return [other for other in found if capability in other.capabilities]

    def new_batch(self) -> str:
        """Return a batch reference that no open batch has (IRCv3 batch)."""
        self._next_batch += 1
        return f"b{self._next_batch}"

    # Who and where.

    def find_client(self, nick: str) -> Client | None:
        """Return the registered client of this nick."""
        client = self.clients.get(fold(nick))
        return client if client and client.registered else None

    def find_channel(self, name: str) -> Channel | None:
        return self.channels.get(fold(name))

    def peers(self, client: Client) -> Iterable[Client]:
        """Return the others who share a channel with the client, each once."""
        channels = list(client.channels.values())
        if len(channels) == 1:
            return [member for member in channels[0].members if member is not client]
        found: dict[Client, None] = {}
        for channel in channels:
            found.update(dict.fromkeys(channel.members))
        found.pop(client, None)
        return found

    def remove_member(self, channel: Channel, client: Client) -> None:
        """Take a client off a channel; an empty channel is forgotten."""
        channel.members.pop(client, None)
        client.channels.pop(fold(channel.name), None)
        if not channel.members:
            self.channels.pop(fold(channel.name), None)

    def is_too_often(self, client: Client, command: str, per_minute: int) -> bool:
        """Answer 263 if the client uses a command more often than it may."""
        if not self.config.throttle:
            return False
        throttle = client.throttles.get(command)
        if throttle is None:
            throttle = client.throttles[command] = Throttle(per_minute, per_minute / 60, steady_time())
        if throttle.allows(steady_time()):
            return False
        self.reply(client, n.RPL_TRYAGAIN, command, "Please wait a while and try again")
        return True

    def refused_as_not_operator(self, client: Client, channel: Channel) -> bool:
        """Answer 442 or 482 unless the client is the channel's operator."""
        if client not in channel.members:
            self.reply(client, n.ERR_NOTONCHANNEL, channel.name, "You're not on that channel")
        elif not channel.is_operator(client):
            self.reply(client, n.ERR_CHANOPRIVSNEEDED, channel.name, "You're not channel operator")
        else:
            return False
        return True


def _middle(params: Iterable[str]) -> str:
    return "".join(f" {param if is_middle(param) else '*'}" for param in params)


def is_middle(param: str) -> bool:
    """Tell whether a parameter can stand before the last one of a line."""
    return bool(param) and param[0] != ":" and " " not in param


def fit(line: str) -> str:
    """Return the line cut, at a letter, to the 510 bytes that it may have without tags and line end."""
    return line[:MAX_BODY] if line.isascii() else cut(line, MAX_BODY)


def format_time(seconds: float) -> str:
    """Format a time for the tag `time` (IRCv3 server-time): `2026-11-22T21:04:05.123Z`."""
    moment = datetime.fromtimestamp(int(seconds * 1000) / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _address(client: Client) -> str:
    return f"{client.host}:{client.port}"
