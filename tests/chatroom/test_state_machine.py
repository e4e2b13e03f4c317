"""The server's state under any order of commands, wise and hostile, with our own client as a witness."""

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatroom.client import Client
from chatroom.command_table import COMMANDS
from chatroom.commands.capabilities import CAPABILITIES
from chatroom.config import Config, Limits
from chatroom.dispatch import handle_line, parse_line
from chatroom.history.store import History
from chatroom.state import ServerState
from client.model.events import Phase, TransportConnecting, TransportOpened, TransportReceived
from client.model.sanitize import clean
from client.model.state import Profile
from client.session import Session
from protocol.framing import MAX_LINE, MAX_TAGS
from protocol.message import Message, format_message, parse
from protocol.names import fold, is_valid_nick

NICKS: Final = ["Анна", "анна", "Boris", "BORIS", "Вера", "名" * 30, "字" * 30, "ж" * 30, "x" * 30, "[bot]"]
LONG_ROOM: Final = "#" + "ы" * 63
ROOMS: Final = ["#lab", "#ЛАБ", "#лаб", LONG_ROOM, "#c", "#d,e", "#,#c,#lab", "0"]
CHAR: Final = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n")
TEXT: Final = st.text(CHAR, max_size=20) | st.text(CHAR, min_size=1, max_size=3).map(lambda text: text * 150)
WORDS: Final = (
    st.sampled_from(NICKS + ROOMS)
    | st.sampled_from(
        ["*", "%tcuihsnfdlaor,123", "o", "+", "-", "C", "L", "S", "LS", "REQ", "END", "302", "5"]
    )
    | st.sampled_from(
        ["LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN", "TARGETS", "msgid=x-1", "msgid=", "u"]
    )
    | st.sampled_from(
        ["timestamp=2026-01-01T00:00:00.000Z", "timestamp=0001-01-01", "teacher", "secret", ">1"]
    )
    | st.sampled_from(
        ["+ov", "-o+v", "+b", "+m-m+k-l", "+kl", "-k", "+l", "+eI", "+iwB", "+ooooo", "\x1b[31m"]
    )
    | st.sampled_from(
        ["C<5", "T>x", "<" + "9" * 400, "٣", "²", "+b1", "-b1", "draft/multiline", "chat.lab", "a,b,c"]
    )
    | TEXT
)
PARAMS: Final = st.lists(WORDS, max_size=6)
TAGS: Final = st.dictionaries(
    st.sampled_from(
        ["label", "batch", "+x", "+chat.lab/nonce", "draft/multiline-concat", "+typing", "+xbatch"]
    ),
    st.sampled_from(["b1", "", "\r\n;\\ ", "x" * 600]) | st.text(CHAR, max_size=8),
    max_size=3,
)


