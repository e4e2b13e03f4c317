"""Nobody shares a colour with somebody in the room while colours are left, and everybody keeps his."""

import tkinter as tk

import pytest

from client.model.conversations import Conversation, Member
from client.settings import Settings
from gui.chat.name_colours import MAX_NAMES, NameColours
from gui.toolkit.palette import NAME_COLOURS, colour_number
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, until

ALIKE = [name for name in (f"nick{number}" for number in range(2000)) if colour_number(name) == 3]
"""Names that would all like to have one colour."""


@pytest.fixture
def room() -> Conversation:
    return Conversation("#lab", is_room=True)


@pytest.fixture
def colours() -> NameColours:
    return NameColours()


def enter(room: Conversation, *names: str) -> None:
    room.members |= {name: Member(name) for name in names}


def test_as_many_people_as_there_are_colours_have_all_of_them(
    room: Conversation, colours: NameColours
) -> None:
    names = ALIKE[:NAME_COLOURS]
    enter(room, *names)
    first = [colours.number(room, name) for name in names]
    assert first[0] == 3
    assert sorted(first) == list(range(NAME_COLOURS))
    enter(room, *ALIKE[10:20])
    assert colours.number(room, ALIKE[10]) == 3, "who must share has the colour of the name"
    assert [colours.number(room, name) for name in names] == first


def test_a_newcomer_has_the_colour_of_somebody_who_has_left(room: Conversation, colours: NameColours) -> None:
    names = ALIKE[:NAME_COLOURS]
    enter(room, *names)
    given = {name: colours.number(room, name) for name in names}
    gone = names[4]
    del room.members[gone]
    assert colours.number(room, gone) == given[gone], "what he has said stays in his colour"
    new = ALIKE[20]
    enter(room, new)
    assert colours.number(room, new) == given[gone]
    del room.members[names[7]]
    enter(room, gone)
    assert colours.number(room, gone) == given[names[7]], "he comes back, and his colour is another's"
    assert colours.number(room, gone) == given[names[7]]


def test_who_is_in_the_room_goes_before_authors_of_the_history(
    room: Conversation, colours: NameColours
) -> None:
    authors = ALIKE[:20]
    for name in authors:
        colours.number(room, name)
    present = authors[10:]
    enter(room, *present)
    given = [colours.number(room, name) for name in present]
    assert sorted(given) == list(range(NAME_COLOURS))
    assert [colours.number(room, name) for name in present] == given


def test_each_conversation_gives_its_own_and_a_crowd_does_not_fill_the_memory(
    room: Conversation, colours: NameColours
) -> None:
    enter(room, *ALIKE[:2])
    assert [colours.number(room, name) for name in ALIKE[:2]] == [3, 4]
    other = Conversation("#other", is_room=True)
    assert colours.number(other, ALIKE[1]) == 3
    for number in range(2 * MAX_NAMES):
        colours.number(room, f"passer-by{number}")
    assert len(colours._given[room].numbers) <= MAX_NAMES
    assert [colours.number(room, name) for name in ALIKE[:2]] == [3, 4]
    colours.forget(other)
    assert other not in colours._given


def test_the_list_and_the_transcript_have_the_same_colours(root: tk.Tk, irc: Irc) -> None:
    names = ALIKE[:4]
    others = [irc.client(name).enter() for name in names]
    with chat_window(root, Settings(language="en")) as window:
        enter_room(window, irc.address, ALIKE[5])
        for other in others:
            other.send("PRIVMSG #lab :hello from here")
        page = window.page
        until(root, lambda: window.transcript_text().count("hello from here") == len(names))
        palette = window.main_window.look.palette
        listed = {row.text: row.colour for row in page.members.list.rows}
        assert len(set(listed.values())) == len(names) + 1
        text = page.transcript.text
        for name in names:
            at = text.search(name, "1.0")
            while "nick" not in text.tag_names(at):
                at = text.search(name, f"{at}+1c")
            assert f"nick{palette.names.index(listed[name])}" in text.tag_names(at)
