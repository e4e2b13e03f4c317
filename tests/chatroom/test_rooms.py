"""Rooms: who may enter, see, speak and rule."""

import pytest

from tests.tools.irc import Client, Irc


@pytest.fixture
def pair(irc: Irc) -> tuple[Client, Client]:
    """Анна, the operator of #lab, and Борис, in it too; both have read all that there was."""
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    boris.enter()
    anna.expect("^:Борис!.* JOIN")
    return anna, boris


def test_the_first_in_a_room_is_its_operator(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("NAMES #lab")
    boris.expect(r"^:chat.lab 353 Борис = #lab :@Анна Борис$")
    anna.send("JOIN #LAB")
    anna.expect_nothing()


def test_several_rooms_are_entered_and_left_at_once(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("JOIN #a,#b,bad,#c")
    anna.expect("JOIN #a")
    anna.expect("JOIN #b")
    anna.expect(" 403 Анна bad ")
    anna.expect("JOIN #c")
    anna.expect(" 366 ")
    anna.send("PART #a,#b :пора")
    anna.expect("^:Анна!.* PART #a :пора$")
    anna.expect("^:Анна!.* PART #b :пора$")
    anna.send("PART #a")
    anna.expect(" 403 ")
    anna.send("JOIN 0")
    anna.expect("PART #c")


def test_parting_is_told_to_those_who_stay(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("PART #lab")
    anna.expect("^:Борис!.* PART #lab$")
    boris.expect("^:Борис!.* PART #lab$")
    boris.send("PART #lab")
    boris.expect(" 442 ")
    boris.send("PART #nowhere")
    boris.expect(" 403 ")


def test_the_topic_is_the_operators_until_the_room_opens_it(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("TOPIC #lab")
    boris.expect(" 331 Борис #lab ")
    boris.send("TOPIC #lab :Моя тема")
    boris.expect(" 482 Борис #lab ")
    anna.send("TOPIC #lab :Сокеты и потоки")
    boris.expect("^:Анна!.* TOPIC #lab :Сокеты и потоки$")
    anna.expect("TOPIC #lab")
    vera = irc.client("Вера")
    vera.send("TOPIC #lab :x")
    vera.expect(" 442 ")
    vera.send("JOIN #lab")
    vera.expect(" 332 Вера #lab :Сокеты и потоки$")
    vera.expect(r" 333 Вера #lab Анна!~test@127.0.0.1 :\d+$")
    anna.send("MODE #lab -t")
    anna.expect("MODE #lab :?-t")
    vera.send("TOPIC #lab :")
    anna.expect("^:Вера!.* TOPIC #lab :$")
    vera.send("TOPIC #nowhere")
    vera.expect(" 403 ")


def test_kick_is_for_operators_and_told_to_all(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("KICK #lab Анна :прочь")
    boris.expect(" 482 ")
    anna.send("KICK #lab Вера")
    anna.expect(" 441 ")
    anna.send("KICK #nowhere Борис")
    anna.expect(" 403 ")
    anna.send("KICK #lab Борис :не шуметь")
    for client in (anna, boris):
        client.expect("^:Анна!.* KICK #lab Борис :не шуметь$")
    boris.send("KICK #lab Анна")
    boris.expect(" 442 ")


def test_several_are_kicked_at_once(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    vera = irc.client("Вера")
    vera.enter()
    anna.send("KICK #lab Борис,Вера")
    boris.expect("KICK #lab Борис :Анна$")
    vera.expect("KICK #lab Вера :Анна$")


def test_an_invitation_opens_a_closed_room_once(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    vera = irc.client("Вера")
    anna.send("MODE #lab +i")
    boris.expect(r"MODE #lab :?\+i")
    vera.send("JOIN #lab")
    vera.expect(r" 473 Вера #lab .*\(\+i\)")
    boris.send("INVITE Вера #lab")
    boris.expect(" 482 ")
    anna.send("INVITE Вера #lab")
    anna.expect(" 341 Анна Вера #lab$")
    vera.expect("^:Анна!.* INVITE Вера #lab$")
    vera.enter()
    vera.send("PART #lab")
    vera.expect("PART #lab")
    vera.send("JOIN #lab")
    vera.expect(" 473 ")


@pytest.mark.parametrize(
    ("line", "answer"),
    [("INVITE Никто #lab", "401"), ("INVITE Борис #nowhere", "403"), ("INVITE Борис #lab", "443")],
)
def test_a_useless_invitation_is_told(pair: tuple[Client, Client], line: str, answer: str) -> None:
    anna, _boris = pair
    anna.send(line)
    anna.expect(f" {answer} ")


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


def test_a_secret_room_is_not_shown_to_outsiders(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +s")
    boris.expect(r"MODE #lab :?\+s")
    vera = irc.client("Вера")
    vera.enter("#open")
    vera.send("LIST")
    vera.expect(" 321 ")
    vera.expect(" 322 Вера #open 1 :$")
    vera.expect(" 323 ")
    for line in ("TOPIC #lab", "MODE #lab"):
        vera.send(line)
        vera.expect(" 403 ")
    vera.send("NAMES #lab")
    vera.expect(" 366 Вера #lab ")
    assert not [line for line in vera.lines if "Борис" in line]
    vera.send("WHOIS Анна")
    vera.expect(" 318 ")
    assert not [line for line in vera.lines if " 319 " in line]
    boris.send("LIST #l*")
    boris.expect(" 322 Борис #lab 2 :$")


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


def test_the_list_can_be_narrowed(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter("#лаб1", "#лаб2", "#other")
    anna.send("LIST #лаб*,#nowhere")
    anna.expect(" 322 Анна #лаб1 1 ")
    anna.expect(" 322 Анна #лаб2 1 ")
    anna.expect(" 323 ")
    assert not [line for line in anna.lines if " 322 Анна #other" in line]


def test_names_of_a_large_room_come_in_several_lines(irc: Irc) -> None:
    clients = [irc.raw() for _ in range(40)]
    for number, client in enumerate(clients):
        client.register(f"Студент_группы_{number}")
        client.enter()
    clients[0].send("NAMES #lab")
    found: list[str] = []
    while True:
        line = clients[0].expect(r" (353|366) \S+ .*#lab :(.*)$")
        if line[1] == "366":
            break
        assert len(line.string.encode()) <= 510
        found += line[2].split()
    assert sorted(found) == sorted(["@Студент_группы_0"] + [f"Студент_группы_{i}" for i in range(1, 40)])


def test_multi_prefix_shows_every_mark(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +v Анна")
    boris.expect(r"\+v Анна")
    vera = irc.client("Вера", capabilities=["multi-prefix"])
    vera.send("JOIN #lab")
    vera.expect(r" 353 Вера = #lab :@\+Анна Борис Вера$")
    boris.send("NAMES #lab")
    boris.expect(r" 353 Борис = #lab :@Анна Борис Вера$")
    vera.send("WHO #lab")
    vera.expect(r" 352 Вера #lab ~test 127.0.0.1 chat.lab Анна H@\+ :0 A test$")


def test_who_and_whois_tell_what_is_public(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("AWAY :на паре")
    anna.expect(" 306 ")
    boris.send("WHO #lab")
    boris.expect(r" 352 Борис #lab ~test 127.0.0.1 chat.lab Анна G@ :0 A test$")
    boris.expect(r" 352 Борис #lab ~test 127.0.0.1 chat.lab Борис H :0 A test$")
    boris.expect(" 315 Борис #lab ")
    boris.send("WHO ан*")
    boris.expect(" 352 .* Анна G")
    boris.expect(" 315 ")
    boris.send("WHOIS анна")
    boris.expect(r" 311 Борис Анна ~test 127.0.0.1 \* :A test$")
    boris.expect(r" 319 Борис Анна :@#lab$")
    boris.expect(r" 312 Борис Анна chat.lab ")
    boris.expect(r" 301 Борис Анна :на паре$")
    boris.expect(r" 317 Борис Анна \d+ \d+ ")
    boris.expect(r" 318 Борис Анна ")
    boris.send("WHOIS Никто")
    boris.expect(" 401 Борис Никто ")
    boris.expect(" 318 ")
    anna.send("AWAY")
    anna.expect(" 305 ")
    boris.send("WHOIS")
    boris.expect(" 431 ")


def test_invisible_clients_are_seen_only_from_inside(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE Анна +i")
    anna.expect(r"MODE Анна \+i")
    vera = irc.client("Вера")
    vera.send("NAMES #lab")
    vera.expect(r" 353 Вера = #lab :Борис$")
    vera.send("WHO *")
    vera.expect(" 315 ")
    assert not [line for line in vera.lines if " 352 " in line and "Анна" in line]
    boris.send("NAMES #lab")
    boris.expect(r":@Анна Борис$")


def test_a_topic_that_is_set_again_is_told_to_nobody(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    for _ in range(2):
        anna.send("TOPIC #lab :Сокеты")
    boris.expect("TOPIC #lab Сокеты$|TOPIC #lab :Сокеты$")
    boris.expect_nothing()


def test_so_many_modes_with_a_parameter_are_changed_at_once(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("MODE #lab -n+n-n+n-t+t-t+ims-s+C-C+Ck ключ")
    anna.expect(r"MODE #lab \S+k ключ$")


def test_of_several_marks_before_a_room_the_lowest_holds(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    for client in (anna, boris, vera):
        client.enter()
    anna.send("MODE #lab +v Борис")
    boris.expect("MODE #lab")
    anna.send("PRIVMSG @+#lab :нам")
    boris.expect("PRIVMSG [+]#lab нам$|PRIVMSG [+]#lab :нам$")
    vera.expect("MODE #lab")
    vera.expect_nothing_but("JOIN|MODE")


def test_a_list_is_given_once_for_each_question(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("MODE #lab bbbbeb")
    anna.expect(" 368 ")
    anna.expect(" 349 ")
    anna.expect_nothing()


def test_a_room_may_begin_with_another_sign(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.send("JOIN &lab")
        client.expect(" 366 .* &lab ")
    anna.send("PRIVMSG &lab :привет")
    boris.expect("PRIVMSG &lab привет$|PRIVMSG &lab :привет$")
