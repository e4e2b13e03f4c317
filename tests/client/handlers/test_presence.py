"""Who is away, who is a bot, who was invited, and who wrote while we were away."""

import pytest

from client.handlers.presence import LARGEST_ROOM
from client.model.events import MembersChanged
from tests.tools.dialogue import ISUPPORT, Dialogue
from tests.tools.irc import Irc
from tests.tools.users import Users


def entered(
    isupport: str = f"{ISUPPORT} WHOX BOT=B", members: str = "@Анна Борис Робот"
) -> tuple[Dialogue, list[str]]:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(isupport=isupport)
    asked = dialogue.hear(
        ":Анна!~a@h JOIN #lab", f":srv 353 Анна = #lab :{members}", ":srv 366 Анна #lab :End"
    )
    return dialogue, [line for line in asked if line.startswith("WHO")]


def test_a_small_rooms_members_are_asked_about_once() -> None:
    room, asked = entered()
    assert asked == ["WHO #lab %tcnf,77"]
    before = len(room.events)
    room.hear(
        ":srv 354 Анна 77 #lab Борис :G",
        ":srv 354 Анна 77 #lab Робот :HB",
        ":srv 354 Анна 77 #lab nobody :G",
        ":srv 315 Анна #lab :End of WHO list",
    )
    members = room.talk().members
    assert [(one.nick, one.away, one.bot) for one in members.values()] == [
        ("Анна", False, False),
        ("Борис", True, False),
        ("Робот", False, True),
    ]
    assert MembersChanged(room.talk()) in room.events[before:]
    assert not any("354" in text or "End of" in text for text in room.texts(""))
    room.say("/names")
    assert room.hear(":srv 353 Анна = #lab :@Анна Борис Робот", ":srv 366 Анна #lab :End") == []
    assert room.talk().members["борис"].away


def test_a_server_without_whox_is_asked_simply() -> None:
    room, asked = entered(ISUPPORT)
    assert asked == ["WHO #lab"]
    room.hear(":srv 352 Анна #lab ~b h srv Борис G :0 Boris", ":srv 315 Анна #lab :End of WHO list")
    assert room.talk().members["борис"].away


def test_a_large_room_is_not_asked_about() -> None:
    names = " ".join(f"nick{number}" for number in range(LARGEST_ROOM + 1))
    assert entered(members=names)[1] == []


def test_what_the_user_asks_is_shown() -> None:
    room, _asked = entered()
    room.say("/raw WHO Борис")
    room.hear(":srv 352 Анна * ~b h srv Борис G :0 Boris", ":srv 354 Анна 5 x :y")
    assert any("Boris" in text for text in room.texts())


def test_a_message_or_whois_tells_of_a_bot() -> None:
    room, _asked = entered()
    room.history("#lab")
    room.hear("@bot;msgid=1 :Робот!r@h PRIVMSG #lab :работаю")
    assert room.talk().members["робот"].bot
    room.hear(":srv 335 Анна Борис :is a bot")
    assert room.talk().members["борис"].bot


def test_an_invitation_of_somebody_else_is_told() -> None:
    room, _asked = entered()
    room.hear(":Борис!b@h INVITE Вера #lab")
    assert room.last().text == "Борис invites Вера to the room"


@pytest.mark.parametrize(
    "line", [":x 354", ":x 352", ":x 315", ":x CHATHISTORY", ":x INVITE", ":x CHATHISTORY TARGETS"]
)
def test_short_answers_do_no_harm(line: str) -> None:
    entered()[0].hear(line)


def test_talks_that_went_on_meanwhile_are_found_after_a_reconnect() -> None:
    room, _asked = entered()
    room.history("#lab")
    room.hear("@time=2026-01-01T10:00:00.000Z;msgid=1 :Борис!b@h PRIVMSG #lab :до")
    room.lose()
    room.connect()
    asked = next(line for line in room.welcome() if line.startswith("CHATHISTORY"))
    assert asked.startswith("CHATHISTORY TARGETS timestamp=2026-01-01T09:59:59.999Z timestamp=2999-")
    assert room.hear(
        ":srv BATCH +t draft/chathistory-targets",
        "@batch=t :srv CHATHISTORY TARGETS #lab 2026-01-01T11:00:00.000Z",
        "@batch=t :srv CHATHISTORY TARGETS Вера 2026-01-01T11:00:00.000Z",
        "@batch=t :srv CHATHISTORY TARGETS Анна 2026-01-01T11:00:00.000Z",
        ":srv BATCH -t",
    ) == ["CHATHISTORY AFTER Вера timestamp=2026-01-01T09:59:59.999Z 100"]
    room.history("Вера", "@msgid=5;time=2026-01-01T11:00:00.000Z :Вера!v@h PRIVMSG Анна :вы где?")
    room.history("Вера")
    assert room.texts("Вера") == ["вы где?"]
    assert room.talk("Вера").unread == 1


def test_talks_are_looked_for_from_the_same_time_until_the_server_has_named_them_all() -> None:
    """Otherwise what was said before the second of two losses would be missed."""
    room, _asked = entered()
    room.history("#lab")
    room.hear("@time=2026-01-01T10:00:00.000Z;msgid=1 :Борис!b@h PRIVMSG #lab :до")

    def ask_again() -> str:
        room.lose()
        room.connect()
        sent = room.welcome()
        return next(line for line in sent if line.startswith("CHATHISTORY TARGETS")).split()[2]

    assert ask_again() == "timestamp=2026-01-01T09:59:59.999Z"
    room.hear(
        "@time=2026-01-01T11:30:00.000Z :srv NOTICE Анна :hello", ":srv BATCH +t draft/chathistory-targets"
    )
    assert ask_again() == "timestamp=2026-01-01T09:59:59.999Z"
    room.hear(
        "@time=2026-01-01T12:00:00.000Z :srv NOTICE Анна :hello",
        ":srv BATCH +t draft/chathistory-targets",
        "@batch=t :srv CHATHISTORY TARGETS Вера 2026-01-01T11:00:00.000Z",
        ":srv BATCH -t",
    )
    assert ask_again() == "timestamp=2026-01-01T11:59:59.999Z"


def test_nobodys_talks_are_opened_that_we_did_not_ask_for() -> None:
    room, _asked = entered()
    room.hear(":srv CHATHISTORY TARGETS Вера 2026-01-01T11:00:00.000Z")
    assert "вера" not in room.state.conversations


def test_away_and_bots_are_known_with_the_real_server(irc: Irc, meet: Users) -> None:
    robot = irc.client("Робот")
    robot.send("MODE Робот +B")
    robot.send("AWAY :на зарядке")
    robot.enter()
    anna = meet(irc.address, "Анна")
    anna.wait(lambda: anna.lab.members["робот"].bot and anna.lab.members["робот"].away)
    robot.send("AWAY")
    anna.wait(lambda: not anna.lab.members["робот"].away)
