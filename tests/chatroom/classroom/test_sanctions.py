"""What holds on to persons: by proof, address and nick; through cuts, other nicks and a killed server."""

import logging
from typing import Any

import pytest

from chatroom.classroom.file import SANCTION, VISIT
from chatroom.classroom.people import MOST_NAMES
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


def test_an_end_to_a_mute_of_the_address_says_whom_it_was_meant_for(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    school.say(teacher, "CLASS MUTE Анна", "CAP REQ standard-replies")
    boris = enter(school, "Борис", "10.0.0.7", secret=SECRET[::-1])
    said = school.say(teacher, "CLASS UNMUTE Борис")
    assert "FAIL CLASS ADDRESS_SHARED :Борис is muted only because Анна is" in said
    assert " 404 " in school.say(boris, SPEAKS)
    school.say(teacher, "CLASS UNMUTE Борис one")
    assert hears(school, teacher, boris)
    assert " 404 " in school.say(anna, SPEAKS)
    assert hears(school, teacher, enter(school, "Вера", "10.0.0.7"))
    school.restart()
    assert " 404 " in school.say(enter(school, "Анна", "10.0.0.7", secret=SECRET), SPEAKS)


def test_everybody_at_the_address_may_speak_again(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    school.say(teacher, "CLASS MUTE Анна")
    boris = enter(school, "Борис", "10.0.0.7", secret=SECRET[::-1])
    school.say(teacher, "CLASS UNMUTE Борис all")
    assert hears(school, teacher, boris)
    assert hears(school, teacher, anna)


def test_a_mute_at_a_shared_address_is_of_one_person(school: Class, teacher: Client) -> None:
    anna, boris = enter(school, "Анна", "10.0.0.7"), enter(school, "Борис", "10.0.0.7")
    school.say(teacher, "CLASS MUTE Анна")
    assert " 404 " in school.say(anna, SPEAKS)
    assert hears(school, teacher, boris)
    school.cut(anna)
    assert " 404 " in school.say(enter(school, "Анна", "10.0.0.7"), SPEAKS)


def test_the_nick_of_an_absent_neighbour_makes_no_mute_of_his(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    enter(school, "Глеб", "10.0.0.7")
    school.say(anna, "NICK Борис", "NICK Анна")
    school.say(teacher, "CLASS MUTE Анна")
    school.cut(anna)
    anna = enter(school, "Борис", "10.0.0.7", secret=SECRET)
    assert " 404 " in school.say(anna, SPEAKS)
    school.cut(anna)
    boris = enter(school, "Борис", "10.0.0.7", secret=SECRET[::-1])
    assert hears(school, teacher, boris)


def test_a_mute_of_one_ends_none_of_a_neighbour(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    school.say(teacher, "CLASS MUTE Анна")  # and the address, where nobody else is yet
    school.cut(anna)
    enter(school, "Борис", "10.0.0.7", secret=SECRET[::-1])
    school.say(teacher, "CLASS MUTE Борис 5")
    school.restart()
    assert " 404 " in school.say(enter(school, "Анна", "10.9.9.9", secret=SECRET), SPEAKS)


def test_who_is_kept_out_of_the_rooms_does_not_come_in_under_another_nick(
    school: Class, teacher: Client
) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    enter(school, "Глеб", "10.0.0.7")
    school.say(teacher, "CLASS KICK Анна 10")
    assert " 447 " in school.say(anna, "NICK Вера")
    assert " 474 " in school.say(anna, "JOIN #lab")


def test_a_ban_of_a_nick_holds_the_person_on_other_connections_too(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7", secret=SECRET)
    school.say(teacher, "MODE #lab +b Анна!*@*")
    school.cut(anna)
    again = school.come("Вера", "10.0.0.7", secret=SECRET)
    assert " 474 " in school.say(again, "JOIN #lab")
    assert " 366 " in school.say(school.come("Глеб", "10.0.0.7", secret=SECRET[::-1]), "JOIN #lab")


def test_others_have_their_turn_while_bans_are_tried_on_everybody(school: Class, teacher: Client) -> None:
    for number in range(50):
        school.come(f"Студент{number}", "10.0.0.7")
    steps = handle_line(school.state, teacher, parse("MODE #lab +bb С*т4?!*@* *0!*@*"))
    assert steps
    assert sum(1 for _step in steps) > 50
    caught = [len(entry.caught) for entry in school.state.channels["#lab"].lists["b"]]
    assert caught == [20, 10]  # connections and persons; each that was caught before, too


def test_kill_with_a_number_keeps_off_for_so_many_minutes(school: Class, teacher: Client) -> None:
    anna, boris = enter(school, "Анна", "10.0.0.7"), enter(school, "Борис", "10.0.0.8", secret=SECRET)
    school.heard[teacher].clear()
    school.say(teacher, "KILL Анна :уходите", "KILL Борис :10 шум в классе")
    assert anna.closed
    assert boris.closed
    assert not school.come("Анна", "10.0.0.7").closed
    assert "Killed (Учитель (уходите))" in "\n".join(school.heard[teacher])
    assert "шум" not in "\n".join(school.heard[teacher])
    again = school.come("Другой", "10.9.9.9", secret=SECRET)
    assert "come again in 10 minutes (шум в классе)" in "\n".join(school.heard[again])
    other = school.teacher("Учитель2")
    school.say(teacher, "KILL Учитель2 :10")
    assert other.closed
    assert not school.come("Учитель2").closed


def test_nobody_is_renamed_to_a_nick_that_is_reserved(school: Class, teacher: Client) -> None:
    enter(school, "Анна", "10.0.0.7")
    assert "FAIL CLASS NICK_RESERVED" in school.say(teacher, "CLASS RENAME Анна Учитель_")


def test_in_a_quiet_room_nothing_is_said_in_other_ways(school: Class, teacher: Client) -> None:
    options = "message-tags away-notify setname extended-join"
    anna = enter(school, "Анна", "10.0.0.7", capabilities=options)
    boris = enter(school, "Борис", "10.0.0.8", capabilities=options)
    school.say(teacher, "CLASS QUIET")
    answers = school.say(anna, "AWAY :громко", "SETNAME :громко", "NICK Громко")
    assert "FAIL AWAY MUTED :While you may not speak" in answers
    assert "FAIL SETNAME MUTED :While you may not speak" in answers
    assert " 447 " in answers
    school.say(anna, "PART #lab :громко", "SETNAME :громко", "AWAY :громко", "JOIN #lab", "QUIT :громко")
    assert "громко" not in "\n".join(school.heard[boris]).lower()
    assert f":{anna.source} AWAY :away" in school.heard[boris]
    school.say(teacher, "CLASS VOICE Борис")
    assert " 306 " in school.say(boris, "AWAY :слышно")


def test_only_what_was_said_is_counted(school: Class, teacher: Client) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    school.say(teacher, "CLASS QUIET")
    for line in (SPEAKS, "PRIVMSG #two :x", "PRIVMSG Никто :x", "@+typing=active TAGMSG #lab"):
        school.say(anna, line)
    assert " 0 lines a minute" in school.say(teacher, "CLASS WHO")
    school.say(anna, "NOTICE @#lab :✋", "PRIVMSG Учитель :вопрос")
    school.say(teacher, "CLASS OPEN")
    school.say(anna, SPEAKS)
    school.say(anna, "NOTICE @#lab :✋🏻 ↓", "NOTICE @#lab :✋ вопрос", "INVITE Учитель #two", "JOIN #new")
    school.say(anna, "INVITE Учитель #new", "@+draft/react=x;+draft/reply=y TAGMSG #lab")
    assert " 7 lines a minute" in school.say(teacher, "CLASS WHO")
    assert school.state.classroom
    school.cut(anna)
    visits = school.state.classroom.file.read(VISIT).values()
    assert [visit["lines"] for visit in visits if visit["nick"] == "Анна"] == [3]


def test_who_comes_with_ever_new_secrets_fills_nothing_and_stays_one_person(
    school: Class, teacher: Client
) -> None:
    assert school.state.classroom
    for number in range(MOST_NAMES + 10):
        anna = school.come("Анна", "10.0.0.7", before=(f"RECLAIM Анна secret-of-window-{number} {SECRET}",))
        person = school.state.person_of(anna)
        school.cut(anna)
    assert person
    assert len(person.proofs) <= MOST_NAMES + 1
    school.say(teacher, "CLASS MUTE Анна")
    again = enter(school, "Аня", "10.9.9.9", before=(f"RECLAIM Аня secret-of-another-one {SECRET}",))
    assert " 404 " in school.say(again, SPEAKS)


def test_who_may_speak_again_is_told_also_by_a_new_class_or_for_a_neighbour(
    school: Class, teacher: Client
) -> None:
    anna = enter(school, "Анна", "10.0.0.7")
    school.say(teacher, "CLASS MUTE Анна")
    boris = enter(school, "Борис", "10.0.0.7")  # held by the address, which nobody shared
    school.say(teacher, "CLASS UNMUTE Анна")
    for client in (anna, boris):
        assert "NOTICE" in school.heard[client][-1]
        assert "You may speak again" in school.heard[client][-1]
    school.say(teacher, "CLASS MUTE Анна", "CLASS NEW")
    assert "You may speak again" in school.heard[anna][-1]
    assert "You may speak again" in school.heard[boris][-1]
    assert school.heard[boris].count(school.heard[boris][-1]) == 1
    assert hears(school, teacher, anna)


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
