"""How a client gets in, and how it goes, as any IRC client sees it."""

import pytest

from chatroom.config import Limits
from tests.tools.irc import Client, Irc


def test_the_greeting_has_all_its_numerics(irc: Irc) -> None:
    anna = irc.client("Анна")
    numerics = [line.split()[1] for line in anna.lines]
    unique = list(dict.fromkeys(numerics))
    assert unique == ["001", "002", "003", "004", "005", "251", "255", "265", "266", "422"]
    assert "Анна!~test@127.0.0.1" in anna.lines[0]
    tokens = " ".join(anna.lines)
    for token in ("CASEMAPPING=rfc7613", "PREFIX=(ov)@+", "NICKLEN=30", "UTF8ONLY", "CHATHISTORY=100"):
        assert token in tokens


def test_user_may_come_before_nick(irc: Irc) -> None:
    client = irc.raw()
    client.send("USER a 0 * :A")
    client.send("NICK Анна")
    client.expect("^:chat.lab 001 Анна ")


def test_nothing_but_registration_works_before_it(irc: Irc) -> None:
    client = irc.raw()
    for line in ("JOIN #lab", "PRIVMSG Анна :x", "WHOIS Анна", "NONSENSE"):
        client.send(line)
        client.expect(r"^:chat.lab 451 \* ")
    client.send("PING token")
    client.expect("^:chat.lab PONG chat.lab :token$")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("NICK", "431"),
        ("NICK :", "431"),
        ("NICK 1a", "432"),
        ("NICK Aнна", "432"),
        ("NICK :a b", "432"),
        ("NICK Борис", "433"),
        ("NICK БОРИС", "433"),
        ("USER a 0 *", "461"),
        ("USER a 0 * :", "461"),
        ("PASS", "461"),
        ("PING", "461"),
        ("PING :", "409"),
        ("CAP NONSENSE", "410"),
        ("CAP", "461"),
    ],
)
def test_bad_registration_gets_its_numeric(irc: Irc, line: str, answer: str) -> None:
    irc.client("Борис")
    client = irc.raw()
    client.send(line)
    client.expect(rf"^:chat.lab {answer} \* ")


def test_nobody_registers_twice(irc: Irc) -> None:
    anna = irc.client("Анна")
    for line in ("PASS x", "USER a 0 * :A"):
        anna.send(line)
        anna.expect("^:chat.lab 462 Анна ")


def test_the_user_name_and_invisibility_are_taken_from_user(irc: Irc) -> None:
    client = irc.raw()
    client.send("NICK Анна")
    client.send("USER we!ird@name 8 * :Анна Иванова")
    client.expect(r"001 .*Анна!~weirdname?@127\.0\.0\.1$")
    client.send("MODE Анна")
    client.expect(r"221 Анна :\+i$")


@pytest.mark.parametrize("given", ["", "wrong", "тайна2"])
def test_a_wrong_password_is_told_and_ends_the_connection(irc: Irc, given: str) -> None:
    irc.server(password="тайна")
    client = irc.raw()
    if given:
        client.send(f"PASS {given}")
    client.send("NICK Анна")
    client.send("USER a 0 * :A")
    client.expect(r"^:chat.lab 464 Анна ")
    client.expect("^ERROR :.*Bad password")
    client.expect_closed()


def test_the_right_password_lets_in(irc: Irc) -> None:
    irc.server(password="тайна")
    irc.client("Анна", password="тайна")


def knock(irc: Irc, nick: str, password: str) -> Client:
    client = irc.raw()
    client.send(f"PASS {password}\r\nNICK {nick}\r\nUSER a 0 * :A")
    return client


def test_wrong_passwords_do_not_lock_out_the_right_one_of_the_same_address(irc: Irc) -> None:
    irc.server(password="тайна")
    for _ in range(5):
        knock(irc, "Вор", "мимо").expect(" 464 Вор :Password incorrect$")
    guessers = [knock(irc, f"Вор{number}", "мимо") for number in range(3)]
    guessers[0].close()
    anna, boris = knock(irc, "Анна", "тайна"), knock(irc, "Борис", "тайна")
    anna.expect(" 001 Анна ")
    boris.expect(" 001 Борис ")
    for guesser in guessers[1:]:
        assert [line for line in guesser.expect_closed() if "Password incorrect" in line]


def test_guessing_a_password_becomes_slow(irc: Irc) -> None:
    """However many connections guess: those that must wait learn nothing, and the others are sent away."""
    irc.server(
        password="тайна", limits=Limits(wrong_passwords=2, passwords_per_second=0.001, waiting_passwords=4)
    )
    guessers = []
    for number in range(6):  # one after the other
        guesser = knock(irc, f"Вор{number}", "мимо")
        guesser.send("PING :there")
        guesser.expect("Password incorrect" if number < 2 else "PONG .*there")
        guessers.append(guesser)
    guessers[0].expect_closed()
    knock(irc, "Анна", "тайна").expect(" 464 Анна :Too many wrong passwords; try again in 4000 seconds$")
    for guesser in guessers[2:]:
        guesser.expect_nothing()


