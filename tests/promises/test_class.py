"""The promise: the teacher stays the teacher, and what he sees of people reaches no student's wire."""

import re
from typing import Final

from tests.tools.irc import Client, Irc

STUDENTS: Final = 29
CAPABILITIES: Final = (
    *("message-tags", "server-time", "echo-message", "batch", "labeled-response", "standard-replies"),
    *("chat.lab/reclaim", "chat.lab/desk", "draft/chathistory", "draft/event-playback"),
    *("draft/message-redaction", "away-notify", "extended-monitor", "invite-notify", "multi-prefix"),
)
OPERATOR: Final = {"oper_name": "teacher", "oper_password": "chalk"}


def come(irc: Irc, nick: str, secret: str) -> Client:
    """Come as our client does: with what proves who one is."""
    client = irc.raw()
    client.send("CAP LS 302")
    client.send(f"CAP REQ :{' '.join(CAPABILITIES)}")
    client.introduce(nick)
    client.send(f"RECLAIM {nick} {secret}")
    client.send("CAP END")
    return client


def secret_of(nick: str) -> str:
    return f"{nick}-secret-of-this-one"


def student(irc: Irc, nick: str, secret: str = "") -> Client:
    client = come(irc, nick, secret or secret_of(nick))
    client.expect(" 422 ")
    return client.enter()


class Teacher:
    """The operator, whose connection can be cut."""

    def __init__(self, irc: Irc) -> None:
        self._irc = irc
        self.client = come(irc, "Учитель", "a-secret-that-stays-here")
        self.client.expect(" 422 ")
        self.client.send("OPER teacher chalk")
        self.client.expect(" 381 ")
        self.client.enter().send("CLASS WATCH")

    def is_cut(self) -> None:
        """Lose the connection without a word, and come back; nothing is typed again."""
        self.client.close()
        self.client = come(self._irc, "Учитель", "a-secret-that-stays-here")
        self.client.expect(" 381 ")
        self.client.enter().send("CLASS WATCH")

    def does(self, line: str, answer: str = "") -> None:
        """Use a verb: it is never refused."""
        self.client.send(f"CLASS {line}")
        self.client.expect(answer or f" NOTE CLASS {line.split(maxsplit=1)[0].upper()} :")


def cannot_speak(client: Client, numeric: str = "404", target: str = "#lab") -> None:
    client.send(f"PRIVMSG {target} :можно?")
    client.expect(f" {numeric} ")


class Lesson:
    """A room full of students, in which the first who comes wants to shut the teacher out."""

    def __init__(self, irc: Irc) -> None:
        self.irc = irc
        self.server = irc.server(**OPERATOR)
        self.first = student(irc, "Первый")
        for line in ("MODE #lab +b *!*@*", "MODE #lab +imk ключ", "KICK #lab Учитель"):
            self.first.send(line)
            self.first.expect(" (482|441) ")
        self.teacher = Teacher(irc)
        for line in ("KICK #lab Учитель :вон", "MODE #lab -o Учитель", "MODE #lab +b *!*@127.0.0.1"):
            self.first.send(line)
            self.first.expect(" (482|484) ")
        nicks = [f"Студент{letter}" for letter in "абвгдежзиклмнопрстуфхцчшщэюя"]
        self.students = [self.first, *(student(irc, nick) for nick in nicks)]
        self.witness, self.loud, self.rude = self.students[1:4]

    def goes_on_after_a_restart(self) -> None:
        """End the server, and begin it again; the teacher comes back by himself."""
        for one in self.students[4:]:
            one.expect_nothing_but("")
        self.irc.stop(self.server)
        self.server = self.irc.server(**OPERATOR)


