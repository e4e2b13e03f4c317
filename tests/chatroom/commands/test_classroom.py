"""CLASS: what an operator can do in a class."""

from tests.tools.irc import Client, Irc


def teacher_of(irc: Irc, *capabilities: str) -> Client:
    teacher = irc.client("Учитель", capabilities=capabilities)
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    return teacher


def test_the_vocabulary_is_for_operators_alone(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    anna = irc.client("Анна")
    for verb in ("HELP", "WHO", "MUTE Анна", "nonsense"):
        anna.send(f"CLASS {verb}")
        anna.expect(" 481 ")
    anna.expect_nothing()
    teacher = teacher_of(irc, "standard-replies")
    teacher.send("CLASS help mute")
    teacher.expect(r"^:chat.lab NOTE CLASS HELP :mute nick \[minutes\] — this person")
    teacher.send("CLASS dance")
    teacher.expect("^:chat.lab FAIL CLASS UNKNOWN_VERB :There is no word dance")
    teacher.send("CLASS mute")
    teacher.expect(r"^:chat.lab FAIL CLASS INVALID_PARAMS :.*mute nick \[minutes\]$")


def test_a_client_without_capabilities_reads_sentences(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    teacher = teacher_of(irc)
    teacher.send("CLASS help mute")
    teacher.expect(r"^:chat.lab NOTICE Учитель :mute nick \[minutes\] — this person")
    teacher.send("CLASS mute Никто")
    teacher.expect("^:chat.lab NOTICE Учитель :Nobody called Никто is or was here.$")
