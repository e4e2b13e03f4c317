"""Catching up with servers and bouncers of many kinds: nothing is missing in silence or stands twice."""

import os
import random
from dataclasses import dataclass, field
from typing import Final

import pytest

from client.history import PATIENCE
from client.model.conversations import Delivery, Kind
from client.model.server_time import moment_of, stamp_of
from protocol.message import Message, format_message, parse
from tests.tools.dialogue import CAPABILITIES, Dialogue, nonce_of

BEGIN: Final = 1_767_225_600.0
HOLE: Final = "Something may be missing here: the server did not tell all that was said meanwhile."
FIRST_SEED: Final = int(os.environ.get("SEED", "1"))
SEEDS: Final = int(os.environ.get("SEEDS", "2"))
REFUSED, EMPTY, SILENT = "refused", "empty", "silent"


@dataclass(frozen=True, slots=True)
class Ways:
    """What a server's history knows, and how it answers what it does not."""

    ids: bool = True
    """Lines bear a msgid."""
    ids_in_history: bool = True
    by_id: str = ""
    """How a question by msgid is answered that the server does not know: REFUSED, EMPTY, SILENT; else ""."""
    by_time: str = ""
    before: str = ""
    """The same of every BEFORE."""
    whole_seconds: bool = False
    """The history keeps no milliseconds."""
    most: int = 100
    """Messages of a page."""
    tells_most: bool = True
    keeps_nonces: bool = True
    one_second_holds: int = 20
    """Lines that are said in one second."""
    forgets: bool = False
    """While we are away it is started anew, with an empty history, in the middle of what is missed."""
    ignores_place: bool = False
    """It gives its latest messages whatever is asked for."""
    batch: str = "chathistory"
    holes: bool = False
    """It cannot be asked in any way for all that is missed, if that is much."""


KINDS: Final = {
    "as the specification has it": Ways(),
    "no ids (soju)": Ways(ids=False, by_id=REFUSED, keeps_nonces=False),
    "no ids, whole seconds (soju's files)": Ways(
        ids=False, by_id=REFUSED, whole_seconds=True, keeps_nonces=False
    ),
    "no ids, whole seconds, everything at once": Ways(
        ids=False, by_id=REFUSED, whole_seconds=True, keeps_nonces=False, one_second_holds=150, most=1000
    ),
    "no ids, milliseconds, everything at once": Ways(ids=False, by_id=REFUSED, one_second_holds=900),
    "ids that cannot be asked for": Ways(by_id=REFUSED),
    "ids that are answered with nothing": Ways(by_id=EMPTY),
    "ids that are not answered": Ways(by_id=SILENT),
    "ids in live lines only": Ways(ids_in_history=False, by_id=REFUSED),
    "ids in live lines only, which are answered with nothing": Ways(ids_in_history=False, by_id=EMPTY),
    "no times": Ways(by_time=REFUSED),
    "neither ids nor times": Ways(by_id=REFUSED, by_time=REFUSED, before=REFUSED, holes=True),
    "neither, and nothing said about it": Ways(by_id=EMPTY, by_time=EMPTY, before=EMPTY, holes=True),
    "nothing is answered but for the latest": Ways(by_id=SILENT, by_time=SILENT, before=SILENT, holes=True),
    "small pages": Ways(most=30),
    "small pages that are not announced": Ways(most=30, tells_most=False),
    "small pages without ids": Ways(ids=False, by_id=REFUSED, most=30, tells_most=False),
    "always the latest, without ids": Ways(ids=False, ignores_place=True, holes=True),
    "begun anew": Ways(forgets=True, by_id=EMPTY, holes=True),
    "begun anew, without ids": Ways(forgets=True, ids=False, by_id=REFUSED, holes=True),
    "the name of the batch": Ways(batch="draft/chathistory"),
}


@dataclass(frozen=True, slots=True)
class Said:
    number: int
    moment: float
    nick: str
    text: str
    nonce: str = ""


