"""What the client asks the server's search, and what it makes of the answers."""

from client.search.sought import Found, Reached, SearchAnswered, Sought
from protocol.message import parse, parse_tags
from tests.tools.dialogue import CAPABILITIES, Dialogue

NOON = "2026-01-01T12:00:00.000Z"


def enter(capabilities: str = f"{CAPABILITIES} soju.im/search") -> Dialogue:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(capabilities)
    dialogue.enter_room()
    dialogue.history("#lab")
    return dialogue


def answers(dialogue: Dialogue) -> list[SearchAnswered]:
    dialogue.collect()
    return [event for event in dialogue.events if isinstance(event, SearchAnswered)]


def attributes(line: str) -> dict[str, str]:
    message = parse(line)
    assert message.command == "SEARCH"
    return parse_tags(message.param(0))


def answer(dialogue: Dialogue, *lines: str, reached: str = "") -> None:
    """The server answers a search with these messages."""
    tags = f"@chat.lab/reached={NOON};chat.lab/reached-id={reached} " if reached else ""
    dialogue.hear(
        f"{tags}:srv BATCH +s soju.im/search",
        *(f"@batch=s;time={NOON};msgid=m{number} {line}" for number, line in enumerate(lines)),
        ":srv BATCH -s",
    )


def test_what_is_looked_for_is_asked_of_the_server() -> None:
    room = enter()
    room.session.search.ask(Sought("ещё слово;", "Борис", "#lab"), Reached("m9", 0.0))
    (line,) = room.sent()
    assert attributes(line) == {"text": "ещё слово;", "from": "Борис", "in": "#lab", "before": "msgid=m9"}


def test_what_is_found_is_told_and_stands_in_no_transcript() -> None:
    room = enter()
    before = room.texts("#lab")
    number = room.session.search.ask(Sought("ещё слово;"))
    answer(room, ":Борис!b@h PRIVMSG #lab :ещё слово; и", ":Анна!a@h PRIVMSG Борис :лично", reached="m7")
    (told,) = answers(room)
    assert (told.number, told.problem) == (number, "")
    assert told.reached
    assert told.reached.msgid == "m7"
    assert [(one.place, one.nick, one.text) for one in told.found] == [
        ("#lab", "Борис", "ещё слово; и"),
        ("Борис", "Анна", "лично"),
    ]
    assert told.found[0].msgid == "m0"
    assert room.texts("#lab") == before
    assert "борис" not in room.state.conversations


def test_answers_come_in_the_order_of_the_questions_refusals_too() -> None:
    room = enter()
    search = room.session.search
    numbers = [search.ask(Sought(text)) for text in "абв"]
    answer(room, ":Борис!b@h PRIVMSG #lab :а")
    room.hear(":srv FAIL SEARCH INVALID_PARAMS in :Messages could not be retrieved")
    room.hear(":srv 263 Анна SEARCH :Please wait a while and try again")
    told = answers(room)
    assert [one.number for one in told] == numbers
    assert [bool(one.problem) for one in told] == [False, True, True]


def test_what_stands_around_is_asked_for_on_both_sides() -> None:
    room = enter()
    room.session.search.ask_around(Found("#lab", "Борис", 0.0, "x", "m1", NOON))
    asked = [attributes(line) for line in room.sent()]
    assert [one.keys() - {"limit"} for one in asked] == [{"in", "before"}, {"in", "after"}]
    assert {one.get("before") or one["after"] for one in asked} == {NOON}


def test_our_own_server_is_asked_by_ids() -> None:
    room = enter(f"{CAPABILITIES} soju.im/search chat.lab/reclaim")
    room.session.search.ask_around(Found("#lab", "Борис", 0.0, "x", "m1", NOON))
    asked = [attributes(line) for line in room.sent()]
    assert {one.get("before") or one["after"] for one in asked} == {"msgid=m1"}


def test_a_loss_of_the_connection_and_a_silent_server_are_told() -> None:
    room = enter()
    silent = room.session.search.ask(Sought("а"))
    room.now += 61
    room.session.tick()
    assert [(one.number, bool(one.problem)) for one in answers(room)] == [(silent, True)]
    answer(room, ":Борис!b@h PRIVMSG #lab :поздно")
    assert len(answers(room)) == 1
    lost = room.session.search.ask(Sought("б"))
    room.lose()
    assert (answers(room)[-1].number, bool(answers(room)[-1].problem)) == (lost, True)
    assert not room.session.search.is_possible


