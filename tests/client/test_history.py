"""Catching up: what was said while we were away comes into the transcript once, in order."""

import pytest

from client.handlers.outcomes import Outcome
from client.handlers.table import HANDLERS
from client.history import MAX_PAGES, MAX_PAGES_BACK, PATIENCE
from client.model.conversations import Kind
from client.model.events import EntriesReplaced, EntryAdded, TransportReceived
from client.model.state import ClientState
from protocol.message import Message, parse
from tests.tools.dialogue import CAPABILITIES, Dialogue

HOLE = "Something may be missing here: the server did not tell all that was said meanwhile."


@pytest.fixture
def entered() -> Dialogue:
    """A room that was just entered, its history on the way."""
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    assert dialogue.enter_room() == ["CHATHISTORY LATEST #lab * 50"]
    return dialogue


def said(number: int) -> str:
    return f"@msgid=m{number} :Борис!~b@h PRIVMSG #lab :{number}"


def away(dialogue: Dialogue) -> list[str]:
    """The connection is lost and comes back; return what is asked for."""
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome()
    return dialogue.enter_room()


def numbers(dialogue: Dialogue) -> list[int]:
    return [int(text) for text in dialogue.texts() if text.isdigit()]


def test_the_first_look_comes_before_the_entering(entered: Dialogue) -> None:
    entered.events.clear()
    assert entered.history("#lab", said(1), said(2)) == []
    assert entered.texts() == ["1", "2", "You are in #lab"]
    assert entered.talk().unread == 0
    assert [type(event) for event in entered.events] == [EntriesReplaced]


def test_a_small_server_limit_is_kept() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(isupport="CASEMAPPING=rfc7613 CHANTYPES=# CHATHISTORY=20")
    assert dialogue.enter_room() == ["CHATHISTORY LATEST #lab * 20"]


def test_what_is_said_meanwhile_comes_after_the_history_once(entered: Dialogue) -> None:
    entered.hear(said(2), said(3))
    assert numbers(entered) == []
    entered.history("#lab", said(1), said(2))
    assert numbers(entered) == [1, 2, 3]