def test_whether_a_nick_is_kept_tells_nobody_whether_a_password_is_right(irc: Irc) -> None:
    irc.server(password="тайна", limits=Limits(wrong_passwords=1, passwords_per_second=0.001))
    for guess in ("мимо", "тайна"):
        holder, other = irc.raw(), irc.raw()
        holder.send(f"CAP LS 302\r\nPASS {guess}\r\nRECLAIM Анна 0123456789abcdef")
        holder.expect("Password incorrect" if guess == "мимо" else "CAP")
        other.send("CAP LS 302\r\nNICK Анна")
        other.expect_nothing_but(" CAP ")


def test_a_nick_change_is_told_to_the_room_and_frees_the_old_nick(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.expect("JOIN #lab")
    anna.send("NICK Аня")
    for client in (anna, boris):
        client.expect(r"^:Анна!~test@127\.0\.0\.1 NICK :Аня$")
    anna.send("NICK аня")
    boris.expect("^:Аня!.* NICK :аня$")
    boris.send("NICK Анна")
    boris.expect("^:Борис!.* NICK :Анна$")


def test_nicks_are_changed_only_so_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(nick_changes_per_minute=2))
    anna = irc.client("Анна")
    for nick in ("Аня", "Анюта"):
        anna.send(f"NICK {nick}")
        anna.expect(f"NICK :{nick}$")
    anna.send("NICK Анечка")
    anna.expect(" 263 Анюта NICK ")


def test_a_nick_whose_folded_form_holds_a_space_is_refused(irc: Irc) -> None:
    anna = irc.client("Анна")
    for nick in ("\ufdfa", "\u037a", "\u1160"):
        anna.send(f"NICK {nick}")
        anna.expect(" 432 ")


def test_setname_is_told_and_shown(irc: Irc) -> None:
    able, anna = irc.client("able", capabilities=["setname"]), irc.client("Анна", capabilities=["setname"])
    for client in (able, anna):
        client.enter()
    anna.send("SETNAME :Анна Иванова")
    for client in (able, anna):
        client.expect("^:Анна!.* SETNAME :Анна Иванова$")
    able.send("WHOIS Анна")
    able.expect(r" 311 .* \* :Анна Иванова$")
    anna.send(f"SETNAME :{'x' * 200}")
    anna.expect("FAIL SETNAME INVALID_REALNAME :")


def test_quit_is_answered_with_error_and_told_to_the_room_once(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.send("JOIN #lab,#two")
        client.expect(" 366 .* #two ")
    anna.send("QUIT :до завтра")
    anna.expect("^ERROR :Closing link: .*Quit: до завтра")
    anna.expect_closed()
    boris.expect("^:Анна!.* QUIT :Quit: до завтра$")
    boris.expect_nothing()


def test_a_cut_connection_is_told_to_the_room_and_frees_the_nick(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.close()
    boris.expect("^:Анна!.* QUIT :")
    irc.client("Анна")


def test_a_lost_connection_gives_its_nick_back_to_who_knows_its_secret(irc: Irc) -> None:
    secret = "0123456789abcdef"
    vera = irc.client("Вера")
    vera.enter()

    def come_back(secret: str) -> Client:
        client = irc.raw()
        client.send("CAP LS 302")
        client.expect(r"CAP \* LS :.*chat.lab/reclaim")
        for line in ("NICK Анна", f"RECLAIM Анна {secret}", "USER anna 0 * :A test", "CAP END"):
            client.send(line)
        return client

    lost = come_back(secret)
    lost.expect("^:chat.lab 001 Анна ")
    lost.send("JOIN #lab")
    vera.expect("^:Анна!.* JOIN #lab")
    thief = come_back("fedcba9876543210")
    thief.expect(" 433 ")
    thief.expect_nothing()
    short = come_back("short")
    short.expect("FAIL RECLAIM INVALID_SECRET :")
    anna = come_back(secret)
    anna.expect("^:chat.lab 001 Анна ")
    assert "Replaced by a newer connection" in lost.expect_closed()[-1]
    vera.expect("^:Анна!.* QUIT :Replaced by a newer connection")
    anna.send(f"RECLAIM Вера {secret}")
    anna.expect(" 462 ")
    vera.expect_nothing()


def test_who_is_not_registered_keeps_no_nick_unless_they_named_a_secret(irc: Irc) -> None:
    lost, anna, late = irc.raw(), irc.raw(), irc.raw()
    lost.send("NICK Анна")
    lost.expect_nothing()
    anna.send("CAP LS 302")
    anna.send("NICK Анна")
    lost.expect("433 .* Анна :")
    late.send("NICK Анна")
    anna.expect("433 .* Анна :")
    anna.send("NICK Анна2")
    anna.send("RECLAIM Анна 0123456789abcdef")
    late.expect("433 .* Анна :")
    late.send("NICK Анна")
    late.expect("433 .* Анна :")
    anna.send("USER anna 0 * :A test")
    anna.send("CAP END")
    anna.expect("^:chat.lab 001 Анна ")
