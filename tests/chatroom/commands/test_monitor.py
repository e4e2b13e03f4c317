"""MONITOR: who comes and goes."""

from tests.tools.irc import Irc


def test_monitor_tells_who_comes_and_goes(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("MONITOR + Борис,Вера")
    anna.expect(r" 730 Анна :Борис!\S+$")
    anna.expect(" 731 Анна :Вера$")
    vera = irc.client("Вера")
    anna.expect(r" 730 Анна :Вера!\S+$")
    vera.send("NICK вера")
    vera.send("NICK Вероника")
    anna.expect(" 731 Анна :вера$")
    boris.send("QUIT")
    anna.expect(" 731 Анна :Борис$")
    anna.send("MONITOR L")
    anna.expect(" 732 Анна :Борис,Вера$")
    anna.expect(" 733 ")
    anna.send("MONITOR - Борис")
    anna.expect_nothing()  # the PONG says that the server has read it
    irc.client("Борис")
    anna.expect_nothing()
    anna.send("MONITOR C")
    anna.send("MONITOR L")
    assert "732" not in anna.expect(r" (732|733) ")[1]
    anna.send("MONITOR + " + ",".join(f"n{i}" for i in range(101)))
    anna.expect(" 734 Анна 100 n100 ")


def test_extended_monitor_tells_of_strangers(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["extended-monitor", "away-notify", "setname"])
    boris = irc.client("Борис")
    anna.send("MONITOR + Борис")
    anna.expect(" 730 ")
    boris.send("AWAY :обед")
    anna.expect("^:Борис!.* AWAY :обед$")
    boris.send("SETNAME :Боря")
    anna.expect("^:Борис!.* SETNAME :Боря$")
