"""Our client as a teacher's and as a student's, against our own server."""

import math
from itertools import islice

from client.model.conversations import Delivery, Kind
from client.model.events import Problem
from tests.tools.irc import Irc
from tests.tools.users import User, Users


def teach(irc: Irc, meet: Users) -> User:
    irc.server(oper_name="t", oper_password="p")
    teacher = meet(irc.address, "Учитель")
    teacher.session.state.watch_class(on=True)
    teacher.say("/oper t p")
    teacher.wait(lambda: teacher.session.state.is_server_operator)
    return teacher


def use(teacher: User, line: str, answer: str) -> None:
    kinds = (Kind.INFO, Kind.ERROR, Kind.MODE)
    teacher.say(line)
    teacher.wait(lambda: any(answer in text for kind in kinds for text in teacher.told(kind)))


def test_a_teacher_runs_a_class_with_slash_commands(irc: Irc, meet: Users) -> None:
    teacher = teach(irc, meet)
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    people = teacher.session.state.desk.people
    teacher.wait(lambda: sorted(one.nick for one in people.values()) == ["Анна", "Борис"])

    use(teacher, "/quiet", "Учитель makes the room quiet")
    anna.say("слышно?")
    anna.wait(lambda: anna.lab.entries[-1].kind is Kind.ERROR or anna.told(Kind.ERROR))
    assert next(one for one in anna.lab.entries if one.text == "слышно?").delivery is Delivery.FAILED
    use(teacher, "/voice Анна", "Анна has the word")
    anna.say("теперь слышно")
    boris.wait(lambda: boris.said() == ["Анна: теперь слышно"])
    use(teacher, "/open", "Учитель lets everybody write")

    use(teacher, "/mute Борис", "Борис is muted")
    teacher.wait(lambda: any(one.muted_until == math.inf for one in people.values()))
    boris.say("и меня?")
    boris.wait(lambda: any("You are muted" in text for text in boris.told(Kind.ERROR)))
    use(teacher, "/announce Перерыв", "Announced to 2 people")
    boris.wait(lambda: any(one.kind is Kind.NOTICE and one.text == "Перерыв" for one in boris.lab.entries))
    use(teacher, "/wipe Анна", "Deleted of Анна: 1 messages")
    boris.wait(lambda: any(one.deleted_by == "Учитель" for one in boris.lab.entries))
    use(teacher, "/dance", "no command /dance")
    use(teacher, "/mute", "This is how to use it: /mute nick [minutes]")


def test_what_the_room_is_told_is_not_told_again_to_whoever_did_it(irc: Irc, meet: Users) -> None:
    teacher = teach(irc, meet)
    before = len(teacher.lab.entries)
    use(teacher, "/lock", "Учитель locks the room: nobody new enters")
    use(teacher, "/unlock", "Учитель unlocks the room: everybody may enter")
    use(teacher, "/quiet", "Учитель makes the room quiet: ")
    use(teacher, "/private all", "Private messages go to everybody.")
    assert [one.kind for one in islice(teacher.lab.entries, before, None)] == [Kind.MODE] * 3 + [Kind.INFO]


def test_who_is_banned_is_told_so_and_stays_out(irc: Irc, meet: Users) -> None:
    teacher = teach(irc, meet)
    boris = meet(irc.address, "Борис")
    use(teacher, "/ban Борис", "Борис shares the address 127.0.0.1 with Учитель")
    use(teacher, "/ban Борис one 30 шум", "Борис is banned for 30 min.")
    boris.wait(lambda: boris.session.state.refused is Problem.BANNED)
    boris.wait(lambda: any("Banned by Учитель (шум)" in text for text in boris.told(Kind.ERROR)))
    assert not any(one.text == "" for one in boris.lab.entries)


def test_who_was_renamed_comes_back_so(irc: Irc, meet: Users) -> None:
    teacher = teach(irc, meet)
    boris = meet(irc.address, "Борис")
    use(teacher, "/rename Борис Тихий", "Борис is now Тихий.")
    boris.wait(lambda: boris.session.state.nick == "Тихий")
    boris.connection.reconnect_now()
    boris.wait(lambda: not boris.is_in)
    boris.wait(lambda: boris.is_in)
    assert boris.session.state.nick == "Тихий"


def test_who_comes_back_with_a_new_key_but_in_the_same_window_is_still_muted(irc: Irc, meet: Users) -> None:
    """Under another nick our client proves something else, but in one window it keeps its secret."""
    teacher = teach(irc, meet)
    boris = meet(irc.address, "Борис")
    use(teacher, "/mute Борис", "Борис is muted")
    boris.session.retry_with("Другой")
    boris.connection.reconnect_now()
    boris.wait(lambda: boris.is_in and boris.session.state.nick == "Другой")
    boris.say("слышно?")
    boris.wait(lambda: any("You are muted" in text for text in boris.told(Kind.ERROR)))
    assert teacher.said() == []
