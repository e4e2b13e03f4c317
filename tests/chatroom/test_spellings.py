"""What is spelt in another way is the same: in lists of every command, in bounds, in the names of rooms."""

import re

import pytest

from tests.tools.irc import Irc

TAGGED = ["message-tags", "batch", "echo-message", "labeled-response", "draft/chathistory"]


@pytest.mark.parametrize("command", ["paſs x", "nıck Вера", "ping x", "ﬀ"])
def test_command_words_are_ascii(irc: Irc, command: str) -> None:
    anna = irc.client("Анна")
    anna.send(command)
    anna.expect(" PONG " if command == "ping x" else " 421 ")
    anna.expect_nothing()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("CAP lıst", " 410 "),
        ("CHATHISTORY lateſt #lab * 5", "FAIL CHATHISTORY INVALID_PARAMS"),
        ("CHATHISTORY LATEST #lab * ٣", "FAIL CHATHISTORY INVALID_PARAMS .*Invalid limit"),
        ("MODE #lab +l ٣", " 696 "),
        ("MODE #lab +l ²", " 696 "),
        ("HELP paſs", " 524 "),
    ],
)
def test_subcommands_and_numbers_are_ascii(irc: Irc, line: str, answer: str) -> None:
    anna = irc.client("Анна", capabilities=TAGGED).enter()
    anna.send(line)
    anna.expect(answer)


@pytest.mark.parametrize("condition", ["<٣", "<1_0", ">-1", "C<٣"])
def test_a_condition_with_a_strange_number_lists_nothing(irc: Irc, condition: str) -> None:
    anna = irc.client("Анна").enter()
    anna.send(f"LIST {condition}")
    anna.expect(" 323 ")
    assert not [line for line in anna.lines if " 322 " in line]


SPELLINGS = "Борис,БОРИС,борис,бОРИС"


@pytest.mark.parametrize(
    ("line", "counted", "times"),
    [
        (f"PRIVMSG {SPELLINGS} :x", "PRIVMSG Борис", 1),
        (f"NOTICE {SPELLINGS} :x", "NOTICE Борис", 1),
        (f"@+x=1 TAGMSG {SPELLINGS}", "TAGMSG Борис", 1),
        ("PRIVMSG #lab,#LAB,#lAb :x", "PRIVMSG #lab", 1),
        ("PRIVMSG @#lab,@+#lab,+@#LAB,+#lab :x", "PRIVMSG [+]#lab", 1),
        ("PRIVMSG Никто,НИКТО :x", " 401 ", 1),
        (f"MONITOR + {SPELLINGS}", " 730 .*:Борис![^,]*$", 1),
        ("MONITOR + Никто,НИКТО", " 731 .*:Никто$", 1),
        ("NAMES #lab,#LAB", " 353 ", 1),
        ("NAMES #lab,#LAB", " 366 .* #lab :", 1),
        ("WHOWAS Никто,НИКТО", " 406 ", 1),
        (f"ISON {SPELLINGS.replace(',', ' ')}", " 303 .*:Борис$", 1),
        (f"USERHOST {SPELLINGS.replace(',', ' ')}", " 302 .*:Борис=[^ ]*$", 1),
        ("PART #other,#OTHER", " PART ", 1),
        ("PART #other,#OTHER", " 403 | 442 ", 0),
        (f"KICK #lab {SPELLINGS}", " KICK ", 1),
        (f"KICK #lab {SPELLINGS}", " 441 ", 0),
        ("KICK #lab,#LAB,#lab Борис,БОРИС,борис", " 441 ", 0),
        ("JOIN #shut,#SHUT,#sHut", " 473 ", 1),
        ("LIST #lab,#LAB", " 322 ", 1),
        (
            "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00Z timestamp=2090-01-01T00:00:00Z 9",
            "TARGETS #lab",
            1,
        ),
    ],
)
def test_a_list_has_each_thing_once_however_it_is_spelt(
    irc: Irc, line: str, counted: str, times: int
) -> None:
    boris, anna = irc.client("Борис"), irc.client("Анна", capabilities=TAGGED)
    boris.enter("#shut")
    boris.send("MODE #shut +i")
    anna.enter("#lab", "#other")
    boris.enter()
    boris.send("PRIVMSG #lab :said")
    anna.expect("PRIVMSG #lab :said$")
    before = len(anna.lines)
    anna.send(line)
    anna.send("PING end")
    anna.expect("PONG .*end")
    assert sum(bool(re.search(counted, text)) for text in anna.lines[before:]) == times


INVISIBLE = [
    "\u2800",
    "\u034f",
    "\ufe0f",
    "\u3164",
    "\u115f",
    "\u00ad",
    "\u200b",
    "\u202e",
    "\u0301",
    "\u180b",
]


@pytest.mark.parametrize(
    "name", [*(f"#lab{char}" for char in INVISIBLE), "#l\u0430b", "#ｌab", "#lab٣", "#lab\u00a0"]
)
def test_no_room_stands_beside_another_that_looks_the_same(irc: Irc, name: str) -> None:
    anna = irc.client("Анна").enter()
    anna.send(f"JOIN {name}")
    anna.expect(" 476 ")
    anna.expect_nothing()


@pytest.mark.parametrize("name", ["#лаб-2", "#lab_группа2", "#c++", "&mine", "##", "#Йод", "#11"])
def test_ordinary_rooms_are_as_before(irc: Irc, name: str) -> None:
    irc.client("Анна").enter(name)


def test_a_room_whose_letters_come_in_pieces_is_the_same_room(irc: Irc) -> None:
    anna, boris = irc.client("Анна").enter("#йод"), irc.client("Борис")
    boris.send("JOIN #и\u0306од")
    anna.expect("^:Борис!.* JOIN #йод$")
