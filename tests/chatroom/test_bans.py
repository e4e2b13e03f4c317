"""Bans, mutes and the other doors of a room: what is announced works, and there is no way round it."""

import re
from collections.abc import Callable

import pytest

from chatroom.config import Config, Limits
from chatroom.dispatch import handle_line
from chatroom.state import ServerState
from protocol.message import parse
from protocol.user_masks import UserMask, complete_user_mask
from tests.tools.irc import Client, Irc

V4, V6, LOCAL = "Борис!~boris@10.1.2.3", "Борис!~boris@2001:db8::5", "Борис!~boris@0::1"


@pytest.mark.parametrize(
    ("mask", "source"),
    [
        ("*!*@10.0.0.0/8", V4),
        ("10.0.0.0/8", None),
        ("*!*@10.1.2.3/32", V4),
        ("*!*@10.1.*", V4),
        ("*!*@::ffff:10.1.2.3", V4),
        ("*!*@::ffff:10.0.0.0/104", V4),
        ("*!*@2001:db8::/32", V6),
        ("*!*@2001:DB8:0:0::5", V6),
        ("*!*@2001:0db8:0000:0000:0000:0000:0000:0005", V6),
        ("*!*@2001:db8:*", V6),
        ("*!*@2001:0DB8:0:*", V6),
        ("*!*@::1", LOCAL),
        ("*!*@0::1", LOCAL),
        ("*!*@0:0:0:0:0:0:0:1", LOCAL),
        ("*!*@::*", LOCAL),
        ("*!*@fe80::1%eth0", "Борис!~boris@fe80::1"),
        ("*!*@fe80::?00*", "Борис!~boris@fe80::100a"),
        ("*!*@?.?.?.?", "Борис!~boris@1.2.3.4"),
        ("*1*", "Борис1!~boris@1.2.3.4"),
        ("борис", V4),
        ("БОРИС!*", V6),
        ("Бо?ис", V4),
        ("*!boris", V4),
        ("*!BORIS@10.1.2.3", V4),
        ("*!~bo*@*", V4),
        ("boris@10.*", V4),
        ("＊！＊＠10.1.2.3", V4),
    ],
)
def test_a_mask_matches_whom_it_seems_to_name_or_is_refused(mask: str, source: str | None) -> None:
    if source is None:
        with pytest.raises(ValueError, match="nick"):
            complete_user_mask(mask)
    else:
        assert UserMask(complete_user_mask(mask)).matches(source)
        assert complete_user_mask(complete_user_mask(mask)) == complete_user_mask(mask)


@pytest.mark.parametrize("mask", ["*!*@10.2.0.0/16", "*!*@2001:db8:1::/48", "*!*@::2", "Вера", "*!anna@*"])
def test_it_matches_nobody_else(mask: str) -> None:
    assert not any(UserMask(complete_user_mask(mask)).matches(source) for source in (V4, V6, LOCAL))


NEVER = [
    *(
        "*!*@10.0.0.0/99",
        "*!*@10.0.0.0/-1",
        "*!*@10.0.0/8",
        "*!*@1.2.3",
        "*!*@010.0.0.1",
        "*!*@lab-pc.school",
    ),
    *("q:Борис", "$a:Борис", "~q:Борис", "*!*@2001:db8::/129", "*!анна@*", "*!*@*/8", "a,b!*@*"),
    *("1abc!*@*", "-x", "aб", "*б*a*", "a" * 31, f"*{'?' * 31}", "*!~" + "u" * 10 + "*"),
    *("*!*@999.*", "*!*@1.2.3.4.*", "*!*@*.1.2.3.4.5", "*!*@*..*", "*!*@fff.*", "*!*@10.0.0.*:*", "*!*@٣.*"),
    *("*!*@::ffff:10.0.0.*", "*!*@2001:db8:12345:*", "*!*@1:2:3:4:5:6:7:8:*"),
]


@pytest.mark.parametrize("mask", NEVER)
def test_a_mask_that_could_match_nobody_is_refused_in_words(pair: tuple[Client, Client], mask: str) -> None:
    anna, boris = pair
    anna.send(f"MODE #lab +b {mask}")
    anna.expect(" 696 Анна #lab b .* :.*(nick|user name|host)")
    boris.expect_nothing()


@pytest.mark.parametrize("mask", ["*!*@127.0.0.0/8", "*!test@127.0.0.1", "M:борис", "ｍ：Бо*"])
def test_what_is_announced_silences(pair: tuple[Client, Client], mask: str) -> None:
    anna, boris = pair
    anna.send(f"MODE #lab +b {mask}")
    boris.expect(r"MODE #lab :?\+b ")
    boris.send("PRIVMSG #lab :слышно?")
    boris.expect(" 404 ")


def be_called(client: Client, nick: str) -> None:
    client.send(f"NICK {nick}")
    client.expect(f" NICK :?{nick}$")


@pytest.mark.parametrize("set_when", ["inside", "before he comes"])
@pytest.mark.parametrize("leaves", [False, True])
def test_another_nick_is_no_way_round_a_mute(irc: Irc, set_when: str, leaves: bool) -> None:
    anna, boris = irc.client("Анна").enter(), irc.client("Борис")
    if set_when == "inside":
        boris.enter()
    anna.send("MODE #lab +b m:Борис")
    anna.expect(r"MODE #lab :?\+b")
    if set_when != "inside":
        boris.enter()
    if leaves:
        boris.send("PART #lab")
    be_called(boris, "Глеб")
    if leaves:
        boris.enter()
    boris.send("PRIVMSG #lab :слышно?")
    boris.expect(" 404 Глеб #lab ")
    anna.send("MODE #lab -b m:Борис")
    boris.expect("MODE #lab :?-b")
    boris.send("PRIVMSG #lab :слышно?")
    anna.expect("PRIVMSG #lab :слышно")


