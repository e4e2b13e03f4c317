"""What is loaded is searched like the server's history, a portion at a time."""

from client.search.loaded import PORTION, search_loaded
from client.search.sought import Sought
from tests.tools.dialogue import Dialogue


def found(dialogue: Dialogue, sought: Sought) -> list[str]:
    return [one.text for one in search_loaded(dialogue.state, sought) if one]


def test_the_newest_of_all_conversations_come_first(room: Dialogue) -> None:
    for second, line in enumerate(
        (
            ":Борис!b@h PRIVMSG #lab :Ещё раз",
            ":Вера!v@h PRIVMSG Анна :еще один",
            ":Борис!b@h PRIVMSG #lab :нет",
            ":Борис!b@h PRIVMSG #lab :ЕЩЁ",
        )
    ):
        asked = room.hear(f"@time=2026-01-02T00:00:0{second}.000Z {line}")
        if any("CHATHISTORY" in request for request in asked):
            room.history("Вера")
    assert found(room, Sought("ещё")) == ["ЕЩЁ", "еще один", "Ещё раз"]
    assert found(room, Sought("ещё", place="#lab")) == ["ЕЩЁ", "Ещё раз"]
    assert found(room, Sought("", nick="вера")) == ["еще один"]


def test_letters_that_must_be_composed_take_more_turns(room: Dialogue) -> None:
    decomposed = "и\u0306" * 1000
    for _ in range(30):
        room.hear(f":Борис!b@h PRIVMSG #lab :{decomposed}")
    assert len([step for step in search_loaded(room.state, Sought("я")) if step is None]) >= 10


def test_others_have_their_turn_in_between(room: Dialogue) -> None:
    for _ in range(30):
        room.hear(f":Борис!b@h PRIVMSG #lab :{'о' * (PORTION // 10)}")
    steps = list(search_loaded(room.state, Sought("я")))
    assert steps == [None] * len(steps)
    assert len(steps) >= 2
