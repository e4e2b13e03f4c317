"""What is no speech, or speech not for all, is not shown as speech for all."""

from datetime import date

import pytest

from client.model.conversations import Kind
from client.model.spoken import audience_of, service_name
from client.splits import PAUSE
from gui.chat.transcript.entry_text import layout_after, pieces
from lab.report.content import make_document
from lab.report.data import ReportData
from lab.report.rendering.html import html
from tests.tools.dialogue import ISUPPORT, Dialogue, nonce_of


def shown(room: Dialogue, name: str = "#lab") -> str:
    entry = room.last(name)
    drawn = pieces(entry, layout_after(entry, None), date.today())
    return "".join(text for text, _tags in drawn)


@pytest.mark.parametrize(
    ("target", "audience"),
    [
        ("@#lab", "only for operators"),
        ("+#lab", "only for operators and those with a voice"),
        ("@+#lab", "only for operators and those with a voice"),
        ("#lab", ""),
    ],
)
@pytest.mark.parametrize("text", ["тайна", "\x01ACTION шепчет\x01"])
def test_a_message_to_some_says_for_whom_it_is(room: Dialogue, target: str, audience: str, text: str) -> None:
    room.hear(f":Борис!~b@h PRIVMSG {target} :{text}")
    entry = room.last()
    assert audience_of(entry) == audience
    assert (audience in shown(room)) is True
    assert ("only" in shown(room)) is bool(audience)
    assert (f"Борис ({audience})" in html(make_document(ReportData(transcript=[entry])))) is bool(audience)


def test_so_does_one_from_the_history_and_one_of_ones_own(room: Dialogue) -> None:
    room.lose()
    room.connect()
    room.welcome()
    room.enter_room()
    room.history("#lab", "@msgid=5;time=2026-01-01T00:00:01.000Z :Борис!b@h PRIVMSG @#lab :было")
    room.history("#lab")
    assert any(audience_of(entry) for entry in room.talk().entries if entry.text == "было")
    (line,) = room.say("/msg @#lab тихо")
    assert line.endswith(" PRIVMSG @#lab тихо")
    assert audience_of(room.last()) == "only for operators"
    room.hear(f"@+chat.lab/nonce={nonce_of(line)} :Анна!~a@h PRIVMSG @#lab :тихо")
    assert [entry.text for entry in room.talk().entries].count("тихо") == 1
    assert room.say("/notice @#lab внимание")[0].endswith(" NOTICE @#lab внимание")
    assert list(room.state.conversations) == ["", "#lab"]


def test_what_an_operator_says_to_all_is_shown(room: Dialogue) -> None:
    room.hear(":Учитель!~t@h WALLOPS :Перерыв через пять минут")
    entry = room.last("")
    assert (entry.kind, entry.nick, entry.text) == (Kind.NOTICE, "Учитель", "Перерыв через пять минут")
    assert "to everybody on the server" in shown(room, "")
    assert room.talk("").unread == 1


@pytest.mark.parametrize(
    ("line", "place", "name"),
    [
        (":***!znc@znc.in PRIVMSG #lab :Buffer Playback...", "#lab", ""),
        (":*buffextras!buffextras@znc.in PRIVMSG #lab :Борис!b@h joined", "#lab", ""),
        (":HistServ!HistServ@localhost PRIVMSG #lab :Борис joined the channel", "#lab", "HistServ"),
        (":ChanServ!s@services. NOTICE #lab :Анна, привет", "#lab", "ChanServ"),
        (":*status!znc@znc.in PRIVMSG Анна :Disconnected from IRC", "", "*status"),
        (":NickServ!s@services. NOTICE Анна :This nickname is registered", "", "NickServ"),
        (":BouncerServ!BouncerServ@BouncerServ PRIVMSG Анна :hi", "", "BouncerServ"),
        (":-bip!bip@bip.net PRIVMSG Анна :backlog", "", "-bip"),
        (":srv.lab NOTICE #lab :Restart at noon", "#lab", ""),
        (":srv.lab NOTICE Анна :*** Looking up your hostname", "", ""),
        ("NOTICE AUTH :*** Checking ident", "", ""),
    ],
)
def test_narration_is_not_speech(room: Dialogue, line: str, place: str, name: str) -> None:
    room.hear(line)
    entry = room.last(place)
    assert (entry.kind, service_name(entry), entry.mention) == (Kind.SERVICE, name, False)
    assert room.talk(place).unread == 0
    assert list(room.state.conversations) == ["", "#lab"]
    assert f"\t{name}: " in shown(room, place) if name else ": " not in shown(room, place).split("\t")[1][:9]