@dataclass
class Network:
    """A server with a history of its kind, and our session on it."""

    ways: Ways
    dialogue: Dialogue = field(default_factory=Dialogue)
    log: list[Said] = field(default_factory=list)
    kept: list[Said] = field(default_factory=list)
    """What its history still has."""
    now: float = BEGIN
    connected: bool = False
    questions: int = 0
    late: list[str] = field(default_factory=list)

    def come(self) -> None:
        """Our user connects and enters the room; all that is asked then is answered."""
        d = self.dialogue
        d.connect()
        most = f" CHATHISTORY={self.ways.most}" if self.ways.tells_most else ""
        d.welcome(CAPABILITIES, f"CASEMAPPING=rfc7613 PREFIX=(ov)@+ CHANTYPES=#{most}")
        self.connected = True
        self.enter()

    def enter(self) -> None:
        """The server lets our user into the room; all that is asked then is answered."""
        asked = self.dialogue.hear(
            f"@time={stamp_of(self.now)} :Анна!~a@h JOIN #lab",
            ":srv 353 Анна = #lab :Анна Борис",
            ":srv 366 Анна #lab :End",
        )
        self.answer(asked)

    def go(self) -> None:
        self.dialogue.lose()
        self.connected = False

    def say(self, nick: str = "Борис", text: str = "", nonce: str = "") -> Said:
        """Somebody says something; who is here hears it."""
        self.now += 1.0 / self.ways.one_second_holds
        moment = round(self.now, 3)
        said = Said(len(self.log), moment, nick, text or str(len(self.log)), nonce)
        self.log.append(said)
        self.kept.append(said)
        if self.connected:
            self.answer(self.dialogue.hear(self.line(said, live=True)))
        return said

    def line(self, said: Said, *, live: bool) -> str:
        moment = said.moment if live or not self.ways.whole_seconds else float(int(said.moment))
        tags = {"time": stamp_of(moment)}
        if self.ways.ids and (live or self.ways.ids_in_history):
            tags["msgid"] = f"m{said.number}"
        if said.nonce and (live or self.ways.keeps_nonces):
            tags["+chat.lab/nonce"] = said.nonce
        return format_message(Message("PRIVMSG", ("#lab", said.text), f"{said.nick}!~u@h", tags))

    def answer(self, lines: list[str]) -> None:
        """Answer the client's questions, and those that come of the answers, until there are none."""
        for _ in range(2000):
            if not lines:
                if not self.dialogue.talk().is_catching_up:
                    return
                self.dialogue.now += PATIENCE + 1  # a question that was not answered
                self.dialogue.session.tick()
                lines = self.dialogue.sent()
                continue
            message = parse(lines.pop(0))
            if message.command == "CHATHISTORY":
                self.questions += 1
                lines += self.dialogue.hear(*self.page(message))
            elif message.command == "PRIVMSG":
                said = self.say("Анна", message.param(1), nonce_of(format_message(message)))
                assert said
        raise AssertionError("the client asks for ever")

    def page(self, question: Message) -> list[str]:
        verb, target, reference, limit = question.params
        kind, _equals, value = reference.partition("=")
        how = {"msgid": self.ways.by_id, "timestamp": self.ways.by_time}.get(kind, "")
        if verb == "BEFORE":
            how = how or self.ways.before
        if how == REFUSED:
            return [f":srv FAIL CHATHISTORY INVALID_PARAMS {verb} {target} :No"]
        if how == SILENT:
            return []
        count = min(int(limit), self.ways.most)
        found: list[Said] = []
        if not how:
            found = self.kept
            if kind == "msgid" and not self.ways.ignores_place:
                places = [place for place, one in enumerate(self.kept) if f"m{one.number}" == value]
                found = (
                    [] if not places else found[places[0] + 1 :] if verb == "AFTER" else found[: places[0]]
                )
            elif kind == "timestamp" and not self.ways.ignores_place:
                moment = moment_of(value)
                assert moment is not None
                found = [
                    one
                    for one in found
                    if (self.moment(one) > moment if verb == "AFTER" else self.moment(one) < moment)
                ]
            first = verb == "AFTER" and not self.ways.ignores_place
            found = found[:count] if first else found[-count:]
        lines = [f"@batch=h;{self.line(one, live=False)[1:]}" for one in found]
        return [f":srv BATCH +h {self.ways.batch} {target}", *lines, ":srv BATCH -h"]

    def moment(self, said: Said) -> float:
        return float(int(said.moment)) if self.ways.whole_seconds else said.moment

    def shown(self) -> list[str]:
        """What stands in the transcript as said, and where something is said to be missing."""
        entries = self.dialogue.talk().entries
        return [
            "…" if one.text == HOLE else one.text
            for one in entries
            if one.text == HOLE or one.kind is Kind.MESSAGE
        ]


