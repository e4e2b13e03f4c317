"""The operator's power: in every room, through cuts and restarts, and nobody else's."""

from pathlib import Path

import pytest

from chatroom.classroom.file import ROOM
from tests.tools.classroom import NAME, PASSWORD, Class

ANNAS = "0123456789abcdef"
FAR = "10.0.0.7"
ROOM_OF_OTHERS = "#other"


def test_no_student_can_lock_the_teacher_out(school: Class) -> None:
    """The first in an empty room bans, kicks and locks: the teacher comes in, and undoes it all."""
    student = school.come("Пётр", FAR)
    school.say(student, f"JOIN {ROOM_OF_OTHERS}")
    assert school.marks(ROOM_OF_OTHERS, "Пётр") == "o"
    teacher = school.teacher()
    school.say(teacher, f"JOIN {ROOM_OF_OTHERS}")
    assert school.marks(ROOM_OF_OTHERS, "Учитель") == "o"
    answers = school.say(
        student,
        f"MODE {ROOM_OF_OTHERS} +b Учитель!*@*",
        f"MODE {ROOM_OF_OTHERS} -o Учитель",
        f"KICK {ROOM_OF_OTHERS} Учитель :вон",
        f"MODE {ROOM_OF_OTHERS} +ikl secret 1",
        f"MODE {ROOM_OF_OTHERS} +m",
    )
    assert answers.count(" 484 ") == 2
    assert school.marks(ROOM_OF_OTHERS, "Учитель") == "o"
    said = school.say(teacher, f"PRIVMSG {ROOM_OF_OTHERS} :слышно", f"PART {ROOM_OF_OTHERS}")
    assert " 404 " not in said
    assert "PRIVMSG #other :слышно" in "\n".join(school.heard[student])
    outside = school.say(
        teacher,
        f"MODE {ROOM_OF_OTHERS}",
        f"TOPIC {ROOM_OF_OTHERS} :тема",
        f"PRIVMSG {ROOM_OF_OTHERS} :и отсюда",
        f"INVITE Пётр {ROOM_OF_OTHERS}",
        f"MODE {ROOM_OF_OTHERS} -o Пётр",
        f"JOIN {ROOM_OF_OTHERS}",
        f"KICK {ROOM_OF_OTHERS} Пётр",
    )
    assert not any(f" {numeric} " in outside for numeric in (403, 404, 442, 471, 473, 474, 475, 482))
    assert "#other +imntkl secret 1" in outside
    assert school.marks(ROOM_OF_OTHERS, "Учитель") == "o"
    assert school.marks(ROOM_OF_OTHERS, "Пётр") == "absent"


def test_oper_gives_the_mark_in_rooms_where_he_is_already_and_all_see_it(school: Class) -> None:
    student, teacher = school.come("Пётр", FAR), school.come("Учитель")
    for client in (student, teacher):
        school.say(client, "JOIN #lab")
    assert school.marks("#lab", "Учитель") == ""
    school.say(teacher, f"OPER {NAME} {PASSWORD}")
    assert school.marks("#lab", "Учитель") == "o"
    assert "MODE #lab +o Учитель" in school.heard[student][-1]
    assert " 482 " in school.say(student, "KICK #lab Учитель")


def test_no_ban_binds_an_operator_who_has_no_mark(school: Class) -> None:
    student, teacher = school.come("Пётр", FAR), school.teacher()
    school.say(
        student, "JOIN #other", "MODE #other -n", "MODE #other +b Учитель!*@*", "MODE #other +b m:*!*@*"
    )
    school.say(teacher, "PRIVMSG #other :из коридора", "JOIN #other", "MODE #other -o Учитель")
    assert school.marks("#other", "Учитель") == ""
    school.say(teacher, "PRIVMSG #other :речь")
    heard = "\n".join(school.heard[student])
    assert "PRIVMSG #other :из коридора" in heard
    assert "PRIVMSG #other :речь" in heard


def test_another_operator_may_act_against_an_operator(school: Class) -> None:
    one, other = school.teacher("Один"), school.teacher("Два")
    for client in (one, other):
        school.say(client, "JOIN #lab")
    school.say(one, "MODE #lab -o Два", "KICK #lab Два")
    assert school.marks("#lab", "Два") == "absent"


def test_first_in_a_room_of_the_class_is_nobodys_operator(school: Class) -> None:
    student = school.come("Пётр", FAR)
    assert "PREFIX=(ov)@+" in "".join(school.heard[student])
    assert "chat.lab/CLASS=#lab,#two" in "".join(school.heard[student])
    school.say(student, "JOIN #lab,#other")
    assert school.marks("#lab", "Пётр") == ""
    assert school.marks("#other", "Пётр") == "o"
    assert " 482 " in school.say(student, "MODE #lab +m")
    school.say(student, "PART #lab,#other")
    assert "#lab" in school.state.channels
    assert "#other" not in school.state.channels