def test_pages_are_asked_for_until_one_is_empty(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    assert away(entered) == ["CHATHISTORY AFTER #lab msgid=m1 100"]
    assert entered.history("#lab", said(2), said(3)) == ["CHATHISTORY AFTER #lab msgid=m3 100"]
    assert entered.history("#lab", said(4)) == ["CHATHISTORY AFTER #lab msgid=m4 100"]
    assert entered.history("#lab") == []
    assert numbers(entered) == [1, 2, 3, 4]
    assert entered.talk().unread == 3


def test_a_page_that_reaches_what_came_live_is_the_last(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    away(entered)
    entered.hear(said(3), said(4))
    assert entered.history("#lab", said(2), said(3)) == []
    assert numbers(entered) == [1, 2, 3, 4]
    assert away(entered) == ["CHATHISTORY AFTER #lab msgid=m4 100"]


def test_an_empty_room_is_asked_for_from_the_time_of_entering(entered: Dialogue) -> None:
    entered.history("#lab")
    assert away(entered) == ["CHATHISTORY AFTER #lab timestamp=2025-12-31T23:59:59.999Z 100"]


def test_a_history_that_forgot_our_place_is_asked_for_its_latest(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    away(entered)
    asked = entered.hear("FAIL CHATHISTORY INVALID_PARAMS AFTER #lab :Unknown msgid")
    assert asked == ["CHATHISTORY LATEST #lab * 100"]
    assert entered.history("#lab", said(8), said(9)) == ["CHATHISTORY BEFORE #lab msgid=m8 100"]
    assert entered.history("#lab") == []
    assert numbers(entered) == [1, 8, 9]
    assert HOLE in entered.texts()[entered.texts().index("1") :][: entered.texts().index("8")]


def test_a_history_that_is_refused_holds_nothing_up(entered: Dialogue) -> None:
    entered.hear(said(5))
    entered.hear("FAIL CHATHISTORY MESSAGE_ERROR LATEST #lab :Broken")
    assert numbers(entered) == [5]
    assert "Broken" not in entered.texts()


def test_who_is_removed_before_the_history_comes_does_not_lose_the_place(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    assert away(entered) == ["CHATHISTORY AFTER #lab msgid=m1 100"]
    entered.hear(":Борис!~b@h KICK #lab Анна")
    refused = ":srv FAIL CHATHISTORY INVALID_TARGET AFTER #lab :Messages could not be retrieved"
    assert entered.hear(refused) == []
    assert entered.enter_room() == ["CHATHISTORY AFTER #lab msgid=m1 100"]


def test_a_room_that_is_entered_again_after_its_closing_shows_what_it_had_shown(entered: Dialogue) -> None:
    entered.history("#lab", said(1), said(2))
    entered.session.close(entered.talk())
    entered.hear(":Анна!~a@h PART #lab")
    entered.session.enter_room("#lab", entered.state.server_talk)
    entered.enter_room()
    entered.hear(said(4))
    entered.history("#lab", said(1), said(2), said(2), said(3), said(4))
    assert numbers(entered) == [1, 2, 3, 4]


def test_a_history_that_never_comes_holds_nothing_up_for_long(entered: Dialogue) -> None:
    entered.hear(said(5))
    entered.now += PATIENCE + 1
    entered.session.tick()
    assert numbers(entered) == [5]


def test_a_second_loss_while_catching_up_loses_nothing(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    away(entered)
    entered.history("#lab", said(2))
    entered.hear(said(9))
    assert away(entered) == ["CHATHISTORY AFTER #lab msgid=m2 100"]
    entered.history("#lab", *map(said, range(3, 10)))
    entered.history("#lab")
    assert numbers(entered) == list(range(1, 10))


def test_private_talks_catch_up_too(entered: Dialogue) -> None:
    entered.history("#lab")
    entered.hear("@msgid=p1 :Вера!v@h PRIVMSG Анна :раз")
    entered.history("Вера")
    entered.lose()
    entered.connect()
    assert "CHATHISTORY AFTER Вера msgid=p1 100" in entered.welcome()
    entered.history("Вера", "@msgid=p2 :Вера!v@h PRIVMSG Анна :два")
    entered.history("Вера")
    assert [text for text in entered.texts("Вера") if text in ("раз", "два")] == ["раз", "два"]


def test_old_requests_in_the_history_are_not_answered(entered: Dialogue) -> None:
    assert entered.history("#lab", "@msgid=1 :Борис!~b@h PRIVMSG Анна :\x01VERSION\x01") == []
    assert entered.texts() == ["You are in #lab"]


def test_a_server_that_repeats_itself_is_not_asked_for_ever(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    away(entered)
    assert entered.history("#lab", said(2)) != []
    assert entered.history("#lab", said(2)) == ["CHATHISTORY LATEST #lab * 1"]
    assert entered.history("#lab", said(2)) == []
    assert numbers(entered) == [1, 2]
    away(entered)
    asked = [entered.history("#lab", said(number)) for number in range(10, 10 + 2 * MAX_PAGES)]
    assert len(list(filter(None, asked))) < MAX_PAGES + MAX_PAGES_BACK
    assert not entered.talk().is_catching_up
    assert HOLE in entered.texts()


def test_history_that_nobody_asked_for_is_ignored(entered: Dialogue) -> None:
    entered.history("#other", said(1))
    entered.history("#lab")
    entered.history("#lab", said(1))
    assert numbers(entered) == []


def test_batches_without_end_stay_bounded(entered: Dialogue) -> None:
    for number in range(500):
        entered.hear(f":srv BATCH +b{number} chathistory #lab")
    entered.hear(":srv BATCH -b3", ":srv BATCH -nonsense", ":srv BATCH", "BATCH +")
    assert "You are in #lab" in entered.texts()


def test_other_batches_are_no_obstacle(entered: Dialogue) -> None:
    entered.history("#lab")
    entered.hear(":srv BATCH +q netsplit a b", "@batch=q :Борис!~b@h QUIT :a b", ":srv BATCH -q")
    assert entered.last().text == "Servers have lost each other (a – b), and gone with that are: Борис"


def test_each_entry_of_a_page_is_counted_once_by_the_window(entered: Dialogue) -> None:
    entered.events.clear()
    entered.hear(said(2))
    entered.history("#lab", said(1), said(2))
    kinds = [type(event) for event in entered.events]
    assert EntriesReplaced in kinds
    assert EntryAdded not in kinds


def test_a_private_talk_whose_partner_takes_another_nick_meanwhile_loses_nothing(entered: Dialogue) -> None:
    entered.history("#lab")
    entered.hear(
        "@msgid=p1 :Борис!~b@h PRIVMSG Анна :важное",
        ":Борис!~b@h NICK Боря",
        "@msgid=p2 :Боря!~b@h PRIVMSG Анна :и ещё",
    )
    entered.say("вижу", "Боря")
    (line,) = entered.history("Борис", "@msgid=p1 :Борис!~b@h PRIVMSG Анна :важное")
    assert line.endswith(" PRIVMSG Боря вижу")
    said = [entry.text for entry in entered.talk("Боря").entries if entry.nick and entry.kind is Kind.MESSAGE]
    assert said == ["важное", "и ещё", "вижу"]
    entered.lose()
    entered.connect()
    entered.welcome()
    assert not entered.talk().is_catching_up


def test_a_refused_question_for_talks_disturbs_no_room(entered: Dialogue) -> None:
    assert entered.hear("FAIL CHATHISTORY INVALID_PARAMS TARGETS :Unknown subcommand") == []
    assert entered.talk().is_catching_up
    assert "Unknown subcommand" not in entered.texts()


def test_talks_are_looked_for_since_the_loss_though_the_greeting_bears_the_time(entered: Dialogue) -> None:
    entered.history("#lab")
    entered.lose()
    entered.connect()
    later = "@time=2026-01-01T12:00:00.000Z"
    entered.hear(f":srv CAP * LS :{CAPABILITIES}", f":srv CAP Анна ACK :{CAPABILITIES}")
    asked = entered.hear(f"{later} :srv 001 Анна :Welcome", f"{later} :srv 422 Анна :No MOTD")
    assert any(line.startswith("CHATHISTORY TARGETS timestamp=2025-12-31T23:59:59.999Z ") for line in asked)


def test_the_transcript_is_shown_anew_once_for_each_gap(entered: Dialogue) -> None:
    entered.hear(said(2))
    entered.say("моё")
    entered.collect()
    for line in (":srv BATCH +h chathistory #lab", f"@batch=h;{said(1)[1:]}", ":srv BATCH -h"):
        entered.session.handle(TransportReceived([parse(line)]))
    shown = [event for event in entered.state._events if isinstance(event, EntriesReplaced)]
    assert len(shown) == 1
    assert entered.texts() == ["1", "You are in #lab", "2", "моё"]


def test_an_echo_that_came_meanwhile_stands_behind_what_the_history_brings(entered: Dialogue) -> None:
    entered.history("#lab", said(1))
    (line,) = entered.say("моё")
    away(entered)
    tags, _space, rest = line.partition(" ")
    entered.hear(f"{tags};msgid=m3 :Анна!~a@h {rest}")
    entered.history("#lab", said(2))
    entered.history("#lab")
    entered.hear(said(4))
    assert [text for text in entered.texts() if text.isdigit() or text == "моё"] == ["1", "2", "моё", "4"]


@pytest.mark.faults
def test_a_line_that_goes_wrong_takes_no_held_line_with_it(
    entered: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = HANDLERS["PRIVMSG"]

    def show_most(state: ClientState, message: Message) -> Outcome | None:
        if message.param(1) == "2":
            raise KeyError(message)
        return show(state, message)

    monkeypatch.setitem(HANDLERS, "PRIVMSG", show_most)
    entered.hear(said(1), said(2), said(3))
    entered.history("#lab")
    assert numbers(entered) == [1, 3]


def at(stamp: str, number: int, *, msgid: bool = True) -> str:
    tags = f"time={stamp}" + (f";msgid=m{number}" if msgid else "")
    return f"@{tags} :Борис!~b@h PRIVMSG #lab :{number}"


@pytest.mark.parametrize(
    "stamp", ["2098-01-01T00:00:00.000Z", "zzz", "-1", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"]
)
@pytest.mark.parametrize("msgid", [True, False])
def test_a_time_that_cannot_be_spoils_nothing(entered: Dialogue, stamp: str, msgid: bool) -> None:
    entered.history("#lab")
    for second in range(8):
        entered.hear(at(f"2026-01-01T00:00:{second:02}.500Z", second, msgid=msgid))
    entered.hear(at(stamp, 8, msgid=msgid))
    entered.lose()
    entered.connect()
    (targets,) = [line for line in entered.welcome() if "TARGETS" in line]
    assert " timestamp=2026-01-01T00:00:07.4" in targets
    (asked,) = entered.enter_room()
    assert (
        asked == f"CHATHISTORY AFTER #lab {'msgid=m8' if msgid else 'timestamp=2026-01-01T00:00:06.999Z'} 100"
    )
    entered.history("#lab", *(at(f"2026-01-01T00:00:{one:02}.500Z", one, msgid=msgid) for one in (7, 9, 10)))
    assert numbers(entered) == list(range(9))
    entered.history("#lab")
    assert numbers(entered) == list(range(11))


def test_a_line_without_an_id_that_came_live_and_in_the_page_stands_once(entered: Dialogue) -> None:
    entered.hear(at("2026-01-01T00:00:01.250Z", 2, msgid=False))
    entered.history("#lab", *(at(f"2026-01-01T00:00:0{one}.250Z", one + 1, msgid=False) for one in (0, 1)))
    assert numbers(entered) == [1, 2]


def test_where_more_was_missed_than_is_fetched_there_is_no_silent_hole(
    entered: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.history.MAX_PAGES", 5)
    monkeypatch.setattr("client.history.MAX_PAGES_BACK", 4)
    entered.history("#lab", said(1))
    asked = away(entered)
    last = 2000
    pages = 0
    while asked:
        verb, reference = asked[0].split()[1], asked[0].split()[3]
        number = int(reference.partition("=m")[2] or last)
        first = number + 1 if verb == "AFTER" else max(2, number - 100 + (verb == "LATEST"))
        asked = entered.history("#lab", *(said(one) for one in range(first, min(first + 100, last + 1))))
        pages += 1
    assert pages == 9
    assert numbers(entered) == [*range(1, 502), *range(last - 399, last + 1)]
    texts = entered.texts()
    assert texts[texts.index(str(last - 399)) - 1] == HOLE