@pytest.mark.parametrize(
    "source", ["Борис!~b@h", "Борис@h", "Борис!~b", "bot.example!b@h", "Борис", "NickServ!~nickserv@10.0.0.7"]
)
def test_whoever_has_a_nick_speaks(room: Dialogue, source: str) -> None:
    room.hear(f":{source} PRIVMSG #lab :да")
    assert room.last().kind is Kind.MESSAGE
    room.hear(f":{source} PRIVMSG Анна :эй")
    assert room.talk(source.partition("!")[0].partition("@")[0])


def test_a_talk_with_a_bouncer_is_one_talk(room: Dialogue) -> None:
    room.session.open_private("*status")
    room.history("*status")
    room.hear(":*status!znc@znc.in PRIVMSG Анна :ok")
    assert room.last("*status").text == "ok"


def test_a_split_is_one_sentence_and_so_is_its_end(room: Dialogue) -> None:
    people = [f"n{number}" for number in range(40)]
    room.enter_room(members="@Анна Борис " + " ".join(people))
    before = len(room.talk().entries)
    room.hear(
        ":srv BATCH +s netsplit irc.hub other.host",
        *(f"@batch=s :{nick}!u@h QUIT :irc.hub other.host" for nick in people),
        ":srv BATCH -s",
    )
    assert len(room.talk().entries) == before + 1
    assert room.last().text.startswith(
        "Servers have lost each other (irc.hub – other.host), and gone with that"
    )
    assert room.last().text.endswith("… +10")
    assert list(room.talk().members) == ["анна", "борис"]
    room.hear(
        ":srv BATCH +j netjoin irc.hub other.host",
        *(f"@batch=j :{nick}!u@h JOIN #lab" for nick in people),
        ":srv BATCH -j",
    )
    assert len(room.talk().entries) == before + 2
    assert room.last().text.startswith(
        "The servers are connected again (irc.hub – other.host), and back are: n0"
    )
    assert len(room.talk().members) == 42


def test_so_is_one_without_a_batch_and_one_that_does_not_end(room: Dialogue) -> None:
    room.enter_room(members="@Анна Борис Вера Глеб")
    room.hear(":Борис!b@h QUIT :a.example *.split", ":Вера!b@h QUIT :a.example *.split")
    room.now += PAUSE + 1
    room.session.tick()
    assert room.last().text.endswith("gone with that are: Борис, Вера")
    room.hear(":srv BATCH +s netsplit a.b c.d", "@batch=s :Глеб!u@h QUIT :a.b c.d")
    room.lose()
    assert any(text.endswith("gone with that are: Глеб") for text in room.texts())


def test_a_person_may_leave_with_two_words(room: Dialogue) -> None:
    room.hear(":Борис!b@h QUIT :see you")
    assert room.last().text == "Борис goes offline: see you"


def test_days_are_the_servers_though_the_clock_is_a_day_off() -> None:
    room = Dialogue()
    room.connect()
    room.welcome(isupport=ISUPPORT)
    room.now = 1767225600.0 - 86_400  # the server's time of entering is a day ahead of ours
    room.enter_room()
    room.history("#lab")
    room.say("эй")
    room.state.inform(room.talk(), "Hm")
    times = [entry.time for entry in room.talk().entries]
    assert max(times) - min(times) < 5
    assert abs(room.state.time - 1767225600.0) < 5


def test_a_server_that_is_called_like_a_person_is_none() -> None:
    room = Dialogue()
    room.connect()
    room.hear(":localhost NOTICE * :Please go on")
    assert room.last("").kind is Kind.SERVICE
    room.welcome()
    room.hear(":localhost PRIVMSG Анна :Hello", ":srv PRIVMSG Анна :Hello", ":Борис PRIVMSG Анна :эй")
    assert list(room.state.conversations) == ["", "localhost", "борис"]


def test_several_lines_of_a_server_stay_lines(room: Dialogue) -> None:
    room.hear(":srv.lab BATCH +1 draft/multiline #lab")
    room.hear(*(f"@batch=1 :srv.lab NOTICE #lab :{text}" for text in ("one", "two")), "BATCH -1")
    assert (room.last().kind, room.last().text) == (Kind.SERVICE, "one\ntwo")
