"""What holds on to persons: by proof, address and nick; through cuts, other nicks and a killed server."""

import logging
from typing import Any

import pytest

from chatroom.classroom.file import SANCTION
from chatroom.client import Client
from chatroom.commands.verbs.moving import MOST_SHOWN, WIPED_AT_ONCE
from chatroom.delivery import Portions
from chatroom.dispatch import handle_line
from protocol.message import parse
from tests.tools.classroom import Class

SECRET = "0123456789abcdef"
SPEAKS = "PRIVMSG #lab :слышно"


def enter(school: Class, nick: str, address: str, **options: Any) -> Client:
    client = school.come(nick, address, **options)
    school.say(client, "JOIN #lab")
    return client


def hears(school: Class, client: Client, speaker: Client, text: str = "слышно") -> bool:
    before = len(school.heard[client])
    school.say(speaker, f"PRIVMSG #lab :{text}")
    return any(text in line for line in school.heard[client][before:])


@pytest.fixture
def teacher(school: Class) -> Client:
    made = school.teacher(capabilities="standard-replies")
    school.say(made, "JOIN #lab")
    return made


def test_a_mute_holds_the_address_where_nobody_shares_it(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    assert "MUTE :Анна is muted, under any nick" in school.say(teacher, "CLASS MUTE Анна")
    school.cut(anna)
    for nick in ("Анна", "Вера"):
        again = enter(school, nick, "10.0.0.7")
        assert " 404 " in school.say(again, SPEAKS)
        school.cut(again)
    assert hears(school, teacher, enter(school, "Глеб", "10.0.0.8"))


def test_a_mute_at_a_shared_address_is_of_one_person(school: Class, teacher: Client) -> None:
    anna, boris = enter(school, "Анна", "10.0.0.7"), enter(school, "Борис", "10.0.0.7")
    school.say(teacher, "CLASS MUTE Анна")
    assert " 404 " in school.say(anna, SPEAKS)
    assert hears(school, teacher, boris)
    school.cut(anna)
    assert " 404 " in school.say(enter(school, "Анна", "10.0.0.7"), SPEAKS)


def test_a_proof_holds_at_any_address_and_what_was_proved_with_it(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    enter(school, "Борис", "10.0.0.7")
    school.say(teacher, "CLASS BAN Анна one")
    assert anna.closed
    assert school.come("Вера", "10.9.9.9", secret=SECRET).closed
    assert school.come("Вера", "10.0.0.7", secret=SECRET).closed
    assert not school.come("Вера", "10.0.0.7", secret=SECRET[::-1]).closed
    assert school.come("Анна", "10.0.0.7").closed


def test_all_at_an_address_are_banned_only_if_that_is_said(school: Class, teacher: Client) -> None:
    anna, boris = enter(school, "Анна", "10.0.0.7"), enter(school, "Борис", "10.0.0.7")
    answer = school.say(teacher, "CLASS BAN Анна")
    assert "ADDRESS_SHARED :Анна shares the address 10.0.0.7 with Борис" in answer
    assert not anna.closed
    school.say(teacher, "CLASS BAN Анна all 10 :шумят")
    assert anna.closed
    assert boris.closed
    assert school.come("Глеб", "10.0.0.7").closed
    assert "everybody at 10.0.0.7; for 10 min more; because: шумят" in school.say(teacher, "CLASS BANS")
    school.say(teacher, "CLASS UNBAN Анна")
    assert not school.come("Глеб", "10.0.0.7").closed


def test_what_is_decided_ends_in_time(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    school.say(teacher, "CLASS MUTE Анна 5")
    assert " 404 " in school.say(anna, SPEAKS)
    school.state._clock = lambda: 4e9
    school.state.advance_time()
    assert hears(school, teacher, anna)
    assert "BANS :Nobody is banned or muted." in school.say(teacher, "CLASS BANS")


def test_a_killed_server_forgets_no_sanction_voice_or_lock(school: Class, teacher: Client) -> None:
    for nick, number in (("Анна", 7), ("Борис", 8), ("Вера", 9)):
        enter(school, nick, f"10.0.0.{number}", secret=SECRET + nick)
    for line in ("MUTE Анна", "BAN Борис", "VOICE Вера", "QUIET", "LOCK", "PRIVATE none"):
        school.say(teacher, f"CLASS {line}")
    school.restart(killed=True)
    teacher = school.teacher()
    school.say(teacher, "JOIN #lab")
    assert school.come("Борис", "10.0.0.8").closed
    anna, vera = (
        enter(school, nick, f"10.0.0.{number}", secret=SECRET + nick)
        for nick, number in (("Анна", 7), ("Вера", 9))
    )
    gleb = school.come("Глеб", "10.0.0.10")
    assert " 473 " in school.say(gleb, "JOIN #lab")
    assert hears(school, teacher, vera)
    assert " 531 " in school.say(vera, "PRIVMSG Глеб :тайна")
    school.say(teacher, "CLASS OPEN")
    assert "You are muted" in school.say(anna, SPEAKS)


def test_a_decision_with_a_number_that_is_damaged_is_left_out_alone(school: Class, teacher: Client) -> None:
    for nick, address in (("Анна", "10.0.0.7"), ("Борис", "10.0.0.8")):
        enter(school, nick, address)
        school.say(teacher, f"CLASS MUTE {nick}")
    assert school.state.classroom
    file = school.state.classroom.file
    file.keep(SANCTION, "1" * 5000, file.read(SANCTION)["1"])
    file.forget(SANCTION, "1")
    school.restart()
    assert school.say(school.teacher(), "CLASS BANS").count("muted") == 1


def test_a_muted_person_shows_no_words_of_parting_nor_a_real_name(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    school.say(anna, "JOIN #own")
    boris = enter(school, "Борис", "10.0.0.8")
    school.say(boris, "JOIN #own")
    school.say(teacher, "CLASS MUTE Анна")
    school.heard[boris].clear()
    school.say(anna, "KICK #own Борис :грубость", "QUIT :грубость")
    again = school.state.connect("10.0.0.7", 1)
    school.say(again, "NICK Аня", "USER a 0 * :грубость")
    school.say(boris, "WHOIS Аня")
    assert "KICK" not in "\n".join(school.heard[boris])  # who is muted rules no room
    assert "грубость" not in "\n".join(school.heard[boris])


def test_wiping_much_leaves_others_their_turn_and_the_log_says_only_how_much(
    school: Class, teacher: Client, caplog: pytest.LogCaptureFixture
) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    boris = enter(school, "Борис", "10.0.0.8", capabilities="message-tags draft/message-redaction")
    for number in range(MOST_SHOWN + 500):
        school.say(anna, f"PRIVMSG #lab :грубость {number}")
    school.heard[boris].clear()
    with caplog.at_level(logging.INFO, "chat"):
        wiping = handle_line(school.state, teacher, parse("CLASS WIPE Анна"))
        largest, batches = take_in_batches(school, wiping)
    assert largest <= 2 * WIPED_AT_ONCE
    assert batches > MOST_SHOWN / (2 * WIPED_AT_ONCE)
    school.say(boris)
    redacted = [line for line in school.heard[boris] if " REDACT #lab " in line]
    assert len(redacted) == MOST_SHOWN
    assert "PRIVMSG" not in "".join(row.line for row in school.history.newest(10_000))
    said = [record.getMessage() for record in caplog.records]
    assert any("Анна" in line and str(MOST_SHOWN + 500) in line for line in said)
    assert not any("грубость" in line for line in said)


def take_in_batches(school: Class, portions: Portions | None) -> tuple[int, int]:
    """Take an answer ten steps at a time; return the most to delete at once, and how often there was some."""
    largest, batches, ended = 0, 0, portions is None
    while portions and not ended:
        for _step in range(10):
            ended = next(portions, "end") == "end"
            if ended:
                break
        largest, batches = max(largest, school.history.deleting), batches + 1
        school.state.commit()
    return largest, batches


def test_of_one_who_was_here_before_the_restart_all_is_wiped_too(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    school.say(anna, "PRIVMSG #lab :грубость")
    school.say(enter(school, "Аннушка", "10.0.0.8"), "PRIVMSG #lab :хорошее")
    school.restart()
    teacher = school.teacher(capabilities="standard-replies")
    assert "WIPE :Deleted of анна: 1 messages" in school.say(teacher, "CLASS WIPE анна")
    kept = "".join(row.line for row in school.history.newest(100))
    assert "хорошее" in kept
    assert "грубость" not in kept


def test_braces_and_strange_words_in_a_line_are_only_words(school: Class, teacher: Client) -> None:
    for words in ("{0}", "{nick!r} {}", "\x01ACTION\x01", "one", "all 5", ": ", "a " * 200, "🙂" * 50):
        for verb in (
            "mute",
            "unmute",
            "kick",
            "ban",
            "unban",
            "rename",
            "move",
            "wipe",
            "voice",
            "who",
            "help",
        ):
            assert " FAIL CLASS " in school.say(teacher, f"CLASS {verb} {words}") or verb in ("who", "help")
    assert not teacher.closed
