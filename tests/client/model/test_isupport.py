"""What a server may say of itself in 005, also oddly, emptily, or to take it back."""

import pytest

from client.model.isupport import ISupport
from protocol.names import fold, fold_ascii, fold_rfc1459, fold_rfc1459_strict


def told(*tokens: str) -> ISupport:
    support = ISupport()
    support.update(tokens)
    return support


@pytest.mark.parametrize(
    ("tokens", "folding"),
    [
        ((), fold_rfc1459),
        (("CASEMAPPING=rfc1459-strict",), fold_rfc1459_strict),
        (("CASEMAPPING=ASCII",), fold_ascii),
        (("CASEMAPPING=rfc7613",), fold),
        (("CASEMAPPING=koi8-r",), fold_rfc1459),
        (("CASEMAPPING=",), fold_rfc1459),
        (("CASEMAPPING=ascii", "-CASEMAPPING"), fold_rfc1459),
        (("CASEMAPPING=ascii", "CASEMAPPING=unheard-of"), fold_rfc1459),
    ],
)
def test_how_names_are_compared(tokens: tuple[str, ...], folding: object) -> None:
    assert told(*tokens).fold is folding


@pytest.mark.parametrize(
    ("tokens", "modes", "marks", "operators"),
    [
        ((), "ov", "@+", "@"),
        (("PREFIX=(qaohv)~&@%+",), "qaohv", "~&@%+", "~&@%"),
        (("PREFIX=",), "", "", ""),
        (("PREFIX",), "", "", ""),
        (("PREFIX=()",), "", "", ""),
        (("PREFIX=(v)+",), "v", "+", ""),
        (("PREFIX=(ohv)@+",), "ov", "@+", "@"),
        (("PREFIX=@+",), "ov", "@+", "@"),
        (("PREFIX=(qo)~@", "PREFIX=(o"), "ov", "@+", "@"),
        (("PREFIX=(qo)~@", "-PREFIX"), "ov", "@+", "@"),
    ],
)
def test_which_marks_members_have(tokens: tuple[str, ...], modes: str, marks: str, operators: str) -> None:
    support = told(*tokens)
    assert (support.prefix_modes, support.prefix_marks, support.operator_marks) == (modes, marks, operators)


@pytest.mark.parametrize(
    ("tokens", "rooms", "others"),
    [
        ((), ("#a", "&a"), ("a", "+a", "")),
        (("CHANTYPES=#",), ("#a",), ("&a",)),
        (("CHANTYPES=#!+",), ("!a", "+a"), ("&a",)),
        (("CHANTYPES=",), (), ("#a", "&a")),
        (("CHANTYPES=!", "-CHANTYPES"), ("#a", "&a"), ("!a",)),
    ],
)
def test_what_is_a_room(tokens: tuple[str, ...], rooms: tuple[str, ...], others: tuple[str, ...]) -> None:
    support = told(*tokens)
    assert all(support.is_channel(name) for name in rooms)
    assert not any(support.is_channel(name) for name in others)


@pytest.mark.parametrize(
    ("tokens", "target", "marks", "room"),
    [
        (("STATUSMSG=@+",), "@#lab", "@", "#lab"),
        (("STATUSMSG=@+",), "@+#lab", "@+", "#lab"),
        (("STATUSMSG=@+",), "#lab", "", "#lab"),
        (("STATUSMSG=@+",), "@Анна", "", "@Анна"),
        (("STATUSMSG=@",), "+#lab", "", "+#lab"),
        ((), "@#lab", "@", "#lab"),
        (("PREFIX=(qo)~@",), "~#lab", "~", "#lab"),
        (("STATUSMSG=",), "@#lab", "", "@#lab"),
        (("STATUSMSG=+", "CHANTYPES=#+"), "+lab", "", "+lab"),
        (("STATUSMSG=+", "CHANTYPES=#+"), "+#lab", "+", "#lab"),
        (("STATUSMSG=#@",), "##lab", "", "##lab"),
    ],
)
def test_to_whom_in_a_room_a_message_goes(
    tokens: tuple[str, ...], target: str, marks: str, room: str
) -> None:
    assert told(*tokens).split_status(target) == (marks, room)


@pytest.mark.parametrize(
    ("tokens", "with_parameter"),
    [
        ((), {"+b", "-b", "+k", "-k", "+l", "+o", "-v"}),
        (("CHANMODES=b,k,l,imnst",), {"+b", "-b", "+k", "-k", "+l", "+o", "-v"}),
        (("CHANMODES=",), {"+o", "-v"}),
        (("CHANMODES=,,j,", "PREFIX="), {"+j"}),
        (("CHANMODES=b",), {"+b", "-b", "+o", "-v"}),
        (("CHANMODES=b,k,l,i,extra,more",), {"+b", "-b", "+k", "-k", "+l", "+o", "-v"}),
    ],
)
def test_which_modes_have_a_parameter(tokens: tuple[str, ...], with_parameter: set[str]) -> None:
    support = told(*tokens)
    asked = [f"{sign}{letter}" for sign in "+-" for letter in "bkljiov"]
    found = {one for one in asked if support.takes_parameter(one[1], one[0] == "+")}
    assert found == with_parameter | ({"+o", "-o", "+v", "-v"} if "+o" in with_parameter else set())


@pytest.mark.parametrize("value", ["٣", "1_0", "+5", " 5", "-5", "²", ""])
def test_a_number_of_other_digits_is_as_if_it_had_not_been_said(value: str) -> None:
    support = ISupport()
    support.update([f"NICKLEN={value}"])
    assert support.number("NICKLEN", 30, 1, 100) == 30
