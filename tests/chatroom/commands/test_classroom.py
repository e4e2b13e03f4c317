"""CLASS: what an operator can do in a class."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

import pytest

from chatroom.classroom.people import FLOOD_LINES
from chatroom.config import Config
from tests.tools.irc import TAGS, Client, Irc

SECRET = "0123456789abcdef"


@pytest.fixture
def teacher(irc: Irc) -> Client:
    """An operator in #lab, who is told in standard replies."""
    irc.server(oper_name="t", oper_password="p")
    return teacher_of(irc, *TAGS, "standard-replies")


def teacher_of(irc: Irc, *capabilities: str) -> Client:
    teacher = irc.client("Учитель", capabilities=capabilities)
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    return teacher.enter()


def student(irc: Irc, nick: str, capabilities: Iterable[str] = ()) -> Client:
    return irc.client(nick, capabilities=capabilities).enter()


def do(teacher: Client, line: str, answer: str = "") -> None:
    """Let the teacher use a verb, and wait for what the server answers."""
    teacher.send(f"CLASS {line}")
    teacher.expect(answer or rf" NOTE CLASS {line.split(maxsplit=1)[0].upper()} :")


def cannot_say(client: Client, numeric: str = "404", target: str = "#lab") -> None:
    client.send(f"PRIVMSG {target} :слышно")
    client.expect(f" {numeric} ")


def can_say(client: Client, hearer: Client, target: str = "#lab", text: str = "слышно") -> None:
    client.send(f"PRIVMSG {target} :{text}")
    hearer.expect(f"PRIVMSG {target} :{text}$")


