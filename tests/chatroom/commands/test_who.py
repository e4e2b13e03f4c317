"""WHO, WHOX, WHOIS, WHOWAS, USERHOST and ISON: who is here."""

from chatroom.config import Limits
from tests.tools.irc import Client, Irc


def test_whox_answers_the_fields_that_were_asked(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("WHO #lab %tcuihsnfdlaor,152")
    anna.expect(r" 354 Анна 152 #lab ~test 127.0.0.1 127.0.0.1 chat.lab Анна H@ 0 \d+ 0 n/a :A test$")
    anna.send("WHO Анна %nt,7")
    anna.expect(" 354 Анна 7 :Анна$")
    anna.send("WHO Никто")
    anna.expect(" 315 Анна Никто ")


def test_who_keeps_operators_only(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    teacher, anna = irc.client("teacher"), irc.client("Анна")
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    anna.send("WHO * o")
    assert " teacher H* " in anna.expect(" 352 ").string
    anna.expect(r" 315 Анна \* ")


def test_userhost_and_ison(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    boris.send("AWAY :обед")
    boris.expect(" 306 ")
    anna.send("USERHOST Анна борис Никто")
    anna.expect(r" 302 Анна :Анна=\+~test@127.0.0.1 Борис=-~test@127.0.0.1$")
    anna.send("ISON Никто борис Анна")
    anna.expect(" 303 Анна :Борис Анна$")


def test_who_tells_who_is_in_a_room_or_has_such_a_nick(irc: Irc, pair: tuple[Client, Client]) -> None:
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


def test_who_tells_of_an_invisible_client_no_room_that_whois_does_not(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("MODE Анна +i")
    anna.expect("MODE")
    anna.enter()
    boris.send("WHO Анна")
    boris.expect(r" 352 Борис \* \S+ \S+ \S+ Анна H :")
    boris.enter()
    boris.send("WHO Анна")
    boris.expect(" 352 Борис #lab .* Анна H@ :")


def test_questions_about_everybody_are_not_asked_too_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(lists_per_minute=2))
    anna = irc.client("Анна", capabilities=["draft/chathistory"])
    now = "timestamp=2026-01-01T00:00:00.000Z"
    for line, numeric in (
        ("NAMES", "366"),
        ("WHO *a*", "315"),
        (f"CHATHISTORY TARGETS {now} {now} 5", "PONG"),
    ):
        for _ in range(2):
            anna.send(line)
            anna.send("PING ok")
            anna.expect(f" {numeric} ")
        anna.send(line)
        anna.expect(f" 263 Анна {line.split()[0]} ")
    anna.send("WHO Анна")
    anna.expect(" 352 ")


def test_whois_tells_what_is_public(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("AWAY :на паре")
    anna.expect(" 306 ")
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


def test_whowas_remembers_who_has_gone(irc: Irc) -> None:
    anna = irc.client("Анна")
    for _ in range(2):
        boris = irc.client("Борис")
        boris.send("QUIT")
        boris.expect_closed()
    anna.send("WHOWAS борис")
    for _ in range(2):
        anna.expect(r" 314 Анна Борис ~test 127.0.0.1 \* :A test$")
        anna.expect(" 312 Анна Борис chat.lab ")
    anna.expect(" 369 Анна борис ")
    anna.send("WHOWAS борис 1")
    anna.expect(" 314 ")
    anna.expect(" 312 ")
    assert anna.expect(" (314|369) ")[1] == "369"
    anna.send("WHOWAS Никто")
    anna.expect(" 406 Анна Никто ")
    anna.expect(" 369 Анна Никто ")


def test_names_and_whowas_take_several_targets(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("JOIN #a,&b")
    for room in ("#a", "&b"):
        anna.expect(f" 366 Анна {room} ")
    anna.send("NAMES #a,&b")
    for room in ("#a", "&b"):
        anna.expect(f" 353 Анна = {room} :@Анна$")
    anna.expect(" 366 Анна #a,&b ")
    for nick in ("Борис", "Вера"):
        other = irc.client(nick)
        other.send("QUIT")
        other.expect_closed()
    anna.send("WHOWAS Борис,Вера")
    for nick in ("Вера", "Борис"):
        anna.expect(f" 314 Анна {nick} ")
    anna.expect(" 369 Анна Борис,Вера ")


def test_no_room_is_cut_off_in_whois(irc: Irc) -> None:
    anna = irc.client("Анна")
    rooms = [f"#{number}{'ы' * 30}" for number in range(20)]
    for room in rooms:
        anna.enter(room)
    anna.lines.clear()
    anna.send("WHOIS Анна")
    anna.expect(" 318 ")
    told = " ".join(line.partition(" :")[2] for line in anna.lines if " 319 " in line)
    assert told.replace("@", "").split() == rooms
