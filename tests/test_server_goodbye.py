"""Clients that leave in haste."""

from tests.irc import Irc


def test_who_says_quit_and_hangs_up_at_once_disturbs_nobody(irc: Irc) -> None:
    anna = irc.client("Анна")
    for number in range(100):
        hasty = irc.raw()
        hasty.send_bytes(f"NICK hasty{number}\r\nUSER h 0 * :H\r\nJOIN #lab\r\nQUIT\r\n".encode())
        hasty.close()
    anna.expect_nothing()
    anna.send("LUSERS")
    assert anna.expect(r" 255 Анна :I have (\d+) clients")[1] == "1"