def test_no_cut_takes_the_power_from_the_teacher_and_no_student_escapes(irc: Irc) -> None:
    lesson = Lesson(irc)
    assert len(lesson.students) == STUDENTS
    teacher, first, loud = lesson.teacher, lesson.first, lesson.loud
    speak_only_with_the_word(lesson)

    teacher.does(f"mute {loud.name}")
    teacher.does(f"rename {loud.name} Тихий")
    loud.expect("NICK :?Тихий$")
    cannot_speak(loud)
    cannot_speak(loud, "531", lesson.witness.name)
    loud.send("NICK Громкий")
    loud.expect(" 447 ")
    loud.close()
    cannot_speak(student(irc, "Громкий", secret_of(loud.name)))

    teacher.is_cut()
    teacher.does(f"ban {lesson.rude.name} one :шум")
    lesson.rude.expect_closed()
    assert_banned(irc, "Другой", secret_of(lesson.rude.name))
    teacher.does("private teacher")
    cannot_speak(first, "531", lesson.witness.name)
    teacher.does("lock")
    teacher.does("kick Первый 5")
    first.send("JOIN #lab")
    first.expect(" 474 ")
    teacher.does(f"wipe {loud.name}")
    teacher.does("bans", f" NOTE CLASS BANS :{lesson.rude.name}: banned")
    read = everything_of(lesson.witness)

    lesson.goes_on_after_a_restart()
    assert_banned(irc, "Другой", secret_of(lesson.rude.name))
    teacher.is_cut()
    cannot_speak(student(irc, "Громкий", secret_of(loud.name)))
    stranger = come(irc, "Чужой", secret_of("Чужой"))
    stranger.expect(" 422 ")
    stranger.send("JOIN #lab")
    stranger.expect(" 473 ")
    witness = student(irc, lesson.witness.name)
    cannot_speak(witness, "531", "Громкий")
    teacher.does("unlock")
    teacher.does(f"unban {lesson.rude.name}")
    student(irc, "Другой", secret_of(lesson.rude.name))
    assert_nothing_leaks([*read, *everything_of(witness), *everything_of(stranger)])


def speak_only_with_the_word(lesson: Lesson) -> None:
    """In a quiet room nobody speaks but whom the teacher hears, though he is cut off twice meanwhile."""
    teacher, loud = lesson.teacher, lesson.loud
    teacher.does("quiet")
    teacher.is_cut()
    for one in lesson.students:
        cannot_speak(one)
    loud.send("@+chat.lab/hand=up NOTICE @#lab :✋ Можно спросить?")
    teacher.client.expect("NOTICE @#lab :✋ Можно спросить")
    teacher.client.expect(rf"chat.lab/hand=1\S* :chat.lab PERSON \d+ {loud.name}$")
    teacher.does(f"voice {loud.name}")
    loud.send("PRIVMSG #lab :спасибо")
    lesson.witness.expect("PRIVMSG #lab :спасибо$")
    teacher.is_cut()
    teacher.does(f"unvoice {loud.name}")
    cannot_speak(loud)
    teacher.does("open")


def assert_banned(irc: Irc, nick: str, secret: str) -> None:
    client = come(irc, nick, secret)
    client.expect(" 465 ")
    client.expect_closed()


def everything_of(client: Client) -> list[str]:
    """Ask for all that a student may ask for, and return every line that came since the beginning."""
    for line in (
        *("WHO #lab", "WHO * %tcuihsnfdlaor,1", "WHOIS Громкий", "WHOWAS Тихий", "NAMES #lab", "LIST"),
        *(
            "MODE #lab",
            "MODE #lab b",
            "CLASS WHO",
            "CLASS BANS",
            "CLASS HANDS",
            "CLASS ABSENT",
            "CLASS WATCH",
        ),
        *("HELP CLASS", "STATS u", "CHATHISTORY LATEST #lab * 100", "CHATHISTORY LATEST @#lab * 100"),
        *("USERHOST Громкий", "MONITOR + Учитель,Громкий"),
    ):
        client.send(line)
    client.expect_nothing_but("")
    return client.lines


def assert_nothing_leaks(lines: list[str]) -> None:
    """Nothing of hands, mutes, sanctions, the roster or the desk is in what students were sent."""
    ours = r"chat\.lab/(?!desk|reclaim|CLASS)"
    leak = re.compile(
        rf"hand|✋|mute|banned|roster|absent|PERSON|CLASSROOM|CLASS [A-Z]+ :|{ours}", re.IGNORECASE
    )
    assert len(lines) > STUDENTS
    assert [line for line in lines if leak.search(line)] == []
