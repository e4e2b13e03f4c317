"""Pasted code: one message of several lines, sent, echoed, received and read in the history as one."""

import random

import pytest

from client.model.conversations import Delivery
from client.model.state import hole_text
from client.multiline import MAX_BATCHES, PATIENCE, Limits, split_into_messages, split_lines
from tests.tools.dialogue import CAPABILITIES, Dialogue, nonce_of
from tests.tools.irc import Irc
from tests.tools.users import Users

CODE = "def f():\n    return 1\n\nprint(f())"
ABLE = f"{CAPABILITIES} draft/multiline=max-bytes=4096,max-lines=24"


@pytest.fixture
def capabilities() -> str:
    return ABLE


def echoed(lines: list[str], source: str = ":Анна!~a@h", msgid: str = "m1") -> list[str]:
    """What a server makes of a batch."""
    tags, _space, rest = lines[0].partition(" ")
    inside = [" ".join([line.split(" ")[0], source, *line.split(" ")[1:]]) for line in lines[1:-1]]
    return [f"{tags};msgid={msgid} {source} {rest}", *inside, f":srv {lines[-1]}"]


def test_pasted_code_is_sent_as_one_batch(room: Dialogue) -> None:
    lines = room.say(CODE)
    reference = nonce_of(lines[0])
    assert lines[0].endswith(f" BATCH +{reference} draft/multiline #lab")
    assert lines[1:] == [
        f"@batch={reference} PRIVMSG #lab :def f():",
        f"@batch={reference} PRIVMSG #lab :    return 1",
        f"@batch={reference} PRIVMSG #lab :",
        f"@batch={reference} PRIVMSG #lab print(f())",
        f"BATCH -{reference}",
    ]
    assert (room.last().text, room.last().delivery) == (CODE, Delivery.SENDING)


@pytest.mark.parametrize("kept", ["nonce", "label"])
def test_its_echo_confirms_the_one_entry(room: Dialogue, kept: str) -> None:
    lines = echoed(room.say(CODE))
    if kept == "label":
        lines[0] = lines[0].replace("+chat.lab/nonce", "+other")
    room.hear(*lines)
    assert (room.last().text, room.last().delivery, room.last().msgid) == (CODE, Delivery.SENT, "m1")
    assert room.texts().count(CODE) == 1


def test_anothers_code_is_one_entry_and_its_pieces_are_joined(room: Dialogue) -> None:
    room.hear(
        "@msgid=7;time=2026-01-01T10:00:00.000Z :Борис!b@h BATCH +x draft/multiline #lab",
        "@batch=x :Борис!b@h PRIVMSG #lab :один \x02и\x02 Анна",
        ":Вера!v@h PRIVMSG #lab :между тем",
        "@batch=x;draft/multiline-concat :Борис!b@h PRIVMSG #lab : того же",
        "@batch=x :Борис!b@h PRIVMSG #lab :\tдва",
        ":srv BATCH -x",
    )
    assert room.texts()[-2:] == ["между тем", "один и Анна того же\n    два"]
    assert (room.last().nick, room.last().msgid, room.last().mention) == ("Борис", "7", True)


def test_a_batch_inside_a_history_page_is_one_entry() -> None:
    room = Dialogue()
    room.connect()
    room.welcome()
    room.enter_room()
    room.hear(
        ":srv BATCH +h1 chathistory #lab",
        "@batch=h1;msgid=1 :Борис!b@h PRIVMSG #lab :до",
        "@batch=h1;msgid=2 :Борис!b@h BATCH +in draft/multiline #lab",
        "@batch=in :Борис!b@h PRIVMSG #lab :раз",
        "@batch=in :Борис!b@h PRIVMSG #lab :два",
        "@batch=h1 :srv BATCH -in",
        "@batch=h1;msgid=3 :Борис!b@h PRIVMSG #lab :после",
        ":srv BATCH -h1",
    )
    assert room.texts()[:3] == ["до", "раз\nдва", "после"]


def test_without_the_capability_each_line_is_a_message() -> None:
    room = Dialogue().online()
    lines = room.say(CODE)
    assert [line.partition(" PRIVMSG #lab ")[2] for line in lines] == [
        ":def f():",
        ":    return 1",
        "print(f())",
    ]