def test_another_nick_is_no_way_past_a_ban(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    late = irc.client("Глеб")
    anna.send("KICK #lab Борис\r\nMODE #lab +bb Борис Бор*\r\nMODE #lab -b Бор*!*@*\r\nMODE #lab +b Гле*")
    anna.expect(r"MODE #lab :?\+b Гле")
    for client, nick in ((boris, "Вера"), (late, "Вася")):
        be_called(client, nick)
        client.send("JOIN #lab")
        client.expect(" 474 ")
    # Who was turned away under one nick is turned away under the next.
    third = irc.client("Глеб")
    third.send("JOIN #lab")
    third.expect(" 474 ")
    be_called(third, "Егор")
    third.send("JOIN #lab")
    third.expect(" 474 ")


def test_who_takes_the_nick_of_somebody_banned_later_is_not_held_for_what_it_was_before(irc: Irc) -> None:
    anna, boris = irc.client("Анна").enter(), irc.client("Борис")
    be_called(boris, "Глеб")
    anna.send("MODE #lab +b Борис")
    anna.expect(r"MODE #lab :?\+b")
    boris.enter()


def test_an_invitation_of_before_the_ban_opens_no_door(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, _boris = pair
    vera = irc.client("Вера")
    anna.send("INVITE Вера #lab")
    vera.expect(" INVITE ")
    anna.send("MODE #lab +b Вера")
    anna.expect("MODE #lab")
    vera.send("JOIN #lab")
    vera.expect(" 474 ")
    anna.send("INVITE Вера #lab")
    vera.expect(" INVITE ")
    vera.enter()


@pytest.mark.parametrize("mode", ["+m", "+b m:Борис", "+b Борис"])
def test_who_may_not_speak_has_no_other_line_to_speak_in(pair: tuple[Client, Client], mode: str) -> None:
    anna, boris = pair
    anna.send(f"MODE #lab -t\r\nMODE #lab {mode}")
    boris.expect(f"MODE #lab :?{mode[:2]}".replace("+", r"\+"))
    for line, answer in (
        ("NOTICE #lab :слышно", ""),
        ("PRIVMSG @#lab :слышно", " 404 "),
        ("PRIVMSG #ЛАБ,#LAB :слышно", " 404 "),
        ("TOPIC #lab :слышно", " 404 "),
        ("PART #lab :слышно", " PART #lab$"),
    ):
        boris.send(line)
        if answer:
            boris.expect(answer)
    boris.expect_nothing()
    anna.expect("^:Борис!.* PART #lab$")
    assert not any("слышно" in line for line in anna.lines)


def test_the_last_word_of_who_may_not_speak_is_not_heard(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +m")
    boris.expect("MODE #lab")
    boris.send("QUIT :слышно")
    anna.expect("QUIT :Client quit$")


def people_under_bans(limits: Limits, rooms: int) -> tuple[ServerState, Callable[[int, str], int]]:
    """Return a server with rooms that have many bans, and a function that lets client 0 (the operator) or 1,
    who is in the rooms too, say a line, and returns how many steps the answer takes."""
    state = ServerState(Config(throttle=False, limits=limits))
    clients = [state.connect(f"10.0.0.{number}", 1) for number in range(2)]

    def say(number: int, line: str) -> int:
        portions = handle_line(state, clients[number], parse(line))
        return sum(1 for _step in portions or ())

    for number in range(2):
        say(number, f"NICK anna{number}")
        say(number, "USER u 0 * :x")
    names = ",".join(f"#r{number}" for number in range(rooms))
    say(0, f"JOIN {names}")
    say(1, f"JOIN {names}")
    for room in range(rooms):
        for mask in range(0, 60, 12):
            masks = " ".join(f"*a*b*{room}x{number}*" for number in range(mask, mask + 12))
            say(0, f"MODE #r{room} +bbbbbbbbbbbb {masks}")
    return state, say


def test_bans_are_compiled_when_they_are_set_not_when_they_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    state, say = people_under_bans(Limits(), 50)
    compiled: list[str] = []
    compile_pattern = re.compile

    def count(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_pattern(pattern, flags)

    monkeypatch.setattr(re, "compile", count)
    for line in ("PRIVMSG #r7 :x", "JOIN 0", "JOIN #r7", "QUIT :x"):
        say(1, line)
    assert len(state.connected) == 1
    assert compiled == []


@pytest.mark.parametrize(
    "line", ["JOIN 0", f"PART {','.join(f'#r{room}' for room in range(20))} :x", "QUIT :x"]
)
def test_who_leaves_many_rooms_with_bans_keeps_nobody_waiting(line: str) -> None:
    _state, say = people_under_bans(Limits(), 20)
    assert say(1, line) >= 20, "the bans of all rooms were looked at in one step"


def test_one_address_sets_so_many_masks_and_no_more() -> None:
    state, say = people_under_bans(Limits(masks_per_address=100), 3)
    assert state.mask_counts == {"10.0.0.0": 100}
    say(0, "MODE #r0 -b *a*b*0x0*")
    say(0, "MODE #r2 +e Анна")
    assert state.mask_counts == {"10.0.0.0": 100}
    for number in (0, 1):
        say(number, "QUIT")
    assert not state.mask_counts
