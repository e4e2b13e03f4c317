"""MODE: what the modes of rooms and users do."""

import logging
import time

import pytest

from protocol.masks import matches
from tests.tools.irc import TAGS, Client, Irc


def test_a_key_keeps_out_who_does_not_know_it(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, _boris = pair
    anna.send("MODE #lab +k ключ")
    anna.expect(r"MODE #lab :?\+k ключ")
    vera = irc.client("Вера")
    for attempt in ("JOIN #lab", "JOIN #lab не-тот"):
        vera.send(attempt)
        vera.expect(" 475 ")
    vera.send("MODE #lab")
    vera.expect(r" 324 Вера #lab \+ntk \*$")
    vera.send("JOIN #other,#lab x,ключ")
    vera.expect(" 366 .* #lab ")
    anna.send("MODE #lab -k ключ")
    anna.expect(r"MODE #lab :?-k")


def test_a_limit_keeps_out_who_is_too_many(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, _boris = pair
    for bad, answer in (("", "461"), (":", "696"), ("много", "696"), ("0", "696"), ("-1", "696")):
        anna.send(f"MODE #lab +l {bad}")
        anna.expect(f" {answer} ")
    anna.send("MODE #lab +l 2")
    anna.expect(r"MODE #lab :?\+l 2")
    vera = irc.client("Вера")
    vera.send("JOIN #lab")
    vera.expect(" 471 ")
    anna.send("MODE #lab -l")
    anna.expect("MODE #lab :?-l")
    vera.enter()


def test_a_ban_keeps_out_and_silences_and_is_listed(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +b борис")
    boris.expect(r"MODE #lab :?\+b борис!\*@\*")
    boris.send("PRIVMSG #lab :слышно?")
    boris.expect(" 404 Борис #lab ")
    boris.send("PART #lab")
    boris.expect("PART")
    boris.send("JOIN #lab")
    boris.expect(r" 474 Борис #lab .*\(\+b\)")
    boris.send("MODE #lab b")
    boris.expect(r" 367 Борис #lab борис!\*@\* Анна!~test@127.0.0.1 :\d+$")
    boris.expect(" 368 ")
    anna.send("MODE #lab -b БОРИС!*@*")
    anna.expect(r"MODE #lab :?-b борис!\*@\*")
    boris.enter()


def test_a_moderated_room_hears_voices_alone(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +m")
    boris.expect(r"MODE #lab :?\+m")
    boris.send("PRIVMSG #lab :можно?")
    boris.expect(r" 404 Борис #lab .*\+m")
    boris.send("NOTICE #lab :можно?")
    boris.expect_nothing()
    anna.send("MODE #lab +v Борис")
    boris.expect(r"MODE #lab :?\+v Борис")
    boris.send("PRIVMSG #lab :спасибо")
    anna.expect("^:Борис!.* PRIVMSG #lab :спасибо$")


def test_outsiders_speak_only_where_they_may(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, _boris = pair
    vera = irc.client("Вера")
    vera.send("PRIVMSG #lab :есть кто?")
    vera.expect(r" 404 Вера #lab .*\+n")
    anna.send("MODE #lab -n")
    anna.expect("MODE #lab :?-n")
    vera.send("PRIVMSG #lab :есть кто?")
    anna.expect("^:Вера!.* PRIVMSG #lab :есть кто\\?$")


def test_operators_make_and_unmake_operators(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("MODE #lab +o Борис")
    boris.expect(" 482 ")
    anna.send("MODE #lab +o Никто")
    anna.expect(" 401 ")
    anna.send("MODE #lab +ov-v борис Борис Борис")
    boris.expect(r"MODE #lab :?\+ov-v Борис Борис Борис$")
    boris.send("MODE #lab -o Анна")
    anna.expect("MODE #lab :?-o Анна$")
    anna.send("MODE #lab +m")
    anna.expect(" 482 ")


def test_modes_that_do_not_exist_are_told(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +Q")
    anna.expect(" 472 Анна Q ")
    anna.send("MODE #lab +nt")
    anna.expect_nothing()
    anna.send("MODE Анна +Q")
    anna.expect(" 501 ")
    anna.send("MODE Борис +i")
    anna.expect(" 502 ")
    anna.send("MODE Никто")
    anna.expect(" 401 ")
    anna.send("MODE Анна +io")
    anna.expect(r"^:Анна!\S+ MODE Анна \+i$")
    boris.send("MODE #nowhere +m")
    boris.expect(" 403 ")


def test_so_many_modes_with_a_parameter_are_changed_at_once(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("MODE #lab -n+n-n+n-t+t-t+ims-s+C-C+Ck ключ")
    anna.expect(r"MODE #lab \S+k ключ$")


def test_a_list_is_given_once_for_each_question(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("MODE #lab bbbbeb")
    anna.expect(" 368 ")
    anna.expect(" 349 ")
    anna.expect_nothing()


def test_bots_are_marked_everywhere(irc: Irc) -> None:
    bot, anna = irc.client("robot"), irc.client("Анна", capabilities=TAGS)
    bot.send("MODE robot +B")
    bot.expect(r"MODE robot \+B$")
    for client in (bot, anna):
        client.enter()
    bot.send("PRIVMSG #lab :бип")
    anna.expect(r"^@time=\S+;msgid=\S+;bot :robot!.* PRIVMSG #lab :бип$")
    anna.send("WHOIS robot")
    anna.expect(" 335 Анна robot ")
    anna.send("WHO #lab")
    anna.expect(" robot H@B :0 A test$")


def test_exceptions_and_mutes(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    for mode in ("+b *!*@127.0.0.1", "+e борис!*@*"):
        anna.send(f"MODE #lab {mode}")
        anna.expect("MODE #lab")
    boris.enter()
    boris.send("PRIVMSG #lab :я исключение")
    anna.expect("я исключение")
    boris.send("MODE #lab e")
    boris.expect(r" 348 Борис #lab борис!\*@\* Анна!\S+ :\d+$")
    boris.expect(" 349 ")
    anna.send("MODE #lab -b+b *!*@127.0.0.1 m:борис")
    anna.expect(r"MODE #lab -b\+b \*!\*@127.0.0.1 m:борис!\*@\*$")
    boris.send("PRIVMSG #lab :а теперь?")
    boris.expect(" 404 ")
    anna.send("MODE #lab +v Борис")
    boris.expect(r"\+v")
    boris.send("PRIVMSG #lab :с голосом можно")
    anna.expect("с голосом можно")
    vera = irc.client("Вера")
    for mode in ("+i", "+I вера!*@*"):
        anna.send(f"MODE #lab {mode}")
    anna.expect(r"\+I")
    vera.enter()
    vera.send("MODE #lab I")
    vera.expect(r" 346 Вера #lab вера!\*@\* ")
    vera.expect(" 347 ")


def test_a_room_may_forbid_ctcp_but_not_actions(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.send("MODE #lab +C")
    boris.expect(r"MODE #lab \+C")
    boris.send("PRIVMSG #lab :\x01VERSION\x01")
    boris.expect(r" 404 Борис #lab .*\+C")
    boris.send("PRIVMSG #lab :\x01ACTION машет\x01")
    anna.expect("\x01ACTION машет\x01$")


def test_no_line_of_a_message_carries_ctcp_into_a_room_that_wants_none(irc: Irc) -> None:
    anna = irc.client("Анна")
    able = irc.client("Able", capabilities=["batch", "message-tags", "draft/multiline"])
    for client in (anna, able):
        client.enter()
    anna.send("MODE #lab +C")
    able.expect("MODE")
    for line in (
        "BATCH +x draft/multiline #lab",
        "@batch=x PRIVMSG #lab :hi",
        "@batch=x PRIVMSG #lab :\x01VERSION\x01",
        "BATCH -x",
    ):
        able.send(line)
    able.expect(" 404 Able #lab ")
    anna.expect_nothing_but("JOIN|MODE")


@pytest.mark.parametrize("mask", [":a b", "::a", ":\x1b[31m", "a" * 151, "ж" * 75])
def test_a_mask_that_would_break_a_mode_line_is_refused(irc: Irc, mask: str) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send(f"MODE #lab +b {mask}")
    anna.expect(" 696 Анна #lab b ")
    anna.send("MODE #lab b")
    assert "368" in anna.expect(" 36[78] ")[0]


def test_no_mode_change_is_cut_off_a_line(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    boris.enter()
    masks = [f"{letter}{'*' * 35}!*@*" for letter in "abcdefghijk"]
    anna.send(f"MODE #lab +{'b' * 11}v {' '.join(mask.removesuffix('!*@*') for mask in masks)} Борис")
    boris.expect(r"MODE #lab \+\S*v .*Борис$")
    said = " ".join(line for line in boris.lines if " MODE #lab " in line)
    assert all(mask in said for mask in masks)
    assert all(len(line.encode()) <= 510 for line in boris.lines)


def test_modes_on_the_console_carry_no_escape_sequence(irc: Irc, caplog: pytest.LogCaptureFixture) -> None:
    anna = irc.client("Анна")
    anna.enter()
    with caplog.at_level(logging.INFO, "chat.server"):
        anna.send("MODE #lab +kb \x1b[31m \x1b[2J")
        anna.send("MODE #lab +b a")
        anna.expect("MODE #lab .*b a!")
    assert "\x1b" not in caplog.text


def test_changes_of_ones_own_modes_are_told_as_what_came_of_them(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send(f"MODE Анна {'+i-i' * 100}+wB")
    anna.expect(r"MODE Анна \+Bw$")


def test_no_mask_holds_up_the_room() -> None:
    began = time.monotonic()
    for mask in ("*" + "a" * 75 + "b", "*?" + "a" * 75 + "b", "*" + "?a" * 100 + "b"):
        for _ in range(300):
            assert not matches(mask, "a" * 150)
    assert time.monotonic() - began < 1, "WHO looks at four texts of each of a thousand clients"
