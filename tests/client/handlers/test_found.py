"""What the window itself asks, for the list of rooms and for a person's card, is noted and told nowhere."""

import pytest

from client.model.events import CardAsked, ListingChanged
from client.model.finding.listing import MAX_ROOMS
from client.model.questions import PATIENCE
from client.model.sanitize import MAX_WORDS, is_name
from tests.tools.dialogue import ISUPPORT, Dialogue
from tests.tools.irc import Irc
from tests.tools.users import Users


def listed(room: Dialogue) -> list[tuple[str, int, str]]:
    return [(one.name, one.people, one.topic) for one in room.state.listing.rooms]


def test_the_rooms_of_the_server_are_noted_as_they_come(room: Dialogue) -> None:
    before = room.texts(), room.texts("")
    room.say("/mode #физика")  # an open question about a room that the list names
    room.state.ask_for_rooms()
    assert room.sent() == ["LIST"]
    room.events.clear()
    room.hear(
        ":srv 321 Анна Channel :Users  Name",
        ":srv 322 Анна #lab 2 :Сокеты \x02и\x02 потоки",
        ":srv 322 Анна #физика 12 :",
    )
    assert listed(room) == [("#lab", 2, "Сокеты и потоки"), ("#физика", 12, "")]
    assert room.state.listing.is_coming
    assert [type(event) for event in room.events] == [ListingChanged]
    room.state.ask_for_rooms()
    assert room.sent() == []
    room.hear(":srv 322 Анна #пусто что-то :", ":srv 323 Анна :End of /LIST")
    assert not room.state.listing.is_coming
    assert listed(room)[2] == ("#пусто", 0, "")
    assert (room.texts(), room.texts("")) == before
    room.state.ask_for_rooms()
    assert len(listed(room)) == 3, "what is known stays until the server answers"
    room.hear(":srv 322 Анна #новая 1 :", ":srv 323 Анна :End of /LIST")
    assert listed(room) == [("#новая", 1, "")]
    room.lose()
    assert not listed(room)


