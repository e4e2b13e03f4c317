"""Programs that others wrote and that are used each in its own way: bots, bouncers, gateways."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.model.conversations import Delivery, Kind
from lab.experiments.forwarder import Forwarder
from tests.tools.certificates import make_certificate
from tests.tools.foreign_clients import Catgirl, ForeignClient, Rcirc
from tests.tools.foreign_servers import HOST, ForeignServer, bitlbee, znc
from tests.tools.irc import Irc
from tests.tools.programs import Program, needs
from tests.tools.users import User, Users

MILD: dict[str, str | None] = {"PYTHONWARNINGS": None}
"""Warnings that are errors in our programs are none of ours in those of others."""
LIMNORIA = """
supybot.nick: robot
supybot.ident: robot
supybot.networks: lab
supybot.networks.lab.servers: {host}:{port}
supybot.networks.lab.channels: #lab
supybot.networks.lab.ssl: False
supybot.reply.whenAddressedBy.chars: !
supybot.plugins: Utilities
supybot.plugins.Utilities: True
supybot.plugins.Utilities.public: True
supybot.log.stdout: True
supybot.directories.conf: {folder}/conf
supybot.directories.data: {folder}/data
supybot.directories.log: {folder}/logs
supybot.directories.backup: {folder}/backup
"""
PYDLE = """
import sys

import pydle

class Robot(pydle.Client):
    async def on_connect(self):
        await self.join("#lab")

    async def on_message(self, target, source, text):
        if source != self.nickname and text.startswith("robot: "):
            await self.message(target, f"{source}: {text[7:]}")

robot = Robot("robot", realname="A test")
robot.run(sys.argv[1], int(sys.argv[2]), tls=False, tls_verify=False)
"""


@pytest.fixture
def ending() -> Iterator[list[ForeignClient]]:
    """What is put in here is closed when the test ends."""
    running: list[ForeignClient] = []
    yield running
    for client in running:
        client.close()


def together(user: User, *nicks: str) -> None:
    """Wait until these, and nobody else, are in the room."""
    user.wait(lambda: sorted(nick.lstrip("@") for nick in user.neighbours) == sorted(nicks))


def test_rcirc_shows_what_our_client_says(
    irc: Irc, meet: Users, tmp_path: Path, ending: list[ForeignClient]
) -> None:
    anna = meet(irc.address, "Anna")
    rcirc = Rcirc(tmp_path, irc.address, "vera")
    ending.append(rcirc)
    together(anna, "Anna", "vera")
    rcirc.expect(rcirc.in_room)
    anna.say("Привет, Вера!")
    rcirc.expect(rcirc.spoken("Anna", "Привет, Вера!"))
    anna.say("первая\nвторая")
    rcirc.expect(rcirc.spoken("Anna", "вторая"))
    rcirc.type("И вам привет")
    anna.wait(lambda: anna.said()[-1:] == ["vera: И вам привет"])
    assert anna.lab.entries[0].delivery in (None, Delivery.SENT)


def test_catgirl_talks_over_tls(irc: Irc, meet: Users, tmp_path: Path, ending: list[ForeignClient]) -> None:
    made = make_certificate(tmp_path)
    server = irc.server(tls_cert=made.path, tls_key=made.key, tls_port=0)
    anna = meet(irc.address, "Анна")
    catgirl = Catgirl((HOST, server.tls_port), "Вера", made.path)
    ending.append(catgirl)
    together(anna, "Анна", "Вера")
    catgirl.expect(catgirl.in_room)
    anna.say("Привет, Вера!")
    catgirl.expect(catgirl.spoken("Анна", "Привет, Вера!"))
    catgirl.type("И вам привет")
    anna.wait(lambda: anna.said()[-1:] == ["Вера: И вам привет"])


def test_a_limnoria_bot_answers(irc: Irc, meet: Users, tmp_path: Path) -> None:
    needs("supybot")
    anna = meet(irc.address, "Анна")
    config = tmp_path / "robot.conf"
    host, port = irc.address
    config.write_text(LIMNORIA.format(host=host, port=port, folder=tmp_path), encoding="utf-8")
    robot = ("supybot", "--allow-root", str(config))
    with Program(program=robot, environment=MILD):
        together(anna, "Анна", "robot")
        anna.say("!echo Привет, «ёжик» 🙂")
        anna.wait(lambda: anna.said()[-1:] == ["robot: Привет, «ёжик» 🙂"])


def test_a_program_on_pydle_answers(irc: Irc, meet: Users, tmp_path: Path) -> None:
    anna = meet(irc.address, "Анна")
    source = tmp_path / "robot.py"
    source.write_text(PYDLE, encoding="utf-8")
    host, port = irc.address
    with Program(program=(sys.executable, str(source), host, str(port)), environment=MILD):
        together(anna, "Анна", "robot")
        anna.say("robot: Привет, «ёжик»")
        anna.wait(lambda: anna.said()[-1:] == ["robot: Анна: Привет, «ёжик»"])


@pytest.fixture
def bouncer(irc: Irc, tmp_path: Path) -> Iterator[ForeignServer]:
    """ZNC, connected with our server as Anna."""
    server = znc(tmp_path, irc.address, "Anna")
    yield server
    server.stop()


def test_what_was_said_meanwhile_comes_once_from_a_bouncer(
    irc: Irc, bouncer: ForeignServer, meet: Users
) -> None:
    boris = meet(irc.address, "Boris")
    together(boris, "Anna", "Boris")
    with Forwarder(bouncer.address) as cable:
        anna = meet(cable.address, "Anna", password="anna/lab:secret")
        boris.say("один")
        anna.wait(lambda: anna.said() == ["Boris: один"])
        anna.say("два")
        boris.wait(lambda: boris.said()[-1:] == ["Anna: два"])
        anna.wait(lambda: not anna.session.unconfirmed)
        cable.cut()
        anna.wait(lambda: not anna.session.state.ready)
        boris.say("три")
        boris.wait(lambda: not boris.session.unconfirmed)
        cable.mend()
        anna.wait(lambda: anna.said()[-1:] == ["Boris: три"])
        boris.say("четыре")
        anna.wait(lambda: anna.said()[-1:] == ["Boris: четыре"])
        assert anna.said() == ["Boris: один", "Anna: два", "Boris: три", "Boris: четыре"]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[ForeignServer]:
    server = bitlbee(tmp_path)
    yield server
    server.stop()


def test_bitlbee_is_a_room_with_its_robot(gateway: ForeignServer, meet: Users) -> None:
    anna = meet(gateway.address, "Anna")
    anna.wait(lambda: (room := anna.room("&bitlbee")) and "root" in room.members)
    before = anna.said("&bitlbee")
    anna.say("help quickstart", where="&bitlbee")
    anna.wait(lambda: any("quickstart2" in line for line in anna.said("&bitlbee")))
    new = anna.said("&bitlbee")[len(before) :]
    assert new[0] == "Anna: help quickstart"
    assert all(line.startswith("root: ") for line in new[1:])
    assert anna.told(Kind.ERROR) == []
