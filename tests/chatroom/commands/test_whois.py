"""WHOIS and WHOWAS: all about one."""

from tests.tools.irc import Client, Irc


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