def is_honest(shown: list[str], said: list[str]) -> bool:
    """Tell whether what is shown is what was said, in order, once, with a mark wherever something lacks."""
    place = 0
    may_lack = True  # what was said before we came for the first time
    for text in shown:
        if text == "…":
            may_lack = True
            continue
        at = said.index(text, place) if text in said[place:] else -1
        if at < 0 or (at > place and not may_lack):
            return False
        place, may_lack = at + 1, False
    return place == len(said) or may_lack


@pytest.mark.parametrize("missed", [0, 3, 130, 450])
@pytest.mark.parametrize("ways", KINDS.values(), ids=KINDS)
def test_what_was_missed_is_fetched_or_said_to_be_missing(ways: Ways, missed: int) -> None:
    net = Network(ways)
    for _ in range(5):
        net.say()
    net.come()
    for _ in range(7):
        net.say()
    for _round in range(3):
        net.go()
        for number in range(missed):
            net.say()
            if ways.forgets and number == missed // 2:
                net.kept.clear()
        net.come()
        net.say()
        assert is_honest(net.shown(), [one.text for one in net.log])
        if not ways.holes:
            assert "…" not in net.shown()
    before = net.shown()
    for _ in range(3):
        net.go()
        net.come()
        assert [text for text in net.shown() if text != "…"] == [text for text in before if text != "…"]
    if ways.ids and not ways.by_id and not ways.ignores_place:
        net.questions = 0
        net.go()
        net.come()
        assert net.questions <= 2


@pytest.mark.parametrize("talks", [False, True])
@pytest.mark.parametrize("ways", KINDS.values(), ids=KINDS)
def test_what_was_closed_and_is_opened_again_is_filled_as_at_first(ways: Ways, talks: bool) -> None:
    net, newcomer = Network(ways), Network(ways)
    for number in range(30):
        net.say("Анна" if number % 3 == 0 else "Борис")
    net.come()
    for number in range(30):
        net.say()
        if talks:
            net.answer(net.dialogue.say(f"моё {number}"))
    room = net.dialogue.talk()
    net.dialogue.session.close(room)
    net.dialogue.hear(":Анна!~a@h PART #lab")
    newcomer.log = newcomer.kept = net.kept
    newcomer.now = net.now
    newcomer.come()
    net.dialogue.session.enter_room("#lab", net.dialogue.state.server_talk)
    net.dialogue.sent()
    net.enter()
    assert net.dialogue.talk() is not room
    assert net.shown() == newcomer.shown()
    assert (net.dialogue.talk().unread, net.dialogue.talk().mentions) == (0, 0)
    fields = ("topic", "joined", "anchor", "carried", "reading_back", "space", "size")
    for name in fields:
        assert getattr(net.dialogue.talk(), name) == getattr(newcomer.dialogue.talk(), name), name


PLAYBACKS: Final = {
    "in a batch": ("", ":znc BATCH +p znc.in/playback #lab", "@batch=p;", ":znc BATCH -p"),
    "in a batch like a page's": ("", ":b BATCH +p chathistory #lab", "@batch=p;", ":b BATCH -p"),
    "by the time alone": ("", "", "@", ""),
    "with ids": ("msgid", "", "@", ""),
}