def test_the_vocabulary_is_for_operators_alone(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    anna = irc.client("Анна")
    for verb in ("HELP", "WHO", "WATCH", "MUTE Анна", "nonsense"):
        anna.send(f"CLASS {verb}")
        anna.expect(" 481 ")
    anna.expect_nothing()
    teacher = teacher_of(irc, "standard-replies")
    do(teacher, "help mute", r"^:chat.lab NOTE CLASS HELP :mute nick \[minutes\] — this person")
    do(teacher, "dance", "^:chat.lab FAIL CLASS UNKNOWN_VERB :There is no word dance")
    do(teacher, "mute", r"^:chat.lab FAIL CLASS INVALID_PARAMS :.*mute nick \[minutes\]$")
    do(teacher, "watch", "^:chat.lab FAIL CLASS NEED_CAPABILITY :")


def test_a_client_without_capabilities_reads_sentences(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    teacher = teacher_of(irc)
    do(teacher, "help mute", r"^:chat.lab NOTICE Учитель :mute nick \[minutes\] — this person")
    do(teacher, "mute Никто", "^:chat.lab NOTICE Учитель :Nobody called Никто is or was here.$")
    do(teacher, "who", "^:chat.lab NOTICE Учитель :Учитель: 127.0.0.1 in #lab; operator; heard ")


def test_in_a_quiet_room_only_voices_speak_and_a_voice_outlives_a_lost_connection(
    irc: Irc, teacher: Client
) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    do(teacher, "quiet")
    boris.expect(r"^:Учитель!\S+ MODE #lab \+m$")
    cannot_say(anna)
    can_say(teacher, boris)
    do(teacher, "voice Анна")
    can_say(anna, boris)
    anna.close()
    boris.expect("^:Анна!.* QUIT ")
    anna = student(irc, "Анна")
    boris.expect(r"^:chat.lab MODE #lab \+v Анна$")
    can_say(anna, boris)
    do(teacher, "unvoice Анна")
    anna.expect(r"MODE #lab -v Анна$")
    cannot_say(anna)
    do(teacher, "open")
    can_say(anna, boris)


def test_voice_and_lock_by_ordinary_commands_hold_too(irc: Irc, teacher: Client) -> None:
    anna = student(irc, "Анна")
    teacher.send("MODE #lab +miv Анна")
    anna.expect(r"MODE #lab \+miv Анна$")
    anna.send("QUIT")
    anna.expect_closed()
    anna = student(irc, "Анна")
    can_say(anna, teacher)
    boris = irc.client("Борис")
    boris.send("JOIN #lab")
    boris.expect(" 473 ")


def test_a_raised_hand_reaches_operators_from_a_quiet_room_and_is_in_order(irc: Irc, teacher: Client) -> None:
    anna, boris, vera = (student(irc, nick) for nick in ("Анна", "Борис", "Вера"))
    do(teacher, "quiet")
    do(teacher, "mute Борис")
    boris.send("NOTICE @#lab :✋ вопрос")
    teacher.expect("^.*:Борис!.* NOTICE @#lab :✋ вопрос$")
    anna.send("NOTICE @#lab :✋")
    teacher.expect("^.*:Анна!.* NOTICE @#lab :✋$")
    do(teacher, "hands", "HANDS :1. Борис, for 0 min")
    teacher.expect("HANDS :2. Анна, for 0 min")
    do(teacher, "voice Анна")
    do(teacher, "hands down")
    boris.expect("^:chat.lab NOTICE Борис :Your hand was lowered$")
    do(teacher, "hands", "HANDS :No hand is raised.$")
    vera.expect_nothing_but(r" (JOIN|MODE) ")


def test_a_hand_is_lowered_by_a_tag(irc: Irc, teacher: Client) -> None:
    anna = student(irc, "Анна", TAGS)
    anna.send("@+chat.lab/hand=up NOTICE @#lab :Можно вопрос?")
    teacher.expect("NOTICE @#lab :Можно вопрос")
    do(teacher, "hands", "HANDS :1. Анна")
    anna.send("@+chat.lab/hand=down TAGMSG @#lab")
    teacher.expect("TAGMSG @#lab")
    do(teacher, "hands", "HANDS :No hand is raised")


def test_who_is_muted_writes_to_operators_only_and_keeps_the_nick(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    do(teacher, "mute Анна")
    cannot_say(anna)
    cannot_say(anna, "531", "Борис")
    can_say(anna, teacher, "Учитель")
    anna.send("NICK Аня")
    anna.expect(" 447 ")
    anna.send("SETNAME :Грубость")
    anna.expect("FAIL SETNAME MUTED ")
    anna.send("AWAY :Грубость")
    anna.expect("FAIL AWAY MUTED ")
    anna.send("TOPIC #lab :Грубость")
    anna.expect(" (404|482) ")
    do(teacher, "unmute Анна")
    can_say(anna, boris)
    anna.send("AWAY :обед")
    anna.expect(" 306 ")
    do(teacher, "mute Анна 5", "MUTE :Анна is muted for 5 min.")
    anna.send("PART #lab :Грубость")
    boris.expect("^:Анна!.* PART #lab$")


def test_a_mute_finds_a_person_behind_another_nick(irc: Irc, teacher: Client) -> None:
    anna = irc.raw()
    enter_with_proof(anna, "Анна", SECRET)
    do(teacher, "mute Анна")
    anna.send("QUIT")
    anna.expect_closed()
    again = irc.raw()
    enter_with_proof(again, "Аня", SECRET)
    cannot_say(again)
    other = irc.raw()
    enter_with_proof(other, "Вера", SECRET[::-1])
    can_say(other, teacher)


def enter_with_proof(client: Client, nick: str, secret: str) -> None:
    prove(client, nick, secret)
    client.enter()


def prove(client: Client, nick: str, secret: str) -> None:
    client.send("CAP REQ chat.lab/reclaim")
    client.introduce(nick)
    client.send(f"RECLAIM {nick} {secret}")
    client.send("CAP END")
    client.expect(" 422 ")


def test_who_is_muted_writes_nothing_into_names_keys_and_masks_of_rooms(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    anna.enter("#слова")
    boris.enter("#слова")
    anna.expect(" JOIN #слова")
    do(teacher, "mute Анна")
    for line, numeric in (
        ("INVITE Борис #lab2", "403"),
        ("MODE #слова +b слышно!*@*", "482"),
        ("MODE #слова +k слышно", "482"),
        ("KICK #слова Борис :слышно", "482"),
        ("JOIN #слышно", "403"),
    ):
        anna.send(line)
        anna.expect(f" {numeric} ")
    boris.send("PART #слова")
    boris.expect(" PART #слова")
    anna.send("INVITE Борис #слова")
    anna.expect(" 531 ")
    boris.expect_nothing()


def test_who_may_not_write_privately_invites_nobody(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    anna.enter("#слова")
    do(teacher, "private none")
    boris.send("PING 1")
    boris.expect("PONG")
    anna.send("INVITE Борис #слова")
    anna.expect(" 531 ")
    boris.expect_nothing()


def test_who_is_renamed_stays_muted_under_both_nicks(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    do(teacher, "mute Анна")
    do(teacher, "rename Анна Вера", "RENAME :Анна is now Вера")
    boris.expect("^:Анна!.* NICK :Вера$")
    cannot_say(anna)
    anna.close()
    boris.expect("QUIT")
    for nick in ("Вера", "Анна"):
        cannot_say(student(irc, nick))
    do(teacher, "rename Борис Учитель", "FAIL CLASS NICK_IN_USE ")
    do(teacher, "rename Борис 7х", "FAIL CLASS INVALID_NICK ")


def test_an_operator_cannot_be_muted_or_banned(irc: Irc, teacher: Client) -> None:
    for verb in ("mute", "kick", "ban"):
        do(teacher, f"{verb} Учитель", "FAIL CLASS IS_OPERATOR ")


def test_a_kick_can_keep_out_for_a_while(irc: Irc, teacher: Client) -> None:
    anna = student(irc, "Анна")
    do(teacher, "kick Анна :шумно тут")
    anna.expect("^:Учитель!.* KICK #lab Анна :шумно тут$")
    anna.enter()
    do(teacher, "kick Анна 5 шумно")
    anna.expect("KICK #lab Анна :шумно$")
    anna.send("JOIN #lab")
    anna.expect(" 474 Анна #lab :You were sent out .*; come again in 5 minutes .шумно.$")
    anna.enter("#other")
    do(teacher, "unban Анна")
    anna.enter()


def test_an_address_that_several_share_is_said_before_it_is_banned(irc: Irc, teacher: Client) -> None:
    student(irc, "Анна")
    boris = student(irc, "Борис")
    do(teacher, "ban Борис", "FAIL CLASS ADDRESS_SHARED :Борис shares the address 127.0.0.1 with .*Анна.*")
    boris.expect_nothing()
    do(teacher, "ban Борис all", "FAIL CLASS ADDRESS_OF_OPERATOR ")
    do(teacher, "ban Борис one 30 :всё время шумит", "BAN :Борис is banned for 30 min.")
    assert any("Banned by Учитель (всё время шумит)" in line for line in boris.expect_closed())
    again = irc.raw()
    again.introduce("Борис")
    again.expect(" 465 Борис :You are banned from this server; come again in 30 minutes .всё время шумит.$")
    again.expect_closed()
    do(teacher, "bans", "BANS :Борис: banned from the server; for 30 min more; because: всё время шумит")
    do(teacher, "unban Борис")
    student(irc, "Борис")
    do(teacher, "bans", "BANS :Nobody is banned or muted.")


def test_a_locked_room_lets_those_back_who_were_in(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), irc.client("Борис")
    do(teacher, "lock")
    anna.expect(r"MODE #lab \+i$")
    anna.close()
    teacher.expect("QUIT")
    anna = student(irc, "Анна")
    boris.send("JOIN #lab")
    boris.expect(" 473 ")
    do(teacher, "unlock")
    boris.enter()


def test_private_messages_can_be_switched_off(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    do(teacher, "private teacher")
    cannot_say(anna, "531", "Борис")
    can_say(anna, teacher, "Учитель")
    can_say(teacher, anna, "Анна")
    do(teacher, "private none")
    cannot_say(anna, "531", "Учитель")
    can_say(teacher, anna, "Анна", "ещё раз")
    do(teacher, "private all")
    can_say(anna, boris, "Борис")
    do(teacher, "private everybody", "FAIL CLASS INVALID_PARAMS ")


def test_an_announcement_is_a_notice_to_everybody_and_stays_in_the_rooms(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна", (*TAGS, "draft/chathistory")), student(irc, "Борис")
    boris.enter("#other")
    vera = irc.client("Вера")
    do(teacher, "announce :Через  5 минут перерыв", "ANNOUNCE :Announced to 3 people.")
    found = anna.expect(r"^@(\S*) :Учитель!\S+ NOTICE #lab :Через  5 минут перерыв$")
    assert "chat.lab/announcement=" in found[1]
    boris.expect("^:Учитель!.* NOTICE #lab :Через  5 минут перерыв$")
    boris.expect("^:Учитель!.* NOTICE #other :Через  5 минут перерыв$")
    vera.expect("^:Учитель!.* NOTICE Вера :Через  5 минут перерыв$")
    anna.send("CHATHISTORY LATEST #lab * 10")
    anna.expect(r"^@\S*chat.lab/announcement=\S* :Учитель!\S+ NOTICE #lab :Через  5 минут перерыв$")
    teacher.send("NOTICE $$* :Начали")
    vera.expect("NOTICE Вера :Начали$")
    anna.send("PRIVMSG $$* :Грубость")
    anna.expect(" 481 ")
    anna.send("NOTICE $$* :Грубость")
    vera.expect_nothing()


def test_people_are_moved_between_the_rooms_of_the_class(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p", rooms=("#lab", "#group2"))
    teacher = teacher_of(irc, "standard-replies").enter("#group2")
    anna, boris = student(irc, "Анна"), student(irc, "Борис")
    do(teacher, "move Анна Борис group2")
    teacher.expect("MOVE :Борис is in #group2 now.")
    anna.expect("^:Анна!.* JOIN #group2$")
    anna.expect(" 366 Анна #group2 ")
    anna.expect("^:Анна!.* PART #lab :Moved to #group2$")
    can_say(anna, boris, "#group2")
    do(teacher, "move Анна #nowhere", "FAIL CLASS NO_SUCH_ROOM .*#lab, #group2$")


def test_who_is_kept_out_of_the_rooms_is_not_moved_into_one(irc: Irc, teacher: Client) -> None:
    boris, vera = student(irc, "Борис"), irc.client("Вера")
    do(teacher, "kick Борис 10")
    boris.expect(" KICK #lab Борис ")
    do(teacher, "move Вера Борис #lab", "FAIL CLASS KEPT_OUT :Борис is kept out .*: CLASS unban Борис$")
    vera.expect_nothing()
    do(teacher, "unban Борис")
    do(teacher, "move Борис #lab")
    boris.expect(" JOIN #lab$")


def test_who_came_back_under_another_nick_is_let_in_under_it(irc: Irc, teacher: Client) -> None:
    enter_with_proof(irc.raw(), "Борис", SECRET)
    do(teacher, "kick Борис 10")
    again = irc.raw()
    prove(again, "Боря", SECRET)
    again.send("JOIN #lab")
    again.expect(" 474 ")
    do(teacher, "move Боря #lab", "FAIL CLASS KEPT_OUT :Боря is kept out .*: CLASS unban Борис$")
    do(teacher, "unban Боря")
    again.enter()


@pytest.mark.parametrize("number", [0, -1, -(2**63), 2**50])
def test_to_wipe_comes_to_an_end_though_a_row_has_a_number_of_none(
    number: int, irc: Irc, teacher: Client
) -> None:
    anna = student(irc, "Анна")
    for text in "xy":
        can_say(anna, teacher, text=text)
    irc.close()
    with closing(sqlite3.connect(irc.history)) as database, database:
        database.execute("UPDATE message SET id = ? WHERE line LIKE '%:x'", (number,))
    irc.server(oper_name="t", oper_password="p")
    teacher = teacher_of(irc, "standard-replies")
    do(teacher, "wipe Анна", r"NOTE CLASS WIPE :Deleted of Анна: \d messages")


def test_all_that_somebody_said_is_wiped_from_history_and_screens(irc: Irc, teacher: Client) -> None:
    taking = (*TAGS, "draft/message-redaction")
    anna, boris = student(irc, "Анна", taking), student(irc, "Борис", taking)
    plain = student(irc, "Вера")
    for number in range(3):
        can_say(anna, boris, text=f"грубость {number}")
    can_say(anna, boris, "Борис", "личная грубость")
    can_say(boris, anna, text="хорошее")
    anna.send("NOTICE @#lab :✋ грубость")
    teacher.expect("✋ грубость$")
    do(teacher, "wipe Анна", "WIPE :Deleted of Анна: 5 messages, for ever.")
    boris.expect_nothing_but(" (PRIVMSG|JOIN|REDACT) ")
    redacted = [line for line in boris.lines if re.search(r" REDACT (#lab|Борис) \S+$", line)]
    assert len(redacted) == 4  # nothing of what only operators had heard
    plain.expect_nothing_but(" PRIVMSG ")
    with sqlite3.connect(irc.history) as history:
        kept = [line for (line,) in history.execute("SELECT line FROM message")]
    assert any("хорошее" in line for line in kept)
    assert not any("грубость" in line or ":Анна!" in line for line in kept)


def test_a_flood_is_paused_and_a_pasted_text_counts_as_one_line(irc: Irc) -> None:
    config = Config(oper_name="t", oper_password="p")
    irc.server(config=config)
    teacher = teacher_of(irc, "standard-replies")
    anna = student(irc, "Анна", (*TAGS, "draft/multiline"))
    lines = "".join(f"@batch=1 PRIVMSG #lab :строка {number}\r\n" for number in range(30))
    anna.send(f"BATCH +1 draft/multiline #lab\r\n{lines}BATCH -1")
    teacher.expect("строка 29$")
    anna.send("\r\n".join(f"PRIVMSG #lab :{number}" for number in range(20)))
    anna.expect(" 404 Анна #lab :Too many messages at once; you may write again in 30 seconds$")
    do(teacher, "who", r"WHO :Анна: .*paused for \d+ s more; heard .* 20 lines a minute$")
    do(teacher, "unmute Анна", "UNMUTE :Анна may speak again.")
    can_say(anna, teacher, text="снова")
    do(teacher, "unmute Анна", "FAIL CLASS NOT_MUTED ")
    teacher.send("\r\n".join(f"PRIVMSG #lab :{number}" for number in range(25)))
    anna.expect("PRIVMSG #lab :24$")


def test_who_is_silenced_is_told_at_once_and_when_it_ends(irc: Irc, teacher: Client) -> None:
    anna, boris = student(irc, "Анна", ("standard-replies",)), student(irc, "Борис")
    do(teacher, "mute Анна 5")
    anna.expect("^:chat.lab NOTE CLASS MUTED 300 :You are muted")
    do(teacher, "unmute Анна")
    anna.expect(r"^:chat.lab NOTE CLASS UNMUTED \* :You may speak again$")
    do(teacher, "mute Борис")
    boris.expect("^:chat.lab NOTICE Борис :You are muted")
    do(teacher, "mute Анна")
    anna.expect(r"NOTE CLASS MUTED \* ")
    anna.send("PART #lab")
    anna.send("JOIN #lab")
    anna.expect(r"NOTE CLASS MUTED \* ")


def test_who_says_too_much_is_told_once_for_how_long(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p", throttle=True)
    anna = student(irc, "Анна", ("standard-replies",))
    for number in range(FLOOD_LINES + 3):
        anna.send(f"PRIVMSG #lab :{number}")
    anna.expect("NOTE CLASS PAUSED 30 :Too many messages at once; you may write again in 30 seconds")
    anna.expect_nothing_but(" 404 ")