class Server(RuleBasedStateMachine):
    """A server of six connections at most, one of them our own client."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.now = 1_800_000_000.0
        limits = Limits(channels_per_client=4, ban_list=5, monitor=3, chathistory_page=7, whowas=4)
        config = Config(
            oper_name="teacher", oper_password="secret", throttle=False, limits=limits, motd=("a", "б")
        )
        self.state = ServerState(config, History(self.folder / "h"), clock=self.clock)
        self.clients: list[Client] = []
        self.problems: list[str] = []
        self.handler = logging.Handler(logging.ERROR)
        self.handler.emit = lambda record: self.problems.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger("chat.server").addHandler(self.handler)

    def clock(self) -> float:
        self.now += 0.01
        return self.now

    def teardown(self) -> None:
        """Everybody goes, and nothing of them stays."""
        for client in self.clients:
            self.state.disconnect(client, "bye")
        self.tables_agree()
        left = [*self.state.clients, *self.state.watchers, *self.state.connected]
        assert left == []
        assert [name for name, room in self.state.channels.items() if not room.of_class] == []
        assert self.state.history
        self.state.history.close()
        logging.getLogger("chat.server").removeHandler(self.handler)
        shutil.rmtree(self.folder)

    @initialize()
    def a_witness_comes(self) -> None:
        self.session = Session(Profile("Свидетель", rooms=["#lab", "#c", LONG_ROOM]), clock=self.clock)
        self.witness = self.state.connect("127.0.0.1", 1)
        self.clients.append(self.witness)
        self.session.handle(TransportConnecting())
        self.session.handle(TransportOpened())
        self.settle()

    def settle(self) -> None:
        """Send what waits; every line is a legal one, and the witness answers."""
        for _round in range(50):
            for line in self.session.state.take_lines():
                for _portion in handle_line(self.state, self.witness, parse_line(line.encode())) or ():
                    pass
            self.state.commit()
            heard: list[Message] = []
            for client, data in self.state.delivery.take():
                messages = [legal(line) for line in lines_of(bytes(data))]
                if client is self.witness:
                    heard += messages
            self.state.take_closed()
            if not heard:
                break
            self.session.handle(TransportReceived(heard))
            self.session.state.take_events()

    def pick(self, number: int) -> Client:
        return self.clients[number % len(self.clients)]

    @rule(
        nick=st.sampled_from(NICKS),
        host=st.sampled_from(["127.0.0.1", "::1", "0:0:0:0:0:ffff:c0a8:7801"]),
        capabilities=st.lists(st.sampled_from(list(CAPABILITIES)), max_size=18),
        room=st.sampled_from(ROOMS),
    )
    def somebody_comes(self, nick: str, host: str, capabilities: list[str], room: str) -> None:
        if len(self.clients) >= 6:
            return
        client = self.state.connect(host, 1)
        self.clients.append(client)
        for line in (
            f"CAP REQ :{' '.join(capabilities)}",
            f"NICK {nick}",
            "USER u 0 * :р",
            "CAP END",
            f"JOIN {room}",
        ):
            for _portion in handle_line(self.state, client, parse_line(line.encode())) or ():
                pass
        self.settle()

    @rule(number=st.integers(0, 5), raw=st.binary(max_size=700))
    def somebody_sends_bytes(self, number: int, raw: bytes) -> None:
        for line in raw.replace(b"\r", b"\n").split(b"\n"):
            for _portion in handle_line(self.state, self.pick(number), parse_line(line)) or ():
                pass
        self.settle()

    @rule(number=st.integers(0, 5), command=st.sampled_from(sorted(COMMANDS)), params=PARAMS, tags=TAGS)
    def somebody_sends_a_command(
        self, number: int, command: str, params: list[str], tags: dict[str, str]
    ) -> None:
        client = self.pick(number)
        if client is self.witness and command in ("QUIT", "CAP", "NICK", "JOIN"):
            return  # it would not know of what it did not say itself
        try:
            line = format_message(Message(command, tuple(params), tags=tags))
        except ValueError:
            line = f"{command} {' '.join(params)}"
        for _portion in handle_line(self.state, client, parse_line(line.encode())) or ():
            pass
        self.settle()

    @rule(
        number=st.integers(0, 5),
        room=st.sampled_from(ROOMS[:5]),
        modes=st.lists(
            st.sampled_from(
                ["+o", "-o", "+v", "-v", "+b", "-b", "+k", "+l", "+m", "-m", "+i", "-i", "+s", "-t", "-n"]
            ),
            max_size=9,
        ),
        params=st.lists(
            st.sampled_from([*NICKS, "Свидетель"]) | st.text(CHAR, min_size=1, max_size=60), max_size=9
        ),
    )
    def somebody_sets_modes(self, number: int, room: str, modes: list[str], params: list[str]) -> None:
        self.somebody_sends_a_command(number, "MODE", [room, "".join(modes), *params], {})

    @rule(
        number=st.integers(0, 5),
        command=st.sampled_from(["JOIN", "PART", "NAMES", "WHO", "INVITE", "KICK", "TOPIC"]),
        room=st.sampled_from(ROOMS),
        nick=st.sampled_from(NICKS),
        text=TEXT,
    )
    def somebody_acts_in_a_room(self, number: int, command: str, room: str, nick: str, text: str) -> None:
        params = {"KICK": [room, nick, text], "INVITE": [nick, room], "TOPIC": [room, text]}.get(
            command, [room]
        )
        self.somebody_sends_a_command(number, command, params, {})

    @rule(
        number=st.integers(0, 5),
        to=st.sampled_from(ROOMS[:5] + NICKS),
        lines=st.lists(TEXT, max_size=4),
        tags=TAGS,
    )
    def somebody_says_several_lines(
        self, number: int, to: str, lines: list[str], tags: dict[str, str]
    ) -> None:
        client = self.pick(number)
        messages = [Message("BATCH", ("+b1", "draft/multiline", to), tags={**tags, "batch": ""})]
        messages[0] = messages[0]._replace(tags={key: value for key, value in tags.items() if key != "batch"})
        messages += [Message("PRIVMSG", (to, line), tags={"batch": "b1"}) for line in lines]
        for message in [*messages, Message("BATCH", ("-b1",))]:
            for _portion in handle_line(self.state, client, message) or ():
                pass
        self.settle()

    @rule(
        number=st.integers(0, 5),
        sign=st.sampled_from("+++-CLS"),
        nicks=st.lists(st.sampled_from(NICKS), max_size=4),
    )
    def somebody_watches(self, number: int, sign: str, nicks: list[str]) -> None:
        self.somebody_sends_a_command(number, "MONITOR", [sign, ",".join(nicks)], {})

    @rule(room=st.sampled_from([LONG_ROOM, "#lab"]))
    def everybody_enters(self, room: str) -> None:
        for number in range(1, len(self.clients)):
            self.somebody_sends_a_command(number, "JOIN", [room], {})
        self.somebody_sends_a_command(0, "NAMES", [room], {})

    @rule(number=st.integers(0, 5), seconds=st.floats(0, 100))
    def somebody_is_silent(self, number: int, seconds: float) -> None:
        self.now += seconds
        self.state.ping_or_close(self.pick(number))
        self.settle()

    @rule(number=st.integers(1, 5))
    @precondition(lambda self: len(self.clients) > 1)
    def somebody_goes(self, number: int) -> None:
        client = self.clients[number % (len(self.clients) - 1) + 1]
        self.state.disconnect(client, "Connection reset by peer \x1b[31m")
        self.clients.remove(client)
        self.settle()

    @invariant()
    def nothing_went_wrong_inside(self) -> None:
        assert not self.problems

    @invariant()
    def tables_agree(self) -> None:
        state = self.state
        for folded, client in state.clients.items():
            assert fold(client.nick) == folded
            assert is_valid_nick(client.nick)
            assert client in state.connected
            assert not client.closed
        named = [client for client in state.connected if client.nick]
        assert len({fold(client.nick) for client in named}) == len(named) == len(state.clients)
        for folded, channel in state.channels.items():
            assert fold(channel.name) == folded
            assert channel.members or channel.of_class, "an empty room"
            for member in channel.members:
                assert member in state.connected
                assert folded in member.channels
            assert all(len(entries) <= state.config.limits.ban_list for entries in channel.lists.values())
        for client in state.connected:
            assert all(client in state.channels[folded].members for folded in client.channels)
            assert len(client.channels) <= state.config.limits.channels_per_client
            assert len(client.monitoring) <= state.config.limits.monitor
            assert len(state.invitations.get(client, ())) <= state.config.limits.invitations
            assert all(client in state.watchers[folded] for folded in client.monitoring)
        for folded, watchers in state.watchers.items():
            assert watchers
            assert all(folded in watcher.monitoring and watcher in state.connected for watcher in watchers)

    @invariant()
    def the_witness_knows_what_is_so(self) -> None:
        if not hasattr(self, "session") or self.witness.closed:
            return
        session = self.session
        assert session.state.phase is Phase.ONLINE
        assert session.state.nick == self.witness.nick
        assert {key for key, one in session.state.conversations.items() if one.joined and one.is_room} == set(
            self.witness.channels
        )
        for folded in self.witness.channels:
            channel = self.state.channels[folded]
            room = session.state.conversations[folded]
            assert {member.nick: member.prefixes for member in room.members.values()} == {
                member.nick: channel.prefix(member, every=True) for member in channel.members
            }
            assert room.topic == clean(channel.topic)


def lines_of(data: bytes) -> list[bytes]:
    """Take an outbox apart; it consists of whole lines."""
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)
    return lines


def legal(raw: bytes) -> Message:
    """Check that a line is within the protocol's limits and hides no error of the server."""
    tags, space, body = raw.partition(b" ") if raw.startswith(b"@") else (b"", b"", raw)
    assert len(tags + space) <= MAX_TAGS, raw
    assert len(body) <= MAX_LINE - 2, raw
    message = parse(raw.decode("utf-8"))
    assert message.source or message.command in ("ERROR", "PING")
    assert message.command != "400", raw
    return message


TestServer = Server.TestCase
TestServer.settings = settings(deadline=None, derandomize=True, max_examples=60, stateful_step_count=40)