@pytest.mark.parametrize(("tag", "begins", "mark", "ends"), PLAYBACKS.values(), ids=PLAYBACKS)
def test_what_a_bouncer_plays_back_is_shown_once(tag: str, begins: str, mark: str, ends: str) -> None:
    capabilities = CAPABILITIES.replace("draft/chathistory ", "")
    dialogue = Dialogue()
    said: list[str] = []

    def line(number: int, second: int) -> str:
        tags = f"time=2026-01-01T00:00:{second:02}.123Z" + (f";{tag}=m{number}" if tag else "")
        return f"{tags} :Борис!~b@h PRIVMSG #lab :{'да' if number % 5 < 2 else number}"

    def play() -> None:
        dialogue.hear(*filter(None, [begins, *(mark + one for one in said), ends]))

    def come(second: int) -> None:
        dialogue.connect()
        dialogue.hear(f":znc CAP * LS :{capabilities}", f":znc CAP Анна ACK :{capabilities}")
        dialogue.hear(f"@time=2026-01-01T00:00:{second:02}.000Z :znc 001 Анна :Welcome", ":znc 422 Анна :No")
        dialogue.hear(":Анна!~a@h JOIN #lab", ":znc 353 Анна = #lab :Анна Борис", ":znc 366 Анна #lab :End")
        play()

    come(1)
    for visit in range(3):
        for number in range(6):
            said.append(line(len(said), 10 * visit + 2 + number // 2))
            dialogue.hear("@" + said[-1])
        dialogue.lose()
        said += [line(len(said) + more, 10 * visit + 6) for more in range(3)]
        come(10 * visit + 8)
        play()
    texts = [one.text for one in dialogue.talk().entries if one.kind is Kind.MESSAGE]
    assert texts == [one.rpartition(":")[2] for one in said]
    assert HOLE not in dialogue.texts()


def test_a_copy_that_is_played_back_says_that_a_message_had_arrived() -> None:
    capabilities = CAPABILITIES.replace("draft/chathistory ", "")
    dialogue = Dialogue().online(capabilities)
    dialogue.say("дошло")
    entry = dialogue.last()
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome(capabilities)
    dialogue.enter_room()
    dialogue.hear(
        ":znc BATCH +p znc.in/playback #lab",
        "@batch=p;time=2026-01-01T00:00:02.000Z :Анна!~a@h PRIVMSG #lab :дошло",
        ":znc BATCH -p",
    )
    assert entry.delivery is Delivery.SENT
    assert dialogue.texts().count("дошло") == 1


def test_without_a_history_a_hole_is_marked_before_the_first_thing_that_is_said_after_it() -> None:
    capabilities = CAPABILITIES.replace("draft/chathistory ", "")
    dialogue = Dialogue().online(capabilities)
    dialogue.hear("@time=2026-01-01T00:00:02.000Z :Борис!~b@h PRIVMSG #lab :раньше")
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome(capabilities)
    dialogue.enter_room()
    assert HOLE not in dialogue.texts()
    for text in ("теперь", "и ещё"):
        dialogue.hear(f"@time=2026-01-01T00:01:02.000Z :Борис!~b@h PRIVMSG #lab :{text}")
    assert dialogue.texts()[-3:] == [HOLE, "теперь", "и ещё"]


class BadNetwork(Network):
    """The same, with a connection that is cut at any moment, and what was under way on it lost."""

    chance = random.Random()

    def answer(self, lines: list[str]) -> None:
        for _ in range(3000):
            if not self.connected:
                return None
            if not lines:
                if not self.dialogue.talk().is_catching_up:
                    return None
                self.dialogue.now += PATIENCE + 1
                self.dialogue.session.tick()
                lines = self.dialogue.sent()
                continue
            message = parse(lines.pop(0))
            if self.chance.random() < 0.03:
                return self.go()
            if message.command == "CHATHISTORY":
                answer = self.page(message)
                if self.chance.random() < 0.05:
                    self.dialogue.hear(*answer[: self.chance.randrange(len(answer) + 1)])
                    return self.go()
                lines += self.dialogue.hear(*answer)
            elif message.command == "PRIVMSG":
                self.say("Анна", message.param(1), nonce_of(format_message(message)))
        raise AssertionError("the client asks for ever")

    def say(self, nick: str = "Борис", text: str = "", nonce: str = "") -> Said:
        if self.connected and self.chance.random() < 0.03:
            connected, self.connected = self.connected, False  # the server does not know it yet
            said = super().say(nick, text, nonce)
            self.connected = connected
            self.go()
            return said
        return super().say(nick, text, nonce)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
@pytest.mark.parametrize("name", KINDS)
def test_whatever_is_cut_nothing_is_lost_in_silence_or_doubled(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")
    net = BadNetwork(KINDS[name])
    net.chance = chance
    own = 0
    for _step in range(120):
        if not net.connected and chance.random() < 0.3:
            net.come()
        for _line in range(chance.choice((0, 1, 1, 2, 5, 30))):
            net.say()
        if chance.random() < 0.4 and "#lab" in net.dialogue.state.conversations:
            own += 1
            net.answer(net.dialogue.say(f"моё-{own}"))
        net.now += chance.choice((0, 0, 0.001, 3.0))
    net.chance = random.Random()
    net.chance.random = lambda: 1.0  # type: ignore[method-assign]
    if not net.connected:
        net.come()
    net.say()
    sent = [one.text for one in net.log if one.nick == "Анна"]
    assert len(sent) == len(set(sent)), "said twice"
    entries = [one for one in net.dialogue.talk().entries if one.own and one.kind is Kind.MESSAGE]
    assert len(entries) == own
    assert {one.delivery for one in entries} <= {Delivery.SENT, Delivery.FAILED}
    assert all(one.text in sent for one in entries if one.delivery is Delivery.SENT)
    failed = {one.text for one in entries if one.delivery is Delivery.FAILED}
    shown = [text for text in net.shown() if text not in failed]
    assert is_honest(shown, [one.text for one in net.log if one.text not in failed])


def come(dialogue: Dialogue, capabilities: str = CAPABILITIES) -> list[str]:
    """The connection is lost and comes back; return what is asked for."""
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome(capabilities)
    return dialogue.enter_room()


BORIS: Final = "@msgid=m{n};time=2026-01-01T00:00:0{n}.000Z :Борис!~b@h PRIVMSG #lab :{n}"
OURS: Final = "@msgid=m5;time=2026-01-01T00:00:05.000Z :Анна!~a@h PRIVMSG #lab :моё"


@pytest.mark.parametrize("knows_ids", [True, False])
def test_what_arrived_though_its_echo_was_lost_is_found_before_what_came_later(knows_ids: bool) -> None:
    dialogue = Dialogue().online()
    dialogue.hear(BORIS.format(n=4))
    dialogue.say("моё")
    entry = dialogue.last()
    dialogue.hear(BORIS.format(n=6))
    assert come(dialogue) == ["CHATHISTORY AFTER #lab msgid=m4 100"]
    if knows_ids:
        dialogue.history("#lab", OURS, BORIS.format(n=6))
        dialogue.history("#lab")
    else:
        dialogue.history("#lab")
        asked = dialogue.history("#lab", BORIS.format(n=6))
        assert asked == ["CHATHISTORY AFTER #lab timestamp=2026-01-01T00:00:03.999Z 100"]
        # Not backwards from the latest: what is known there already may be a page of its own.
        dialogue.history("#lab", BORIS.format(n=4), OURS, BORIS.format(n=6))
        while dialogue.talk().is_catching_up:
            dialogue.history("#lab", BORIS.format(n=6))
    assert entry.delivery is Delivery.SENT
    assert [text for text in dialogue.texts() if text in ("4", "моё", "6")].count("моё") == 1
    assert not any("PRIVMSG" in line for line in dialogue.sent())


def test_ours_is_not_looked_for_again_where_it_was_not_found() -> None:
    dialogue = Dialogue().online()
    dialogue.hear(BORIS.format(n=4))
    dialogue.say("моё")
    dialogue.hear(BORIS.format(n=6))
    assert come(dialogue) == ["CHATHISTORY AFTER #lab msgid=m4 100"]
    dialogue.history("#lab", BORIS.format(n=6), BORIS.format(n=7))
    assert come(dialogue) == ["CHATHISTORY AFTER #lab msgid=m7 100"]
    assert dialogue.history("#lab") == ["CHATHISTORY LATEST #lab * 1"]
    (again,) = dialogue.history("#lab", BORIS.format(n=7))
    assert again.endswith(" PRIVMSG #lab моё")


@pytest.mark.parametrize("played", [False, True], ids=["asked for", "played back"])
@pytest.mark.parametrize("with_ids", [False, True])
def test_what_we_said_where_nothing_is_echoed_is_known_when_it_comes_again(
    played: bool, with_ids: bool
) -> None:
    capabilities = CAPABILITIES.replace("echo-message ", "")
    capabilities = capabilities.replace("draft/chathistory ", "") if played else capabilities
    dialogue = Dialogue().online(capabilities)

    def line(text: str) -> str:
        return text if with_ids else "@" + text.partition(";")[2]

    dialogue.hear(line(BORIS.format(n=4)))
    dialogue.say("моё")
    dialogue.hear(line(BORIS.format(n=6)))
    come(dialogue, capabilities)
    again = [line(text) for text in (BORIS.format(n=4), OURS, BORIS.format(n=6))]
    if played:
        inside = [f"@batch=p;{text[1:]}" for text in again]
        dialogue.hear(":z BATCH +p znc.in/playback #lab", *inside, ":z BATCH -p")
    else:
        dialogue.history("#lab", *(again[1:] if with_ids else again))
        dialogue.history("#lab")
    assert [text for text in dialogue.texts() if text in ("4", "моё", "6")] == ["4", "моё", "6"]


def test_where_lines_bear_neither_id_nor_time_a_hole_is_stated() -> None:
    entering = (":Анна!~a@h JOIN #lab", ":srv 353 Анна = #lab :Анна Борис", ":srv 366 Анна #lab :End")
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    assert dialogue.hear(*entering)[0] == "CHATHISTORY LATEST #lab * 50"
    dialogue.history("#lab", ":Борис!~b@h PRIVMSG #lab :раз")
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome()
    assert dialogue.hear(*entering)[0] == "CHATHISTORY LATEST #lab * 100"
    dialogue.history("#lab", ":Борис!~b@h PRIVMSG #lab :пять")
    spoken = [text for text in dialogue.texts() if text in ("раз", "пять", HOLE)]
    assert spoken == ["раз", HOLE, "пять"]
    assert dialogue.talk().unread == 1


def test_what_is_known_by_its_time_alone_is_followed_by_its_id() -> None:
    dialogue = Dialogue().online()
    assert come(dialogue) == ["CHATHISTORY AFTER #lab timestamp=2025-12-31T23:59:59.999Z 100"]
    assert dialogue.history("#lab", BORIS.format(n=4)) == ["CHATHISTORY AFTER #lab msgid=m4 100"]
    asked = dialogue.hear("FAIL CHATHISTORY INVALID_PARAMS AFTER #lab :Unknown msgid")
    assert asked == ["CHATHISTORY AFTER #lab timestamp=2026-01-01T00:00:03.999Z 100"]
    asked = dialogue.history("#lab", BORIS.format(n=4), BORIS.format(n=6))
    assert asked == ["CHATHISTORY AFTER #lab timestamp=2026-01-01T00:00:05.999Z 100"]
