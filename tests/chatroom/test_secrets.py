"""What the console must not tell, and how secrets are compared."""

import hmac
import logging

import pytest

from tests.tools.irc import Irc

SECRETS = ("тайна", "мимо", "chalk", "cheese", "0123456789abcdef")


def give_all_secrets(irc: Irc) -> None:
    irc.server(password="тайна", oper_name="teacher", oper_password="chalk")
    stranger = irc.raw()
    stranger.send("PASS мимо\r\nNICK Чужой\r\nUSER a 0 * :A")
    stranger.expect(" 464 ")
    stranger.expect_closed()
    anna, thief = irc.raw(), irc.raw()
    anna.send("RECLAIM Анна 0123456789abcdef\r\nPASS тайна\r\nUSER a 0 * :A")
    anna.expect(" 376 | 422 ")
    for password, answer in (("cheese", "464"), ("chalk", "381")):
        anna.send(f"OPER teacher {password}")
        anna.expect(f" {answer} ")
    thief.send("RECLAIM Анна fedcba9876543210")
    thief.expect_nothing()


def test_no_secret_reaches_the_console(irc: Irc, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        give_all_secrets(irc)
    assert "Анна" in caplog.text
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_every_secret_is_compared_by_the_function_that_takes_the_same_time(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = hmac.compare_digest
    compared: set[bytes] = set()

    def watched(one: bytes, other: bytes) -> bool:
        compared.update((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    give_all_secrets(irc)
    assert {secret.encode() for secret in SECRETS} <= compared


def test_what_the_console_tells_of_operators_carries_no_escape_sequence(
    irc: Irc, caplog: pytest.LogCaptureFixture
) -> None:
    irc.server(oper_name="teacher", oper_password="chalk")
    anna, boris = irc.client("Анна"), irc.client("Борис")
    with caplog.at_level(logging.INFO, "chat.server"):
        anna.send("OPER teacher \x1b[2J")
        anna.expect(" 464 ")
        anna.send("OPER teacher chalk")
        anna.expect(" 381 ")
        anna.send("KILL Борис :\x1b[31mвон\u202e")
        boris.expect_closed()
        anna.expect_nothing_but("MODE|381")
    assert "Анна ended the connection of Борис: ␛[31mвон" in caplog.text
    assert not {"\x1b", "\u202e"} & set(caplog.text)
    assert "chalk" not in caplog.text


def test_topics_and_keys_on_the_console(irc: Irc, caplog: pytest.LogCaptureFixture) -> None:
    anna = irc.client("Анна").enter()
    with caplog.at_level(logging.INFO, "chat.server"):
        anna.send("TOPIC #lab :\x1b[2Jтема")
        anna.send("MODE #lab +k geheim")
        anna.expect("MODE #lab .k geheim")
    assert "тема" in caplog.text
    assert "+k" in caplog.text
    assert "\x1b" not in caplog.text
    assert "geheim" not in caplog.text


def test_nobody_reclaims_a_nick_that_was_never_given_a_secret(irc: Irc) -> None:
    vera, thief = irc.client("Вера"), irc.raw()
    for line in ("CAP LS 302", "USER t 0 * :T", "RECLAIM Вера 0123456789abcdef", "CAP END"):
        thief.send(line)
    thief.expect_nothing_but(" CAP ")
    vera.expect_nothing()