def test_what_is_beyond_the_limits_becomes_several_batches(room: Dialogue) -> None:
    text = "\n".join(f"line {number}" for number in range(60))
    lines = room.say(text)
    assert sum(" BATCH +" in line for line in lines) == 3
    entries = [entry for entry in room.talk().entries if entry.own and entry.nonce]
    assert "\n".join(entry.text for entry in entries) == text


def test_a_long_line_goes_whole_in_one_batch(room: Dialogue) -> None:
    text = "я" * 1500
    lines = room.say(text)
    room.hear(*echoed(lines))
    assert room.last().text == text
    without_tags = [line.partition(" ")[2] if line[0] == "@" else line for line in lines]
    assert all(len(f":Анна!~a@h {line}\r\n".encode()) <= 512 for line in without_tags)


def test_a_refused_batch_is_marked_as_failed(room: Dialogue) -> None:
    label = nonce_of(room.say(CODE)[0])
    room.hear(f"@label={label} :srv FAIL BATCH MULTILINE_MAX_BYTES 10 :Too many bytes")
    assert [entry.delivery for entry in room.talk().entries if entry.text == CODE] == [Delivery.FAILED]


def test_code_whose_echo_did_not_come_is_sent_again_with_the_same_nonce(room: Dialogue) -> None:
    nonce = nonce_of(room.say(CODE)[0])
    room.lose()
    room.connect()
    bare = ABLE.replace("=max-bytes=4096,max-lines=24", "")
    room.hear(f":srv CAP * LS :{ABLE}", f":srv CAP x ACK :{bare}")
    room.welcome("")
    room.enter_room()
    again = room.history("#lab")
    assert nonce_of(again[0]) == nonce
    assert again[-1] == f"BATCH -{nonce}"


def test_batches_without_end_are_bounded(room: Dialogue) -> None:
    for number in range(10_000):
        room.hear(f":x!y@z BATCH +r{number} draft/multiline #lab")
    for _number in range(3000):
        room.hear(f"@batch=r0 :x!y@z PRIVMSG #lab :{'x' * 400}")
    assert len(room.session._multiline._coming) == MAX_BATCHES
    room.hear(":srv BATCH -r0", ":srv BATCH -r0", ":srv BATCH -unknown", ":srv BATCH", ":srv BATCH +")
    assert len(room.last().text) <= 256 * 1024


UNFINISHED = (
    "@msgid=7 :Борис!b@h BATCH +x draft/multiline #lab",
    "@batch=x :Борис!b@h PRIVMSG #lab :начало",
    "@batch=x :Борис!b@h PRIVMSG #lab :середина",
)


def test_a_message_whose_end_does_not_come_is_shown(room: Dialogue) -> None:
    room.hear(*UNFINISHED)
    room.now += PATIENCE + 1
    room.hear("@batch=x :Борис!b@h PRIVMSG #lab :ещё")
    room.session.tick()
    assert "ещё" not in "".join(room.texts()), "it goes on"
    room.now += PATIENCE + 1
    room.session.tick()
    assert room.texts()[-2:] == ["начало\nсередина\nещё", hole_text()]
    room.hear("@batch=x :Борис!b@h PRIVMSG #lab :поздно", ":Борис!b@h BATCH -x")
    assert room.last().text == "поздно"


def test_a_message_that_is_open_when_its_page_ends_stands_in_the_page() -> None:
    room = Dialogue()
    room.connect()
    room.welcome()
    room.enter_room()
    room.hear(
        ":srv BATCH +h1 chathistory #lab",
        "@batch=h1;msgid=2 :Борис!b@h BATCH +in draft/multiline #lab",
        "@batch=in :Борис!b@h PRIVMSG #lab :раз",
        ":srv BATCH -h1",
        "@msgid=3 :Борис!b@h PRIVMSG #lab :после",
    )
    assert [text for text in room.texts() if text in ("раз", "после")] == ["раз", "после"]