def test_what_can_be_no_room_on_this_server_is_not_listed(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    names = ("+plus", "*", "#a,b", "#\u202ea", "#lab")
    room.hear(*(f":srv 322 Анна {name} 2 :" for name in names), ":srv 323 Анна :End of /LIST")
    assert listed(room) == [("#lab", 2, "")]


def test_a_list_that_does_not_go_on_can_be_asked_for_again(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    room.hear(":srv 322 Анна #a 5 :")
    room.sent()
    room.now += PATIENCE - 1
    room.state.ask_for_rooms()
    assert room.sent() == []
    room.hear(":srv 322 Анна #b 5 :")
    room.now += PATIENCE - 1
    room.state.ask_for_rooms()
    assert room.sent() == [], "it is slow, but it goes on"
    room.now += 2
    room.state.ask_for_rooms()
    assert room.sent() == ["LIST"]


def test_what_the_user_has_typed_is_told_as_before(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    room.say("/list")
    room.hear(":srv 322 Анна #a 5 :", ":srv 323 Анна :End of /LIST")
    assert not [text for text in room.texts() if "#a" in text]
    room.hear(":srv 322 Анна #b 5 :", ":srv 323 Анна :End of /LIST")
    assert room.texts()[-2:] == ["#b — 5 people", "1 room on the server"]
    assert listed(room) == [("#a", 5, "")]


def test_a_server_that_refuses_the_list_is_quoted_and_may_be_asked_again(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    room.sent()
    room.hear(":srv 263 Анна LIST :Please wait")
    assert "too busy for LIST" in room.state.listing.problem
    assert not room.state.listing.is_coming
    room.state.ask_for_rooms()
    assert room.sent() == ["LIST"]
    assert not room.state.listing.problem
    room.say("/list")
    room.hear(":srv 323 Анна :End", ":srv 322 Анна #b 5 :", ":srv 323 Анна :End of /LIST")
    assert "#b — 5 people" in room.texts()


@pytest.mark.parametrize(
    ("tokens", "asked"),
    [("ELIST=CMNTU", "LIST >1"), ("SAFELIST ELIST=CMNTU", "LIST"), ("ELIST=M", "LIST")],
)
def test_a_network_that_may_choke_on_the_list_is_asked_for_less(tokens: str, asked: str) -> None:
    room = Dialogue()
    room.connect()
    room.welcome(isupport=f"{ISUPPORT} {tokens}")
    room.state.ask_for_rooms()
    assert room.sent()[-1] == asked


def test_more_rooms_than_are_kept_are_cut_and_it_is_said(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    room.hear(*(f":srv 322 Анна #r{number} 1 :" for number in range(MAX_ROOMS + 1)), ":srv 323 Анна :End")
    assert len(listed(room)) == MAX_ROOMS
    assert room.state.listing.is_cut


def test_a_card_holds_what_whois_tells_and_keeps_lines_that_have_no_place(room: Dialogue) -> None:
    before = room.texts(), room.texts("")
    assert room.say("/whois борис") == ["WHOIS борис"]
    assert any(isinstance(event, CardAsked) for event in room.events)
    room.hear(
        ":srv 311 Анна Борис ~b host.example * :Борис Петров",
        ":srv 319 Анна Борис :@#lab +#физика",
        ":srv 319 Анна Борис :#ещё",
        ":srv 312 Анна Борис irc.example :A server",
        ":srv 313 Анна Борис :is an IRC operator",
        ":srv 330 Анна Борис boris :is logged in as",
        ":srv 338 Анна Борис 10.0.0.7 :is actually using host",
        ":srv 671 Анна Борис :is using a secure connection",
        ":srv 335 Анна Борис :is a bot",
        ":srv 301 Анна Борис :обед",
        ":srv 317 Анна Борис 300 999000 :seconds idle, signon time",
        ":srv 320 Анна Борис :is a rare bird",
        ":srv 742 Анна Борис :likes tea",
        ":srv 318 Анна Борис :End of /WHOIS list",
    )
    assert (room.texts(), room.texts("")) == before
    assert room.state.looked_up
    card = room.state.looked_up.card
    assert (card.nick, card.realname, card.address, card.host) == (
        *("Борис", "Борис Петров", "~b@host.example"),
        "10.0.0.7",
    )
    assert card.rooms == ["@#lab", "+#физика", "#ещё"]
    assert (card.server, card.account, card.away) == ("irc.example", "boris", "обед")
    assert card.is_operator
    assert card.is_encrypted
    assert card.is_bot
    assert card.since == 999000
    assert card.spoke == room.state.time - 300
    assert card.others == ["is a rare bird", "likes tea"]
    assert room.talk().members[room.state.fold("Борис")].bot


def test_what_is_no_part_of_the_answer_is_told_meanwhile(room: Dialogue) -> None:
    room.state.ask_for_rooms()
    room.state.ask_for_card("Борис")
    room.hear(":srv 322 Анна #a 5 :", ":srv 311 Анна Борис b h * :Борис")
    room.say("/invite Борис")
    room.hear(":srv 341 Анна Борис #lab")
    assert room.last().text == "Борис is invited to #lab."
    room.hear(":srv 441 Анна Борис #lab :They aren't on that channel")
    assert "Борис is not in #lab" in room.last().text
    room.hear(":srv 800 Анна :something new")
    assert [text for text in (*room.texts(""), *room.texts()) if "something new" in text]
    room.hear(":srv 318 Анна Борис :End")
    assert room.state.looked_up
    assert room.state.looked_up.is_known
    assert not room.state.looked_up.problem
    assert not room.state.looked_up.card.others


def test_no_time_that_a_server_invents_breaks_a_card(room: Dialogue) -> None:
    room.state.ask_for_card("Борис")
    room.hear(f":srv 317 Анна Борис {10**30} {10**30} :x", f":srv 317 Анна Борис 5 {10**11 - 1} :x")
    assert room.state.looked_up
    since = room.state.looked_up.coming.since
    assert since is not None
    assert since <= room.state.time


def test_a_server_that_says_too_much_makes_no_card_that_cannot_be_drawn(room: Dialogue) -> None:
    long = "слово" * 800
    room.say("/whois борис")
    room.hear(
        f":srv 311 Анна Борис {long} {long} * :{long}",
        f":srv 319 Анна Борис :{long} {long}",
        f":srv 312 Анна Борис {long} :x",
        f":srv 330 Анна Борис {long} :is logged in as",
        f":srv 338 Анна Борис {long} {long} :Actual host",
        f":srv 301 Анна Борис :{long}",
        *[f":srv 320 Анна Борис :{long}"] * 20,
        ":srv 318 Анна Борис :End",
    )
    asked = room.state.looked_up
    assert asked
    card = asked.card
    told = (card.realname, card.address, card.host, card.server, card.account, card.away)
    for words in (*told, *card.rooms, *card.others):
        assert 0 < len(words) <= MAX_WORDS
    room.state.ask_for_rooms()
    room.hear(f":srv 263 Анна LIST :{long}")
    assert 0 < len(room.state.listing.problem) <= MAX_WORDS


def test_a_card_that_is_asked_for_again_is_not_mixed_with_the_first_answer(room: Dialogue) -> None:
    answer = [
        ":srv 311 Анна Борис b h * :Б",
        ":srv 319 Анна Борис :#lab",
        ":srv 318 Анна Борис :End of /WHOIS list",
    ]
    room.state.ask_for_card("Борис")
    room.state.ask_for_card("Борис")
    room.hear(*answer)
    room.hear(*answer)
    assert room.state.looked_up
    assert room.state.looked_up.card.rooms == ["#lab"]


def test_who_has_gone_or_is_called_otherwise_is_known(room: Dialogue) -> None:
    room.state.ask_for_card("Борис")
    room.hear(":srv 311 Анна Борис b h * :Борис", ":srv 318 Анна Борис :End of /WHOIS list")
    asked = room.state.looked_up
    assert asked
    room.hear(":Борис!b@h NICK Боря")
    assert asked.nick == "Боря"
    room.hear(":Боря!b@h QUIT :пока")
    assert asked.is_gone
    assert asked.card.realname == "Борис"
    room.state.ask_for_card("Боря")
    room.hear(":srv 401 Анна Боря :No such nick", ":srv 318 Анна Боря :End of /WHOIS list")
    assert asked.is_gone
    room.state.ask_for_card("Вера")
    room.state.ask_for_card("Глеб")
    room.hear(":srv 401 Анна Вера :No such nick")
    assert room.state.looked_up
    assert not room.state.looked_up.is_gone, "it was another who is not there"
    room.hear(":srv 263 Анна WHOIS :Please wait")
    assert "too busy for WHOIS" in room.state.looked_up.problem


def test_a_card_takes_no_name_about_which_nobody_could_be_asked(room: Dialogue) -> None:
    room.state.ask_for_card("а，б")
    asked = room.state.looked_up
    assert asked
    room.hear(":srv 311 Анна а,б b h * :Борис", ":srv 318 Анна а,б :End of /WHOIS list")
    for name in ("а,б", "\u202eа", "ы" * 300):
        room.hear(f":а，б!b@h NICK {name}")
        assert is_name(asked.nick), ascii(name)
    assert asked.card.realname == "Борис"


def test_our_own_server_tells_all_of_it(irc: Irc, meet: Users) -> None:
    anna, _boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    irc.client("Вера").enter("#одна")
    state = anna.session.state
    state.ask_for_rooms()
    state.ask_for_card("Борис")
    anna.wait(lambda: state.looked_up and state.looked_up.is_known and not state.listing.is_coming)
    assert [(one.name, one.people) for one in state.listing.rooms] == [("#lab", 2), ("#одна", 1)]
    assert state.looked_up
    card = state.looked_up.card
    assert card.rooms
    assert card.since
    assert card.spoke
    assert card.realname
    assert not card.others