def test_a_server_without_search_is_known_and_what_others_call_a_search_is_not_taken() -> None:
    room = enter(CAPABILITIES)
    assert not room.session.search.is_possible
    answer(room, ":Борис!b@h PRIVMSG #lab :незваное")
    assert answers(room) == []


def test_who_is_ignored_is_not_found() -> None:
    room = enter()
    room.say("/ignore Борис")
    room.session.search.ask(Sought("а"))
    answer(room, ":Борис!b@h PRIVMSG #lab :а")
    assert answers(room)[0].found == ()


def labels(dialogue: Dialogue) -> list[str]:
    return [parse(line).tags["label"] for line in dialogue.sent()]


def test_an_answer_that_never_comes_or_never_ends_takes_no_other_with_it() -> None:
    room = enter(f"{CAPABILITIES} soju.im/search labeled-response")
    search = room.session.search
    asked = [search.ask(Sought(text)) for text in "абв"]
    marks = labels(room)
    room.hear(
        f"@label={marks[1]} :srv BATCH +endless soju.im/search",
        "@batch=endless;msgid=1 :Борис!b@h PRIVMSG #lab :б",
        f"@label={marks[2]} :srv BATCH +s soju.im/search",
        "@batch=s;msgid=2 :Борис!b@h PRIVMSG #lab :в",
        "@batch=endless;msgid=3 :Борис!b@h PRIVMSG #lab :ещё б",
        ":srv BATCH -s",
    )
    (told,) = answers(room)
    assert (told.number, [one.text for one in told.found]) == (asked[2], ["в"])
    room.now += 61
    room.session.tick()
    late = {one.number: [each.text for each in one.found] for one in answers(room)[1:] if one.problem}
    assert late == {asked[0]: [], asked[1]: ["б", "ещё б"]}
    asked.append(search.ask(Sought("г")))
    room.hear(f"@label={labels(room)[0]} :srv BATCH +t soju.im/search", ":srv BATCH -t")
    assert answers(room)[-1].number == asked[3]


def test_a_refusal_is_that_of_the_question_whose_label_it_bears() -> None:
    room = enter(f"{CAPABILITIES} soju.im/search labeled-response")
    asked = [room.session.search.ask(Sought(text)) for text in "аб"]
    room.hear(f"@label={labels(room)[1]} :srv FAIL SEARCH INVALID_PARAMS in :No")
    assert [one.number for one in answers(room)] == asked[1:]


def test_what_was_found_before_the_connection_was_lost_is_told() -> None:
    room = enter()
    room.session.search.ask(Sought("а"))
    room.hear(":srv BATCH +s soju.im/search", "@batch=s;msgid=1 :Борис!b@h PRIVMSG #lab :а")
    room.lose()
    assert [one.text for one in answers(room)[0].found] == ["а"]


def test_of_another_room_or_person_than_was_asked_for_nothing_is_found() -> None:
    room = enter()
    lines = (":Борис!b@h PRIVMSG #другая :а", ":Вера!v@h PRIVMSG #lab :а", ":БОРИС!b@h PRIVMSG #LAB :а")
    room.session.search.ask(Sought("а", "Борис", "#lab"))
    answer(room, *lines)
    room.session.search.ask_around(Found("#lab", "Борис", 0.0, "x", "m1", NOON))
    answer(room, *lines)
    by_one, around = ([(one.nick, one.place) for one in told.found] for told in answers(room))
    assert by_one == [("БОРИС", "#LAB")]
    assert around == [("Вера", "#lab"), ("БОРИС", "#LAB")]


def test_what_was_said_where_no_conversation_can_be_called_so_is_not_found() -> None:
    room = enter()
    room.session.search.ask(Sought("а"))
    places = ("#\u202eabc", "#" + "ы" * 4000, "#\x07", "#a,b", "#lab")
    answer(room, *(f":Борис!b@h PRIVMSG {place} :а" for place in places))
    assert [one.place for one in answers(room)[0].found] == ["#lab"]
