"""Addresses are hidden in a class: nobody but an operator reads those of others, and bans still hold."""

import re

from tests.tools.classroom import Class

ANNAS, BORISES, VERAS = "10.0.0.7", "10.0.0.8", "2001:db8::77"
ASKED = (
    *("WHO #lab", "WHO #lab %tcuihsnfdlaor,1", "WHO *", "WHO Борис", "WHO 10.0.*", "WHOIS Борис"),
    *("WHOIS Вера", "WHOWAS Гость", "USERHOST Борис Вера", "NAMES #lab", "MODE #lab b", "MODE #lab e"),
    *("CHATHISTORY LATEST #lab * 100", "MONITOR + Борис,Вера", "MONITOR S", "LIST", "STATS u", "TOPIC #lab"),
)
CAPABILITIES = (
    "message-tags batch server-time echo-message draft/chathistory draft/event-playback userhost-in-names "
    "extended-join away-notify setname invite-notify extended-monitor"
)


def everything_of_the_class(school: Class) -> str:
    """Let much happen around Anna, who asks for all that there is; return what came on her wire."""
    anna = school.come("Анна", ANNAS, capabilities=CAPABILITIES)
    teacher = school.teacher()
    for client in (anna, teacher):
        school.say(client, "JOIN #lab")
    boris = school.come("Борис", BORISES, capabilities=CAPABILITIES)
    vera = school.come("Вера", VERAS)
    guest = school.come("Гость", BORISES)
    for client in (boris, vera, guest):
        school.say(
            client, "JOIN #lab", "PRIVMSG #lab :привет", "AWAY :сейчас", "SETNAME :Имя", "NICK Х", "NICK Ц"
        )
        school.say(client, "PRIVMSG Анна :лично", "NOTICE Анна :и так", "INVITE Анна #lab")
        school.say(client, f"NICK {'Борис' if client is boris else 'Вера' if client is vera else 'Гость'}")
    school.say(teacher, "MODE #lab +o Борис")
    school.say(
        boris, "TOPIC #lab :тема", "MODE #lab +b Зло!*@*", "MODE #lab +e *!*@10.0.0.8", "KICK #lab Гость"
    )
    school.say(teacher, f"MODE #lab +b *!*@{VERAS}", "MODE #lab +b *!*@10.0.0.9", "KILL Гость :всё")
    school.say(anna, *ASKED)
    return "\n".join(school.heard[anna])


def test_no_address_of_another_is_on_a_students_wire(school: Class) -> None:
    heard = everything_of_the_class(school)
    assert "Борис!~u@" in heard
    assert ".hidden" in heard
    for address in ("10.0.0.8", "10.0.0.9", "2001:db8"):
        assert address not in heard
    assert re.findall(r".* 338 .*", heard) == []


def test_one_sees_ones_own_and_the_operator_everybodys(school: Class) -> None:
    anna, teacher = school.come("Анна", ANNAS), school.teacher()
    assert f" 338 Анна Анна {ANNAS} " in school.say(anna, "WHOIS Анна")
    assert f" 338 Учитель Анна {ANNAS} " in school.say(teacher, "WHOIS Анна")
    assert f" :{ANNAS}" in school.say(teacher, "WHO Анна %i")
    assert " Анна " in school.say(teacher, "WHO 10.0.0.*")
    assert teacher.host == "127.0.0.1"


def test_a_cloak_is_the_same_after_a_restart_and_another_for_another_address(school: Class) -> None:
    anna, boris = school.come("Анна", ANNAS).host, school.come("Борис", BORISES).host
    assert re.fullmatch(r"[0-9a-f]{8}\.hidden", anna)
    assert anna != boris
    assert school.come("Вера", VERAS).host == school.come("Ещё", "2001:db8::78").host
    school.restart()
    assert school.come("Анна", ANNAS).host == anna


def test_masks_match_the_address_and_its_cloak(school: Class) -> None:
    teacher, anna = school.teacher(), school.come("Анна", ANNAS)
    for mask in (f"*!*@{ANNAS}", "*!*@10.0.0.*", "*!*@10.0.0.0/24", f"*!*@{anna.host}", "*!*@*.hidden"):
        school.say(teacher, f"MODE #two +b {mask}")
        assert " 474 " in school.say(anna, "JOIN #two"), mask
        assert " 366 " in school.say(teacher, "JOIN #two"), "no ban binds the operator"
        school.say(teacher, f"MODE #two -b {mask}", "PART #two")
    assert " 366 " in school.say(anna, "JOIN #two")


def test_what_was_kept_before_there_was_a_class_hides_addresses_too(school: Class) -> None:
    boris = school.come("Борис", BORISES)
    line = f":Борис!~u@{BORISES} PRIVMSG #lab :давно"
    school.history.add("#lab", 1, line, boris.author)
    school.history.add("#lab", 2, f"@+x=1 :Борис!~u@{BORISES} PRIVMSG #lab :раз\nдва", boris.author)
    anna = school.come("Анна", ANNAS)
    school.say(anna, "JOIN #lab")
    page = school.say(anna, "CHATHISTORY LATEST #lab * 10")
    assert f":Борис!~u@{boris.host} PRIVMSG #lab :давно" in page
    assert BORISES not in page


def test_a_student_cannot_find_out_by_masks_whose_address_it_is(school: Class) -> None:
    """The operator of a room of his own tries address after address, and looks whom it holds."""
    anna, boris = school.come("Анна", ANNAS), school.come("Борис", BORISES)
    school.say(anna, "JOIN #own")
    school.say(boris, "JOIN #own")
    for number in range(10):
        for mask in (
            f"10.0.0.{number}",
            f"10.0.0.{number}/32",
            f"10.0.0.{number}*",
            f"*.{number}",
            "10.0.0.0/8",
        ):
            answer = school.say(anna, f"MODE #own +b *!*@{mask}", f"MODE #own -e *!*@{mask}")
            assert ".hidden" not in answer.replace(anna.host, "")
            assert " 404 " not in school.say(boris, "PRIVMSG #own :слышно")
    assert " 696 " in school.say(anna, f"MODE #own +b *!*@{BORISES}")
    assert "+b" in school.say(anna, f"MODE #own +b *!*@{boris.host}")
    assert " 404 " in school.say(boris, "PRIVMSG #own :не слышно")
    assert "+b" in school.say(anna, "MODE #own +b *!*@127.0.0.1")