def test_without_an_operator_rooms_are_as_ever(tmp_path: Path) -> None:
    server = Class(tmp_path, oper_name="")
    student = server.come("Пётр", FAR)
    server.say(student, "JOIN #lab")
    assert server.marks("#lab", "Пётр") == "o"
    assert student.host == FAR
    assert "chat.lab/CLASS" not in "".join(server.heard[student])
    server.close()


@pytest.mark.parametrize("killed", [False, True])
def test_rooms_of_the_class_survive_a_restart(school: Class, killed: bool) -> None:
    teacher = school.teacher()
    school.say(
        teacher,
        *("TOPIC #lab :Сокеты", "MODE #lab +smk-t ключ", "MODE #lab +l 30", "MODE #lab +b Пётр!*@*"),
        *("MODE #lab +e Анна!*@*", "MODE #lab +b m:*!*@10.9.0.0/16", "MODE #lab +I *!*@10.1.2.3"),
    )
    asked = ("TOPIC #lab", "MODE #lab", "MODE #lab b", "MODE #lab e", "MODE #lab I")
    before = school.say(teacher, *asked)
    assert before.count(" 367 ") == 2
    school.restart(killed=killed)
    again = school.teacher()
    assert school.say(again, *asked) == before
    peter = school.come("Пётр", FAR)
    assert " 474 " in school.say(peter, "JOIN #lab ключ")
    assert " 475 " in school.say(school.come("Вера", FAR), "JOIN #lab")
    school.say(again, "MODE #lab -b Пётр!*@*", "TOPIC #lab :")
    school.restart(killed=killed)
    assert " 366 " in school.say(school.come("Пётр", FAR), "JOIN #lab ключ")
    assert school.state.channels["#lab"].topic == ""


@pytest.mark.parametrize(
    "wrong", [{"setter": 5}, {"time": "now"}, {"account": []}, {"mask": "a b"}, {"knows_addresses": "yes"}]
)
def test_a_mask_that_is_damaged_in_the_file_is_left_out_alone(
    school: Class, wrong: dict[str, object]
) -> None:
    right = {"mask": "Анна!*@*", "setter": "x", "time": 1, "account": "", "knows_addresses": False, "new": 1}
    assert school.state.classroom
    school.state.classroom.file.keep(ROOM, "#lab", {"lists": {"b": [5, right | wrong, right]}})
    school.restart()
    assert school.say(school.teacher(), "MODE #lab b").count(" 367 ") == 1


def test_operators_come_from_this_computer_or_over_tls_alone(tmp_path: Path) -> None:
    school = Class(tmp_path)
    for address in (FAR, "2001:db8::7", "::ffff:10.0.0.7"):
        client = school.come("Учитель", address)
        answer = school.say(client, f"OPER {NAME} {PASSWORD}")
        assert " 491 " in answer
        assert "--oper-from-network" in answer
        assert " chat.lab/OPEN-WIRE " in "\n".join(school.heard[client])
        assert not client.is_operator
        school.cut(client)
    for number, address in enumerate(("127.0.0.1", "::1", "::ffff:127.0.0.1")):
        school.teacher(f"Учитель{number}", address)
    far = school.teacher("Далеко", FAR, secure=True)
    assert "OPEN-WIRE" not in "\n".join(school.heard[far])
    school.close()
    open_one = Class(tmp_path, oper_from_network=True)
    far = open_one.teacher("Учитель", FAR, secret=ANNAS)
    assert "OPEN-WIRE" not in "\n".join(open_one.heard[far])
    open_one.restart()
    assert not open_one.come("Учитель", FAR, secret=ANNAS, secure=True).is_operator, "it was overheard"
    open_one.close()


@pytest.mark.parametrize(("address", "secure"), [("127.0.0.1", False), (FAR, True)])
def test_the_role_comes_back_with_the_secret_after_cuts_and_restarts(
    school: Class, address: str, secure: bool
) -> None:
    teacher = school.teacher("Учитель", address, secret=ANNAS, secure=secure)
    for number in range(4):
        if number % 2:
            school.restart(killed=number == 3)
        elif number:
            school.cut(teacher)  # else the server does not know yet that it is lost
        teacher = school.come("Учитель", address, secret=ANNAS, secure=secure)
        assert teacher.is_operator
        heard = "\n".join(school.heard[teacher])
        assert heard.index(" 001 ") < heard.index(" 381 ") < heard.index(" MODE Учитель :+o")
        assert " 482 " not in school.say(teacher, "JOIN #lab", "MODE #lab +m", "MODE #lab -m")
    school.cut(teacher)
    for wrong in ("f" * 16, ""):
        assert not school.come("Другой", address, secret=wrong, secure=secure).is_operator
    assert not school.come("Сосед", FAR, secret=ANNAS).is_operator, "not over an open wire"


