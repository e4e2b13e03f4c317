"""Who has power in a room, for the menus and the marks: by PREFIX, and in a class by the server's role."""

import pytest

from tests.tools.dialogue import CAPABILITIES, ISUPPORT, Dialogue

RANKS = "PREFIX=(qaohv)~&@%+"
CLASS = f"{ISUPPORT} chat.lab/CLASS=#lab,#Группа\\x3D2"


def in_lab(isupport: str, members: str) -> Dialogue:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(CAPABILITIES, isupport)
    dialogue.enter_room("#lab", members)
    return dialogue


@pytest.mark.parametrize(
    ("mark", "rules"), [("~", True), ("&", True), ("@", True), ("%", True), ("+", False), ("", False)]
)
def test_every_rank_that_may_remove_others_has_the_menu(mark: str, rules: bool) -> None:
    dialogue = in_lab(ISUPPORT.replace("PREFIX=(ov)@+", RANKS), f"{mark}Анна Борис")
    assert dialogue.state.is_operator(dialogue.state.conversations["#lab"]) is rules


def test_the_operator_of_a_class_rules_every_room_until_he_is_none() -> None:
    dialogue = in_lab(CLASS, "Анна Борис")
    room = dialogue.state.conversations["#lab"]
    for gained, lost in (
        (":srv 381 Анна :You are", ":Анна!a@b MODE Анна -o"),
        (":Анна!a@b MODE Анна :+wo", ""),
    ):
        assert not dialogue.state.is_operator(room)
        dialogue.hear(gained)
        assert dialogue.state.is_operator(room)
        dialogue.hear(*([lost] if lost else []))
    dialogue.lose()
    dialogue.connect()
    assert not dialogue.state.is_server_operator


def test_the_operator_of_another_server_rules_where_he_has_a_mark() -> None:
    dialogue = in_lab(ISUPPORT, "Анна Борис")
    dialogue.hear(":srv 381 Анна :You are now an IRC operator")
    assert dialogue.state.is_server_operator
    assert not dialogue.state.is_operator(dialogue.state.conversations["#lab"])


def test_operators_are_teachers_in_the_rooms_of_the_class_alone() -> None:
    for isupport, is_teacher in ((CLASS, True), (ISUPPORT, False)):
        dialogue = in_lab(isupport, "@Анна +Борис Вера")
        state, room = dialogue.state, dialogue.state.conversations["#lab"]
        assert [member.nick for member in room.members.values() if state.is_teacher(room, member)] == (
            ["Анна"] if is_teacher else []
        )
        dialogue.enter_room("#other", "@Анна")
        other = state.conversations["#other"]
        assert not any(state.is_teacher(other, member) for member in other.members.values())
    dialogue = Dialogue(rooms=("#группа=2",))
    dialogue.connect()
    dialogue.welcome(CAPABILITIES, CLASS)
    dialogue.enter_room("#группа=2", "@Анна")
    assert dialogue.state.is_of_class(dialogue.state.conversations["#группа=2"])


def test_an_operators_password_is_not_sent_where_others_read_it() -> None:
    for isupport, sent in ((f"{CLASS} chat.lab/OPEN-WIRE", []), (CLASS, ["OPER t :chalk and cheese"])):
        dialogue = in_lab(isupport, "Анна Борис")
        dialogue.session.submit(dialogue.state.conversations["#lab"], "/oper t chalk and cheese")
        assert dialogue.sent() == sent
        entries = dialogue.state.conversations["#lab"].entries
        assert any("could read the password" in entry.text for entry in entries) is not bool(sent)
        assert not any("chalk" in entry.text for entry in entries)
