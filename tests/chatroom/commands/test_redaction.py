"""REDACT: messages that are taken back."""

import re
from contextlib import closing
from pathlib import Path

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.store import History
from chatroom.state import ServerState
from protocol.message import parse
from tests.tools.irc import TAGS, Irc


def test_a_message_is_taken_back_from_screens_and_history(irc: Irc) -> None:
    caps = [*TAGS, "draft/message-redaction"]
    teacher, anna, plain = (
        irc.client("teacher", capabilities=caps),
        irc.client("Анна", capabilities=caps),
        irc.client("p"),
    )
    for client in (teacher, anna, plain):
        client.enter()
    msgids = []
    for text in ("раз", "два", "три"):
        anna.send(f"PRIVMSG #lab :{text}")
        msgids.append(anna.expect(r"msgid=(\S+) .*PRIVMSG")[1])
    anna.send(f"REDACT #lab {msgids[0]} :опечатка")
    for client in (teacher, anna):
        client.expect(rf"^\S+ :Анна!\S+ REDACT #lab {msgids[0]} :опечатка$")
    teacher.send(f"REDACT #lab {msgids[1]}")
    anna.expect(rf"^\S+ :teacher!\S+ REDACT #lab {msgids[1]}$")
    plain.expect_nothing_but("PRIVMSG #lab")
    anna.send("CHATHISTORY LATEST #lab * 10")
    anna.expect("BATCH .* chathistory")
    assert anna.expect("PRIVMSG #lab :(.*)$")[1] == "три"
    anna.expect("BATCH -")
    teacher.send("PRIVMSG #lab :моё")
    foreign = anna.expect(r"msgid=(\S+) .*:моё$")[1]
    for line, answer in (
        (f"REDACT #lab {foreign}", f"REDACT_FORBIDDEN #lab {foreign} :"),
        (f"REDACT #lab {msgids[0]}", f"UNKNOWN_MSGID #lab {msgids[0]} :"),
        ("REDACT #lab nonsense", "UNKNOWN_MSGID #lab nonsense :"),
        (f"REDACT #other {foreign}", "INVALID_TARGET #other :"),
    ):
        anna.send(line)
        anna.expect(f"FAIL REDACT {answer}")


def test_the_servers_operator_takes_back_a_message_in_any_room(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    caps = [*TAGS, "draft/message-redaction"]
    teacher, anna = irc.client("teacher", capabilities=caps), irc.client("Анна", capabilities=caps)
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    anna.enter()
    anna.send("PRIVMSG #lab :ой")
    msgid = anna.expect(r"msgid=(\S+) .*PRIVMSG")[1]
    teacher.send(f"REDACT #lab {msgid}")
    for client in (teacher, anna):
        client.expect(rf":teacher!\S+ REDACT #lab {msgid}$")


def test_a_private_message_is_taken_back_by_its_sender_alone(irc: Irc) -> None:
    caps = [*TAGS, "draft/message-redaction"]
    anna, boris = (irc.client(nick, capabilities=caps) for nick in ("Анна", "Борис"))
    anna.send("PRIVMSG Борис :ой")
    msgid = boris.expect(r"msgid=(\S+) .*PRIVMSG")[1]
    boris.send(f"REDACT Анна {msgid}")
    boris.expect("FAIL REDACT REDACT_FORBIDDEN")
    anna.send(f"REDACT Борис {msgid}")
    for client in (anna, boris):
        client.expect(rf":Анна!\S+ REDACT Борис {msgid}$")


def test_the_first_in_an_empty_room_takes_back_nothing_that_was_said_before(irc: Irc) -> None:
    capabilities = [*TAGS, "draft/message-redaction"]
    teacher = irc.client("Teacher", capabilities=capabilities)
    teacher.enter()
    teacher.send("PRIVMSG #lab :задание")
    msgid = teacher.expect(r"msgid=(\S+?)[; ].*задание$")[1]
    teacher.send("PART #lab")
    teacher.expect(" PART ")
    student = irc.client("Student", capabilities=capabilities)
    student.enter()
    student.send(f"REDACT #lab {msgid}")
    student.expect(f"FAIL REDACT REDACT_FORBIDDEN #lab {msgid} ")


def test_in_one_millisecond_too_an_operator_takes_back_what_was_said_in_his_own_room_alone(
    tmp_path: Path,
) -> None:
    with closing(History(tmp_path / "history.sqlite3")) as history:
        state = ServerState(Config(throttle=False), history, clock=lambda: 1_800_000_000.0)

        def say(client: Client, *lines: str) -> str:
            """Say lines; return what the client is sent."""
            for line in lines:
                for _portion in handle_line(state, client, parse(line)) or ():
                    pass
            return b"".join(data for other, data in state.delivery.take() if other is client).decode()

        anna, boris = state.connect("127.0.0.1", 1), state.connect("127.0.0.1", 2)
        for client, nick in ((anna, "anna"), (boris, "boris")):
            capabilities = "CAP REQ :message-tags echo-message draft/message-redaction"
            say(client, capabilities, f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
        msgid = r"msgid=(\S+) \S+ PRIVMSG"
        (earlier,) = re.findall(msgid, say(anna, "JOIN #lab", "PRIVMSG #lab :earlier", "PART #lab"))
        say(boris, "JOIN #lab")
        (later,) = re.findall(msgid, say(anna, "JOIN #lab", "PRIVMSG #lab :later"))
        assert f"REDACT_FORBIDDEN #lab {earlier} " in say(boris, f"REDACT #lab {earlier}")
        assert f" REDACT #lab {later}\r\n" in say(boris, f"REDACT #lab {later}")
