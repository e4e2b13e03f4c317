"""The whole state of the server: clients, channels, history.

Owned by exactly one thread (the hub). Lines come in through `chatroom.dispatch`, and go out through the
clients' outboxes; no sockets, no threads. After each batch the owner calls `commit`, and only then sends what
is in the outboxes: a message is on disk before anybody sees it.
"""

import gc
import itertools
import json
import math
import secrets
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from chatroom.channel import Audience, Channel, ListEntry
from chatroom.classroom.archive import make_archive, move_history
from chatroom.classroom.classroom import Classroom
from chatroom.classroom.desk import LINES_A_SECOND, PersonRow, RoomRow, count_here, person_rows
from chatroom.classroom.file import ClassFile
from chatroom.classroom.people import Person
from chatroom.client import Client, Departed
from chatroom.config import Config
from chatroom.delivery import Delivery
from chatroom.history.nonces import Nonces
from chatroom.history.rows import LAST_TIME, NOBODY
from chatroom.history.store import History, open_history
from chatroom.labels import Labels
from chatroom.lines import encode, fit, format_server_tags, format_time, join_middle
from chatroom.passwords import PasswordQueue
from chatroom.throttle import steady_time
from program.log import log
from program.memory import forget_cached
from program.throttle import Throttle
from protocol import ircv3
from protocol import numerics as n
from protocol.addresses import parse_address
from protocol.masks import matches
from protocol.names import fold
from protocol.text import visible
from protocol.user_masks import UserMask, spell_host
from translations import _, translate

_LATEST: Final = (LAST_TIME - 1) / 1000
"""No time is kept that no message can have."""
STEP_BACK: Final = 2.0
"""Seconds that the computer's clock may be put back, as to synchronize it, with nobody told."""


class ReplyError(Exception):
    """A command cannot be carried out, and a numeric is the answer; see `ServerState.reply`."""

    def __init__(self, numeric: str, *params: str) -> None:
        super().__init__(params[-1])
        self.numeric = numeric
        self.params = params


class FailError(Exception):
    """A command cannot be carried out, and FAIL is the answer (IRCv3 standard-replies)."""

    def __init__(self, code: str, text: str, *context: str) -> None:
        """Args: code: for programs; text: for people; context: parameters that say what it is about."""
        super().__init__(text)
        self.code = code
        self.context = context


