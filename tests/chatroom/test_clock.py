"""A computer's clock that is put forward and back: messages keep their order, and everybody is told."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.store import History
from chatroom.lines import format_time
from chatroom.state import STEP_BACK, ServerState
from protocol.message import parse

NOON: Final = 1_800_000_000.0
A_DAY: Final = 86_400.0
CAPABILITIES: Final = (
    "message-tags server-time echo-message batch draft/chathistory draft/message-redaction labeled-response"
)


class Room:
    """A server whose clock the test sets, with people in it."""

    def __init__(self, history: History) -> None:
        self.now = NOON
        self.state = ServerState(Config(throttle=False), history, clock=lambda: self.now)

    def enter(self, nick: str) -> Client:
        client = self.state.connect("127.0.0.1", 1)
        self.say(client, f"CAP REQ :{CAPABILITIES}", f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
        self.say(client, "JOIN #lab")
        return client

    def say(self, client: Client, *lines: str) -> str:
        """Say lines; return what the client is sent."""
        for line in lines:
            for _portion in handle_line(self.state, client, parse(line)) or ():
                pass
        self.state.commit()
        return b"".join(data for other, data in self.state.delivery.take() if other is client).decode()

    def page(self, client: Client, request: str) -> list[tuple[str, str]]:
        """Return id and text of the messages of a page."""
        return re.findall(r"msgid=(\S+) \S+ PRIVMSG \S+ :(\S+)", self.say(client, f"CHATHISTORY {request}"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with closing(History(tmp_path / "history.sqlite3")) as history:
        yield Room(history)


def talk_while_the_clock_jumps(room: Room, anna: Client) -> list[str]:
    """Two messages before the clock is put a day forward, two until it is put back, two after it."""
    texts: list[str] = []
    for jump in (0, A_DAY, -A_DAY):
        room.now += jump
        for _ in range(2):
            room.now += 1
            texts.append(f"m{len(texts)}")
            room.say(anna, f"PRIVMSG #lab :{texts[-1]}")
    return texts


def test_the_operator_and_the_students_are_told_and_times_follow_the_clock(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    anna, boris = room.enter("anna"), room.enter("boris")
    talk_while_the_clock_jumps(room, anna)
    assert caplog.text.count("later than this computer's clock") == 1
    room.now -= A_DAY
    said = room.say(boris, "PRIVMSG #lab :x")
    assert said.count(" NOTICE * :The server's clock was put back from ") == 1
    assert f"time={format_time(room.now)}" in said


def test_time_stands_still_for_a_clock_that_is_put_back_a_little(room: Room) -> None:
    anna = room.enter("anna")
    before = room.now
    room.now -= STEP_BACK
    said = room.say(anna, "PRIVMSG #lab :x")
    assert "NOTICE" not in said
    assert f"time={format_time(before)}" in said


def test_pages_follow_each_other_in_the_order_of_what_was_said(room: Room) -> None:
    anna = room.enter("anna")
    texts = talk_while_the_clock_jumps(room, anna)
    assert [text for _id, text in room.page(anna, "LATEST #lab * 100")] == texts
    for subcommand, expected in (("AFTER", texts), ("BEFORE", texts[::-1])):
        found: list[str] = []
        place = "timestamp=" + format_time(NOON if subcommand == "AFTER" else NOON + 2 * A_DAY)
        while page := room.page(anna, f"{subcommand} #lab {place} 1"):
            found.append(page[0][1])
            place = f"msgid={page[0][0]}"
        assert found == expected


@pytest.mark.parametrize("last_seen", range(6))
def test_nothing_is_lost_to_who_asks_by_the_time_of_the_last_that_he_saw(room: Room, last_seen: int) -> None:
    anna = room.enter("anna")
    texts = talk_while_the_clock_jumps(room, anna)
    times = [NOON + 1, NOON + 2, NOON + A_DAY + 3, NOON + A_DAY + 4, NOON + 5, NOON + 6]
    # Of a time within the jump forward, only what came while the clock ran ahead is behind it.
    lacking = texts[last_seen + 1 :] if last_seen not in (2, 3) else texts[last_seen + 1 : 4]
    found = room.page(anna, f"AFTER #lab timestamp={format_time(times[last_seen])} 100")
    assert set(lacking) <= {text for _id, text in found}


def test_conversations_are_found_by_their_last_message(room: Room) -> None:
    anna = room.enter("anna")
    talk_while_the_clock_jumps(room, anna)
    times = f"timestamp={format_time(NOON)} timestamp={format_time(NOON + 60)}"
    assert f"CHATHISTORY TARGETS #lab {format_time(room.now)}" in room.say(
        anna, f"CHATHISTORY TARGETS {times} 10"
    )


def test_a_newcomer_takes_back_only_what_was_said_since_he_came(room: Room) -> None:
    anna = room.enter("anna")
    talk_while_the_clock_jumps(room, anna)
    earlier = [msgid for msgid, _text in room.page(anna, "LATEST #lab * 100")]
    room.now -= A_DAY
    room.say(anna, "PART #lab")
    boris = room.enter("boris")
    room.say(anna, "JOIN #lab", "PRIVMSG #lab :later")
    for msgid in earlier:
        assert "REDACT_FORBIDDEN" in room.say(boris, f"REDACT #lab {msgid}")
    (later,) = [msgid for msgid, text in room.page(anna, "LATEST #lab * 100") if text == "later"]
    assert f" REDACT #lab {later}\r\n" in room.say(boris, f"REDACT #lab {later}")


def test_nobody_has_been_silent_for_less_than_no_time(room: Room) -> None:
    anna = room.enter("anna")
    room.say(anna, "PRIVMSG #lab :x")
    room.now -= A_DAY
    assert re.search(r" 317 anna anna \d+ ", room.say(anna, "WHOIS anna"))


def test_whowas_tells_of_the_latest_first(room: Room) -> None:
    anna = room.enter("anna")
    for number, jump in enumerate((0, -A_DAY)):
        room.now += jump
        room.say(anna, f"NICK anna{number}", "NICK anna")
    told = room.say(anna, "WHOWAS anna0,anna1")
    assert re.findall(r" 314 anna (\S+) ", told) == ["anna1", "anna0"]


@pytest.mark.parametrize("now", [-A_DAY, 1e12])
def test_what_is_said_at_a_time_that_cannot_be_is_kept_and_given_back(room: Room, now: float) -> None:
    room.now = now
    anna = room.enter("anna")
    assert " PRIVMSG #lab :hello\r\n" in room.say(anna, "PRIVMSG #lab :hello")
    room.now = NOON
    assert [text for _msgid, text in room.page(anna, "LATEST #lab * 9")] == ["hello"]