def test_a_reference_that_is_used_anew_ends_the_message_before(room: Dialogue) -> None:
    room.hear(*UNFINISHED, *(line.replace("msgid=7", "msgid=8") for line in UNFINISHED), ":srv BATCH -x")
    assert room.texts()[-2:] == ["начало\nсередина"] * 2


def test_a_message_that_the_connection_cuts_is_shown_where_no_history_has_it() -> None:
    room = Dialogue().online(CAPABILITIES.replace("draft/chathistory ", "") + " draft/multiline")
    room.hear(*UNFINISHED)
    room.lose()
    assert room.texts()[-3:-1] == ["начало\nсередина", hole_text()]


def test_a_message_that_the_connection_cuts_comes_whole_from_the_history(room: Dialogue) -> None:
    room.hear(*UNFINISHED)
    room.lose()
    assert "начало" not in "".join(room.texts())


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        ("max-bytes=8192,max-lines=10", Limits(8192, 10)),
        ("max-lines=7", Limits(max_lines=7)),
        ("", Limits()),
        ("max-bytes=x,max-lines=,,=", Limits()),
        ("max-bytes=1,max-lines=0", Limits(256, 1)),
    ],
)
def test_the_limits_are_read(value: str, limits: Limits) -> None:
    assert Limits.parse(value) == limits


def test_any_text_comes_out_as_it_went_in_and_within_the_limits() -> None:
    chance = random.Random(4)
    for _turn in range(300):
        text = (
            "".join(chance.choices("aя🙂 \n", [4, 4, 1, 2, 1], k=chance.randrange(1, 2000))).strip("\n")
            or "x"
        )
        limits = Limits(chance.randrange(256, 2000), chance.randrange(1, 30))
        parts = split_into_messages(text, limits, 100)
        assert all(len(part.encode()) <= limits.max_bytes for part in parts)
        for part in parts:
            cut = list(split_lines(part, 100))
            assert all(len(piece.encode()) <= 100 for piece, _continues in cut)
            assert "".join(("" if joined else "\n") + piece for piece, joined in cut)[1:] == part
        assert "".join(parts).replace("\n", "") == text.replace("\n", "")


def test_code_reaches_others_and_the_history_as_one(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say(CODE)
    boris.wait(lambda: boris.said() == [f"Анна: {CODE}"])
    anna.wait(lambda: not anna.session.unconfirmed)
    vera = meet(irc.address, "Вера")
    assert vera.said() == [f"Анна: {CODE}"]
    plain = irc.client("plain")
    plain.enter()
    anna.say("раз\nдва")
    plain.expect("PRIVMSG #lab :раз$")
    plain.expect("PRIVMSG #lab :два$")


def test_a_request_of_several_lines_is_none() -> None:
    room = Dialogue().online(CAPABILITIES + " draft/multiline")
    answers = room.hear(
        ":Мэл!m@h BATCH +1 draft/multiline Анна",
        "@batch=1 :Мэл!m@h PRIVMSG Анна :\x01PING a",
        "@batch=1 :Мэл!m@h PRIVMSG Анна :b\x01",
        ":Мэл!m@h BATCH -1",
    )
    assert answers == []


def test_what_is_too_long_is_known_before_it_is_sent(room: Dialogue) -> None:
    measure, talk = room.session.measure, room.talk()
    assert measure(talk, "строка\n" * 24) == (1, 0, 0)
    assert measure(talk, "строка\n" * 27) == (2, 3, 0)
    assert measure(talk, "x" * 4100) == (2, 0, 4)
    assert measure(talk, "/join #lab") is None
    assert measure(talk, "//join #lab") == (1, 0, 0)
    assert measure(talk, "//" + "x" * 4095) == (1, 0, 0)
    assert measure(talk, "//" + "x" * 4096) == (2, 0, 1)


def test_without_multiline_each_line_is_a_message() -> None:
    room = Dialogue().online()
    measure, talk = room.session.measure, room.talk()
    assert measure(talk, "раз\n\nдва\nтри") == (3, 0, 0)
    size = measure(talk, "x" * 700)
    assert size
    assert (size.messages, size.extra_lines) == (2, 0)
    assert 0 < size.extra_bytes < 700