class ServerState:
    """Clients, channels and history of one server."""

    def __init__(
        self,
        config: Config,
        history: History | None = None,
        clock: Callable[[], float] = time.time,
        class_file: ClassFile | None = None,
    ) -> None:
        """Begin to serve.

        Args:
            class_file: of the class, if the server has an operator; without it the class is kept in memory.
        """
        self.config = config
        self.name = config.name
        self.history = history
        self.clients: dict[str, Client] = {}
        """Registered clients, and those that have chosen a nick, by folded nick."""
        self.channels: dict[str, Channel] = {}
        self.connected: set[Client] = set()
        """Everybody who is connected, registered or not."""
        self.watchers: dict[str, dict[Client, None]] = {}
        """Who watches which nick (MONITOR), by folded nick."""
        self.invitations: dict[Client, dict[Channel, None]] = {}
        """The channels that a client was invited to, the latest last."""
        self.mask_counts: Counter[str] = Counter()
        """How many entries of rooms' lists were set from each address (`account_of`)."""
        self.whowas: deque[Departed] = deque(maxlen=config.limits.whowas)
        self.entry_passwords = PasswordQueue(config.limits)
        self.operator_passwords = PasswordQueue(config.limits)
        self.registered_count = 0
        self.most_clients = 0
        self._clock = clock
        self.time = history.last_time / 1000 if history else 0.0
        """The time of what is being handled, in seconds since the epoch."""
        self.delivery = Delivery()
        self.advance_time()
        self.created = self.time
        self.started_at = steady_time()
        self.nonces = Nonces(history)
        self.classroom: Classroom | None = None
        """The class; None on a server without an operator."""
        if config.oper_name:
            self.classroom = Classroom(config, class_file or ClassFile())
            self._open_rooms(self.classroom)
        self.write_copies: Callable[[Path, Path], object] = lambda history, folder: None
        """Given by the owner: begins to write a history for people, into a folder, and does not wait."""
        self._closed: list[Client] = []
        mark = secrets.token_hex(3)
        self._unkept_ids = (f"{mark}-{number}" for number in itertools.count(1))
        """For messages that no history keeps."""
        self._client_numbers = itertools.count(1)
        self._batch_numbers = itertools.count(1)
        self.labels = Labels(self.delivery, self.name, self.new_batch)

    def _open_rooms(self, classroom: Classroom) -> None:
        rooms = classroom.open_rooms(self.time, self.history.last_id if self.history else 0)
        self.channels.update(rooms)
        for room in rooms.values():
            self.mask_counts.update(
                entry.account for entry in itertools.chain.from_iterable(room.lists.values())
            )

    def advance_time(self) -> None:
        """Look at the clock. It may be put back while people talk: no order depends on times."""
        now = self._clock()
        if not self.time <= now <= _LATEST:
            now = min(max(now, 0.0), _LATEST)
            if 0 < self.time - now <= STEP_BACK:
                return  # until it has caught up, all that happens is of one time
            if now < self.time:
                self._tell_that_time_went_back(now)
        self.time = now

    def _tell_that_time_went_back(self, now: float) -> None:
        log.warning(
            _(
                "what was said last is of {time}, later than this computer's clock, {now}: messages stay "
                "in their order, but some of their times are wrong"
            ).format(time=format_time(self.time), now=format_time(now))
        )
        self.tell_everybody(
            f"The server's clock was put back from {format_time(self.time)} to {format_time(now)}: "
            "messages stay in their order, but some of their times are wrong"
        )

    # For the owner: connections, lines, and what is to be sent.

    def connect(self, host: str, port: int, *, secure: bool = False) -> Client:
        """Take in a new connection from an address; `secure`: over TLS."""
        self.advance_time()
        address = spell_host(str(parse_address(host) or host))
        shown = self.classroom.cloak.hide(address) if self.classroom else address
        number = next(self._client_numbers)
        client = Client(number, shown, address, port, secure, self.time, steady_time())
        self.connected.add(client)
        log.info(
            _("connected: {address} (client {number})").format(address=_address(client), number=client.id)
        )
        return client

    def disconnect(self, client: Client, reason: str, told: str = "") -> None:
        """Tell the rooms that the connection has ended, or that the owner ends it, and forget the client.

        Args:
            told: the reason as the console says it, if it is not one sentence without inserts.
        """
        if client.closed:
            return
        client.closed = True
        self.advance_time()
        if client.registered:
            self.registered_count -= 1
            body = f":{client.source} QUIT :{reason}"
            for channel in self.channels_of(client):
                self.note_event(client, channel, body)
            self.relay(self.peers(client), body)
            self.whowas.append(Departed(client.nick, client.user, client.host, client.realname, self.time))
            self.tell_watchers(client.nick, "")
            if self.classroom:
                self.classroom.leave(client, self.time)
        log.info(
            _("closed: {address} {nick}: {reason}").format(
                address=_address(client), nick=client.nick or "–", reason=visible(told or translate(reason))
            )
        )
        for channel in self.channels_of(client):
            self.remove_member(channel, client)
        self.invitations.pop(client, None)
        for folded in client.monitoring:
            self.unwatch(client, folded)
        if self.classroom:
            self.classroom.operators.left(client)
        if self.clients.get(fold(client.nick)) is client:
            del self.clients[fold(client.nick)]
        self.connected.discard(client)

    def close(self, client: Client, reason: str, for_others: str = "", told: str = "") -> None:
        """Tell a client why, and end its connection when that is sent (RFC 2812 section 3.7.4).

        Args:
            for_others: what the rooms are told, if it is something else.
            told: see `disconnect`.
        """
        if not client.closed:
            self.send(client, f"ERROR :Closing link: {client.host} ({reason})")
            self.disconnect(client, for_others or reason, told)
            self._closed.append(client)

    def ping_or_close(self, client: Client) -> None:
        """Ask a client that has been silent for the idle time whether it lives; the second time, close it."""
        if client.closed:
            return
        if not client.registered:
            self.close(client, "Registration timeout")
        elif client.ping_sent:
            self.close(client, "Ping timeout")
        else:
            client.ping_sent = True
            self.send(client, f"PING :{self.name}")

    def probe(self, client: Client) -> None:
        """Send something to a client that sends too much: whether it answers does not matter.

        It is no answer: those who are only slowed down are not sent to before others.
        """
        if client.registered and not client.closed:
            self.relay([client], f"PING :{self.name}")

    def shut_down(self, reason: str) -> None:
        """Tell everybody that the server ends."""
        for client in list(self.connected):
            self.send(client, f"ERROR :Closing link: {client.host} ({reason})")
            client.closed = True
            self._closed.append(client)
            if self.classroom:
                self.classroom.leave(client, self.time)

    def seconds_to_next_password(self) -> float:
        """Return after how long `look_at_passwords` has something to do; infinity if nobody waits for it."""
        now = steady_time()
        return min(self.entry_passwords.seconds_to_next(now), self.operator_passwords.seconds_to_next(now))

    def look_at_passwords(self) -> None:
        """Answer those whose password is due."""
        self.entry_passwords.look(steady_time())
        self.operator_passwords.look(steady_time())

    def compact(self) -> None:
        """Make small things that outlive their clients anew, lest they hold the memory that these had.

        Python gives memory back by the MiB, and each of these, were it only a number, may be all that is left
        in one. What is made goes to where something was freed last: so all is packed before it is made anew.
        """
        forget_cached()
        packed = json.dumps(list(self.whowas))
        self.whowas.clear()
        gc.collect()
        self.whowas.extend(Departed(*gone) for gone in json.loads(packed))

    def commit(self) -> None:
        """Write the batch's messages to the history. To be called before the outboxes are sent."""
        if self.classroom:
            self.classroom.commit(self.time)
        notice = self.history.commit() if self.history else ""
        if notice:
            self.tell_everybody(notice)

    @property
    def has_unwritten(self) -> bool:
        """Whether `commit` has something to write into the history."""
        return self.history is not None and self.history.has_unwritten

    @property
    def wake_at(self) -> float | None:
        """When (`time.monotonic`) to call `commit` though nothing happens; None: it need not be."""
        files = (self.history, self.classroom and self.classroom.file)
        return min((file.wake_at for file in files if file and file.wake_at is not None), default=None)

    def save_class(self) -> Path:
        """Have what was said and who was here written into a new folder of the archive; return it.

        Raises:
            OSError: it cannot be made.
        """
        assert self.classroom
        assert self.history
        self.commit()
        folder = make_archive(self.history.path, self.classroom.group, self.time)
        self.write_copies(self.history.path, folder)
        return folder

    def begin_anew(self, group: str) -> Path | None:
        """Move the class's history into the archive, and begin another class; return where it is now.

        Raises:
            OSError, sqlite3.Error, HistoryError: the history is where it was, and goes on.
        """
        assert self.classroom
        folder = None
        self.commit()
        if history := self.history:
            folder = make_archive(history.path, self.classroom.group, self.time)
            self.classroom.file.copy_to(folder)
            history.close()
            self.history = None  # where it can neither be moved nor opened again
            try:
                move_history(history.path, folder)
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            finally:
                self.history = open_history(history.path, history.limit)
                self.history.run_aside = history.run_aside
                self.nonces = Nonces(self.history)
            for channel in self.channels.values():
                channel.last_before = self.history.last_id
            self.write_copies(folder / history.path.name, folder)
        self.classroom.begin_anew(group, self.time)
        return folder

    def close_files(self) -> None:
        """Write what waits, and close the files."""
        if self.history:
            self.history.close()
        if self.classroom:
            self.classroom.file.close()

    def tell_everybody(self, notice: str) -> None:
        """Put a notice of the server's into the outbox of everybody who is registered."""
        everybody = (client for client in self.connected if client.registered)
        self.relay(everybody, f":{self.name} NOTICE * :{notice}")

    def take_closed(self) -> list[Client]:
        """Return the clients that are to be closed after their outbox was sent, and begin a new list."""
        closed, self._closed = self._closed, []
        return closed

    # For the commands: answers and relays.

    def reply(self, client: Client, numeric: str, *params: str) -> None:
        """Send a numeric (RFC 2812 section 2.4); parameters that would break the line become `*`."""
        *middle, last = params
        self.send(client, f":{self.name} {numeric} {client.target}{join_middle(middle)} :{last}")

    def fail(self, client: Client, command: str, code: str, *params: str) -> None:
        """Send FAIL: what went wrong, for programs and people (IRCv3 standard-replies).

        Parameters that would break the line become `*`.
        """
        *context, text = params
        self.send(client, f":{self.name} FAIL {command} {code}{join_middle(context)} :{text}")

    def send(self, client: Client, line: str, tags: str = "") -> None:
        """Put a line (without line end), and its tags (formatted), into one client's outbox."""
        self.delivery.put(client, encode(fit(line), tags))

    def relay(
        self,
        recipients: Iterable[Client],
        body: str,
        *,
        skip: Client | None = None,
        msgid: str = "",
        tags: str = "",
    ) -> None:
        """Put a relayed line into many outboxes.

        Args:
            body: the line without tags and line end; over 510 bytes its text is cut at a letter.
            msgid: the message's id, for clients with message-tags.
            tags: client-only tags, formatted, for clients with message-tags.
        """
        body = fit(body)
        self.delivery.relay(
            recipients,
            lambda tag_set: encode(body, format_server_tags(tag_set, self.time, msgid, tags)),
            skip=skip,
        )

    def relay_tagged(self, recipients: Iterable[Client], tags: str, line: str) -> None:
        """Put a line with exactly these tags (formatted) into many outboxes."""
        raw = encode(fit(line), tags)
        self.delivery.relay(recipients, lambda _tag_set: raw)

    def store(
        self, client: Client | None, audience: Audience, line: str, tags: str = "", *, event: bool = False
    ) -> str:
        """Put a message into the history, where there is one, with the next `commit`; return its msgid.

        Args:
            client: who said or did it; None is the server itself.
            line: as it is relayed, without tags.
            tags: client-only tags, formatted.
            event: see `Row.event`.
        """
        if self.history is None:
            return next(self._unkept_ids)
        stored = f"@{tags} {line}" if tags else line
        time = int(self.time * 1000)
        author = client.author if client else NOBODY
        return self.history.add(audience.history, time, stored, author, audience.receiver, event=event)

    def note_event(self, client: Client | None, channel: Channel, body: str) -> str:
        """Store what the client did in a channel (for draft/event-playback); return its msgid."""
        return self.store(client, channel.everybody, fit(body), event=True)

    def tell_channel(self, client: Client | None, channel: Channel, body: str) -> None:
        """Store what the client did in a channel, and relay it to all of its members, and to the client."""
        told: Iterable[Client] = channel.members
        if client and client not in channel.members:
            told = [*channel.members, client]
        self.relay(told, body, msgid=self.note_event(client, channel, body))

    def watch(self, client: Client, nick: str) -> None:
        """Tell the client from now on when somebody of this nick comes and goes."""
        self.watchers.setdefault(fold(nick), {})[client] = None

    def unwatch(self, client: Client, folded: str) -> None:
        """Undo `watch`."""
        watchers = self.watchers.get(folded, {})
        watchers.pop(client, None)
        if not watchers:
            self.watchers.pop(folded, None)

    def seconds_to_desks(self) -> float:
        """Return after how long `tell_desks` has something to do; infinity if nobody watches."""
        return self.classroom.desk.seconds_to_next(steady_time()) if self.classroom else math.inf

    def tell_desks(self) -> None:
        """Tell the operators who watch what has changed, if it is time for that."""
        steady = steady_time()
        if self.classroom is None or self.classroom.desk.seconds_to_next(steady) > 0:
            return
        self.advance_time()
        self.classroom.desk.begin_look(steady)
        if watchers := self.classroom.desk.watchers:
            rows = self.desk_rows(self.classroom)
            for client in watchers:
                for _step in itertools.islice(self.tell_desk(self.classroom, client, rows), LINES_A_SECOND):
                    pass

    def desk_rows(self, classroom: Classroom) -> dict[int, PersonRow]:
        """Return what a desk is to know of everybody, by the person's id."""

        def rooms_of(client: Client) -> str:
            return ",".join(channel.name for channel in self.channels_of(client))

        sanctions = classroom.sanctions.current(self.time)
        return person_rows(classroom.people, classroom.roster, rooms_of, sanctions, self.time, steady_time())

    def tell_desk(
        self, classroom: Classroom, client: Client, rows: Mapping[int, PersonRow]
    ) -> Iterator[None]:
        """Tell one who watches what has changed, a line with each step: first of the class."""
        channels = [channel for name in classroom.rooms if (channel := self.channels.get(name))]
        row = RoomRow(
            ",".join(channel.name for channel in channels if "m" in channel.modes),
            ",".join(channel.name for channel in channels if "i" in channel.modes),
            classroom.private,
            ",".join(classroom.rooms.values()),
            count_here(rows.values()),
            len(classroom.roster.names),
            self.history is not None,
        )
        tags = classroom.desk.change_of_rooms(client, row)
        if tags is not None:
            self.send(client, f":{self.name} CLASSROOM", tags)
            yield
        for tags, text in classroom.desk.changes(client, rows, self.time, steady_time()):
            self.send(client, f":{self.name} {text}", tags)
            yield

    def tell_watchers(self, nick: str, source: str) -> None:
        """Tell the watchers of a nick whose it is now (`nick!user@host`), or with `""` that nobody has it."""
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
        return f"b{next(self._batch_numbers)}"

    # Who and where.

    def find_client(self, nick: str) -> Client | None:
        """Return the registered client of this nick."""
        client = self.clients.get(fold(nick))
        return client if client and client.registered else None

    def find_channel(self, name: str) -> Channel | None:
        return self.channels.get(fold(name))

    def channels_of(self, client: Client) -> list[Channel]:
        """Return the channels that the client is on, in the order in which it entered them."""
        return [self.channels[name] for name in client.channels]

    def peers(self, client: Client) -> Iterable[Client]:
        """Return the others who share a channel with the client, each once."""
        channels = self.channels_of(client)
        if len(channels) == 1:
            return [member for member in channels[0].members if member is not client]
        found: dict[Client, None] = {}
        for channel in channels:
            found.update(dict.fromkeys(channel.members))
        found.pop(client, None)
        return found

    def add_member(self, channel: Channel, client: Client, modes: str) -> None:
        """Put a client on a channel, with member modes."""
        channel.members[client] = modes
        client.channels[fold(channel.name)] = None
        self.delivery.end_run()

    def remove_member(self, channel: Channel, client: Client) -> None:
        """Take a client off a channel; an empty channel is forgotten, if it is none of the class."""
        channel.members.pop(client, None)
        client.channels.pop(fold(channel.name), None)
        self.delivery.end_run()
        if not channel.members and not channel.of_class:
            self.channels.pop(fold(channel.name), None)
            for entry in itertools.chain.from_iterable(channel.lists.values()):
                self.forget_mask(entry)
            del channel.everybody  # it refers to the channel, which would outlive itself

    def mask_for_all(self, client: Client, mask: str) -> str:
        """Return a mask (in full) that the client sets as everybody may read it; it matches the same people.

        Raises:
            ValueError: it names an address, and the client must not know whose it is; in English.
        """
        if self.classroom is None:
            return mask
        shown = self.classroom.cloak.hide_in_mask(mask)
        if not client.is_operator and (shown != mask or UserMask(mask).is_of_network):
            raise ValueError("Addresses are hidden here: name the host that WHOIS shows")
        return shown

    def forget_mask(self, entry: ListEntry) -> None:
        """Count an entry of a room's list out."""
        self.mask_counts[entry.account] -= 1
        if not self.mask_counts[entry.account]:
            del self.mask_counts[entry.account]

    def limit_use(self, client: Client, command: str, per_minute: int) -> None:
        """Count that the client uses a command.

        Raises:
            ReplyError: more often than it may (263).
        """
        if not self.config.throttle:
            return
        throttle = client.throttles.get(command)
        if throttle is None:
            throttle = client.throttles[command] = Throttle(per_minute, per_minute / 60, steady_time())
        if not throttle.allows(steady_time()):
            raise ReplyError(n.RPL_TRYAGAIN, command, "Please wait a while and try again")

    def person_of(self, client: Client) -> Person | None:
        """Return whose connection this is, in a class."""
        return self.classroom.people.of(client) if self.classroom else None

    def is_muted(self, client: Client) -> bool:
        """Tell whether the class's operator lets the client say nothing that others read."""
        return self.classroom is not None and self.classroom.is_muted(client, self.time)

    def why_hidden(self, client: Client) -> str:
        """Return why others are not shown what the client writes about itself (`Classroom.why_hidden`)."""
        if self.classroom is None:
            return ""
        return self.classroom.why_hidden(client, self.channels_of(client), self.time)

    def tell_of_silence(self, person: Person) -> None:
        """Tell a person's programs whether they may speak now: `NOTE CLASS MUTED|PAUSED|UNMUTED`."""
        code, seconds, text = person.silence(self.time, steady_time())
        for client in person.clients:
            if ircv3.STANDARD_REPLIES in client.capabilities:
                self.send(client, f":{self.name} NOTE CLASS {code} {seconds} :{text}")
            else:
                self.send(client, f":{self.name} NOTICE {client.nick} :{text}")

    def check_server(self, target: str) -> None:
        """Check that a command is meant for this server: by its name, a mask, or a client's nick.

        Raises:
            ReplyError: it is for another one (402).
        """
        if target and not matches(target, self.name) and not self.find_client(target):
            raise ReplyError(n.ERR_NOSUCHSERVER, target, "No such server")

    def refuse_non_operator(self, client: Client, channel: Channel) -> bool:
        """Answer 442 or 482 unless the client rules the channel; tell whether it was refused.

        Who is muted rules none: keys, masks and reasons are texts that others read.
        """
        if channel.is_ruled_by(client) and not self.is_muted(client):
            return False
        if client not in channel.members:
            self.reply(client, n.ERR_NOTONCHANNEL, channel.name, "You're not on that channel")
        else:
            self.reply(client, n.ERR_CHANOPRIVSNEEDED, channel.name, "You're not channel operator")
        return True

    def refuse_against_operator(self, client: Client, target: Client, channel: Channel) -> bool:
        """Answer 484 if somebody acts against an operator of the server; tell whether it was refused."""
        if not target.is_operator or client.is_operator or client is target:
            return False
        text = f"{target.nick} is an operator of the server: only another one may do this"
        self.reply(client, n.ERR_RESTRICTED, channel.name, text)
        return True


def _address(client: Client) -> str:
    return f"{client.address}:{client.port}"
