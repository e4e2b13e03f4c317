"""What was asked on a connection that is lost dies with it: no answer on the next one is taken for its."""

from client.model.conversations import Asked
from tests.tools.dialogue import CAPABILITIES, Dialogue

BARE = "", "NETWORK=bare"
KEPT = {
    *("profile", "conversations", "unopened", "server_talk", "to_focus", "away_reason", "server_clock"),
    "asked_in",
    *(
        "talks_since",
        "talks_known",
        "shown",
        "ctcp_answers",
        "_clock",
        "timer",
        "_keys",
        "_recent_ids",
        "_events",
    ),
}
"""Of the client's state: what is the user's, or was seen, and goes on over a loss."""


def back(dialogue: Dialogue) -> None:
    """The connection is lost and comes back, as far as the greeting."""
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome()


def test_names_that_were_asked_for_before_a_loss_are_not_listed_after_it(room: Dialogue) -> None:
    room.say("/names")
    back(room)
    room.enter_room()
    assert not [text for text in room.texts() if "people in the room" in text]


def test_names_of_another_room_that_were_asked_for_before_a_loss_are_not_listed_after_it(
    room: Dialogue,
) -> None:
    room.say("/names #other")
    back(room)
    room.hear(":srv 353 Анна = #other :Вера Глеб", ":srv 366 Анна #other :End")
    assert not [text for text in room.texts() if "people in the room" in text]


def test_a_list_of_members_that_was_cut_in_the_middle_leaves_nobody_behind(room: Dialogue) -> None:
    room.hear(":srv 353 Анна = #lab :@Анна Борис Вера")
    back(room)
    room.enter_room(members="@Анна Борис")
    assert sorted(room.talk().members) == ["анна", "борис"]


def test_a_list_of_rooms_that_was_cut_in_the_middle_is_not_counted_on(room: Dialogue) -> None:
    room.say("/list")
    room.hear(":srv 322 Анна #a 1 :", ":srv 322 Анна #b 1 :")
    back(room)
    room.hear(":srv 322 Анна #c 1 :", ":srv 323 Анна :End")
    assert "1 room on the server" in room.texts()


def test_a_room_that_was_closed_just_before_a_loss_is_like_any_other_after_it(room: Dialogue) -> None:
    room.session.close(room.talk())
    back(room)
    room.hear(":Борис!~b@h PRIVMSG #lab :эй")
    assert room.texts("")[-1] == "эй"


def test_a_room_that_is_closed_during_a_loss_is_like_any_other_after_it(room: Dialogue) -> None:
    room.lose()
    room.session.close(room.talk())
    room.connect()
    room.welcome()
    room.hear(":Борис!~b@h PRIVMSG #lab :эй")
    assert room.texts("")[-1] == "эй"


def test_an_answer_about_members_that_was_asked_for_before_a_loss_is_shown_to_who_asks_after_it(
    room: Dialogue,
) -> None:
    room.hear(":Борис!b@h KICK #lab Анна", ":Анна!~a@h JOIN #lab")
    assert room.hear(":srv 353 Анна = #lab :Анна Борис", ":srv 366 Анна #lab :End") == ["WHO #lab"]
    back(room)
    room.hear(":srv 352 Анна #lab ~b h srv Борис G :0 Boris")
    assert any("Boris" in text for text in room.texts(""))


def test_a_page_that_had_begun_before_a_loss_is_asked_for_again(room: Dialogue) -> None:
    room.hear("@msgid=m1 :Борис!~b@h PRIVMSG #lab :первое")
    room.session.read_back(room.talk())
    room.hear(":srv BATCH +h chathistory #lab", "@batch=h;msgid=m0 :Борис!~b@h PRIVMSG #lab :нулевое")
    back(room)
    room.hear("@batch=h;msgid=m2 :Борис!~b@h PRIVMSG #lab :не из пачки", ":srv BATCH -h")
    assert "нулевое" not in room.texts()
    room.enter_room()
    room.history("#lab")
    room.history("#lab", "@msgid=m1 :Борис!~b@h PRIVMSG #lab :первое")
    room.session.read_back(room.talk())
    assert room.sent() == ["CHATHISTORY BEFORE #lab msgid=m1 100"]


def test_nothing_that_a_server_said_of_itself_is_believed_of_the_next_one() -> None:
    rich = Dialogue()
    rich.connect()
    rich.welcome(
        f"{CAPABILITIES} draft/multiline=max-bytes=9999 draft/message-redaction",
        "CASEMAPPING=rfc7613 PREFIX=(qov)~@+ CHANTYPES=#! STATUSMSG=@ WHOX BOT=B NICKLEN=99 LINELEN=2048",
    )
    rich.enter_room()
    rich.hear(":srv 332 Анна #lab :a topic", ":srv 322 Анна #a 1 :", "PING x", "ERROR :bye")
    rich.say("/whois Борис")
    rich.lose()
    rich.connect()
    rich.welcome(*BARE)
    bare = Dialogue()
    bare.connect()
    bare.welcome(*BARE)
    mine, fresh = vars(rich.state), vars(bare.state)
    assert mine.keys() == fresh.keys()
    for name in mine.keys() - KEPT - {"support", "questions"}:
        assert mine[name] == fresh[name], name
    assert vars(rich.state.support) == vars(bare.state.support)
    assert list(rich.state.questions._open) == list(bare.state.questions._open) == []
    for dialogue in (rich, bare):
        dialogue.enter_room()
    for name in ("joined", "topic", "members", "asked", "key", "wanted"):
        assert getattr(rich.talk(), name) == getattr(bare.talk(), name), name
    rich.lose()
    assert rich.talk().asked == Asked()


def test_rooms_to_begin_with_that_differ_in_brackets_are_two_until_the_server_says_otherwise() -> None:
    names = ("#a[]", "#a{}", "#Б", "#б")
    for mapping, wanted in (
        ("ascii", {"#a[]", "#a{}", "#Б", "#б"}),
        ("rfc1459", {"#a[]", "#Б", "#б"}),
        ("rfc7613", {"#a[]", "#a{}", "#Б"}),
    ):
        dialogue = Dialogue(rooms=names)
        dialogue.connect()
        asked = dialogue.welcome(isupport=f"CASEMAPPING={mapping} CHANTYPES=#")
        assert {line.partition(" ")[2] for line in asked if line.startswith("JOIN")} == wanted
    dialogue = Dialogue(rooms=names)
    dialogue.connect()
    assert "JOIN #a{}" not in dialogue.welcome(isupport="CHANTYPES=#")