def test_a_secret_that_was_overheard_makes_nobody_an_operator(school: Class) -> None:
    """A student reads it with Wireshark when the teacher comes without TLS, before or after he has power."""
    early = school.come("Учитель", FAR, secret=ANNAS)
    school.cut(early)
    teacher = school.teacher("Учитель", FAR, secret=ANNAS, secure=True)
    school.cut(teacher)
    thief = school.come("Хакер", "10.0.0.66", secret=ANNAS, secure=True)
    assert thief.registered
    assert not thief.is_operator
    school.cut(thief)
    other = "abcdef0123456789"
    teacher = school.teacher("Учитель", FAR, secret=other, secure=True)
    school.cut(teacher)
    school.cut(school.come("Учитель", FAR, secret=other))
    thief = school.come("Хакер", "10.0.0.66", secret=other, secure=True)
    assert thief.registered
    assert not thief.is_operator


def test_who_gives_the_role_up_does_not_get_it_back(school: Class) -> None:
    teacher = school.teacher(secret=ANNAS)
    school.say(teacher, "JOIN #lab", f"JOIN {ROOM_OF_OTHERS}")
    said = school.say(teacher, "MODE Учитель -o")
    assert "MODE #lab -o Учитель" in said
    assert school.marks("#lab", "Учитель") == ""
    assert school.marks(ROOM_OF_OTHERS, "Учитель") == "o", "he was the first there"
    school.cut(teacher)
    assert not school.come("Учитель", secret=ANNAS).is_operator


def test_the_launchers_token_works_on_this_computer_alone_and_before_registration(tmp_path: Path) -> None:
    school = Class(tmp_path, oper_password="", oper_token="T" * 32, reserved=("Преподаватель",))
    token = (f"OPER {NAME} {'T' * 32}",)
    teacher = school.come("Преподаватель", before=token)
    assert teacher.registered
    assert teacher.is_operator
    heard = "\n".join(school.heard[teacher])
    assert heard.index(" 001 ") < heard.index(" 381 ")
    for secure in (False, True):
        stranger = school.come(f"Хакер{secure:d}", FAR, secure=secure)
        school.say(stranger, *token)
        assert not stranger.is_operator
    nobody = school.come("Пусто")
    assert " 461 " in school.say(nobody, f"OPER {NAME}")
    assert " 464 " in school.say(nobody, f"OPER {NAME} :")
    assert not nobody.is_operator
    wrong = school.come("Мимо", before=(f"OPER {NAME} wrong",))
    assert wrong.registered
    assert not wrong.is_operator
    assert " 464 " not in "\n".join(school.heard[wrong]), "that would be about PASS"
    school.close()


def test_reserved_nicks_are_the_operators_alone(tmp_path: Path) -> None:
    school = Class(tmp_path, reserved=("Преподаватель", "Teacher"))
    student = school.come("Пётр", FAR)
    for nick in (
        "Преподаватель",
        "ПРЕПОДАВАТЕЛЬ_",
        "_Преподаватель^",
        "teacher",
        "Tea-cher",
        "[Teacher]",
        "Teacher_1",
        "Прёподаватель",
        "Преподавательꙿ",
    ):
        answer = school.say(student, f"NICK {nick}")
        assert " 433 " in answer, nick
        assert "reserved" in answer
        newcomer = school.come(nick, FAR)
        assert not newcomer.registered
        assert " 433 " in "\n".join(school.heard[newcomer])
        assert "001" in school.say(newcomer, "NICK Новый")
        school.cut(newcomer)
    for nick in ("Преподаватели", "teachers", "Петя"):
        assert " 433 " not in school.say(student, f"NICK {nick}")
    teacher = school.teacher("Учитель", secret=ANNAS)
    assert " 433 " in school.say(student, "NICK Учитель_"), "an operator's own nick"
    school.say(teacher, "NICK Преподаватель")
    assert teacher.nick == "Преподаватель"
    assert "NICK :Учитель_" in school.say(student, "NICK Учитель_"), "he has another one now"
    waiting = school.state.connect(FAR, 1)
    school.say(waiting, "CAP LS 302", "NICK Преподаватель^", f"RECLAIM Преподаватель^ {'x' * 16}")
    school.cut(teacher)
    assert " 433 " in school.say(student, "NICK Преподаватель`")
    assert school.come("Преподаватель", secret=ANNAS).nick == "Преподаватель"
    school.close()
