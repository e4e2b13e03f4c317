"""Reading on where one stopped: what is new, who named the user, what a message answers, what is copied."""

import time
import tkinter as tk
from collections.abc import Iterator

import pytest

from client.model.conversations import Conversation, Entry, Kind
from gui.chat.transcript.transcript import Transcript
from gui.toolkit.theme import look_of
from tests.tools.windows import until

NOON = time.mktime((2026, 11, 22, 12, 0, 0, 0, 0, -1))


@pytest.fixture
def room() -> Conversation:
    """Sixty messages of two people; two of them name the user."""
    made = Conversation("#lab", is_room=True)
    made.entries.extend(said(at, f"строка {at}.", nick="Анна" if at % 2 else "Борис") for at in range(1, 61))
    for at in (31, 59):
        made.entries[at - 1].mention = True
    return made


@pytest.fixture
def transcript(root: tk.Tk) -> Iterator[Transcript]:
    root.geometry("600x300")
    made = Transcript(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.update()
    yield made
    made.destroy()


def said(key: int, text: str, nick: str = "Борис", kind: Kind = Kind.MESSAGE, **more: object) -> Entry:
    made = Entry(key, kind, NOON + key, nick, text, msgid=f"id{key}")
    for name, value in more.items():
        setattr(made, name, value)
    return made


def top(transcript: Transcript) -> str:
    transcript.update()
    return transcript.text.get("@0,0 linestart", "@0,0 lineend")


def line_of(transcript: Transcript, text: str) -> int:
    return transcript.plain().split("\n").index(text)


def test_a_line_stands_before_what_is_new_and_the_way_to_it_is_shown(
    transcript: Transcript, room: Conversation
) -> None:
    room.new_from = 20
    transcript.show(room)
    transcript.update()
    lines = transcript.plain().split("\n")
    assert lines.count("New messages") == 1
    assert lines[line_of(transcript, "New messages") + 2 :][:2] == ["12:00\tБорис", "\tстрока 20."]
    assert transcript._signposts.new.winfo_manager()
    transcript._signposts.new.invoke()
    assert top(transcript) == "New messages"
    assert not transcript._signposts.new.winfo_manager()
    assert not transcript.following
    room.new_from = None
    transcript.refresh()
    assert "New messages" not in transcript.plain()
    assert not transcript.to_first_new()


def test_mentions_are_visited_one_after_the_other_and_counted_until_they_are_seen(
    transcript: Transcript, room: Conversation
) -> None:
    room.new_from = 20
    transcript.show(room)
    transcript.update()
    assert transcript._signposts.mention.cget("text") == "@  1 mention"  # the other one is before the eyes
    shown = []
    while transcript.to_mention():
        start = transcript.text.tag_ranges("marked")[0]
        shown.append(transcript.text.get(f"{start} + 1 lines", f"{start} + 1 lines lineend"))
    assert shown == ["\tстрока 31.", "\tстрока 59."]
    transcript.update()
    assert not transcript._signposts.mention.winfo_manager()


def test_an_answer_quotes_what_it_answers_and_leads_there(transcript: Transcript, room: Conversation) -> None:
    asked: list[Entry] = []
    transcript.on_quote = asked.append
    code = said(61, "for x in y:\n    print(x)" + " " * 200 + "# и так далее" * 20)
    answers = [said(62, "да", reply_to="id2"), said(63, "нет", reply_to="id61"), said(64, "а", reply_to="x")]
    room.entries.extend([code, *answers])
    transcript.show(room)
    transcript.update()
    assert transcript.plain().count("↩ Борис: строка 2.\n\tда") == 1
    assert "↩ Борис: for x in y: print(x) # и так далее" in transcript.plain()
    assert "↩ an earlier message\n\tа" in transcript.plain()
    transcript.text.see("quote.first")
    transcript.update()
    x, y, _width, height = transcript.text.bbox("quote.first") or (0, 0, 0, 0)
    transcript.text.event_generate("<Button-1>", x=x + 2, y=y + height // 2)
    transcript.text.event_generate("<ButtonRelease-1>", x=x + 2, y=y + height // 2)
    assert asked == [answers[0]]
    original = room.entries[1]
    original.text, original.deleted_by = "", "Борис"
    transcript.update_entries((), [original])
    assert "↩ Борис: message deleted\n\tда" in transcript.plain()


def test_a_selection_over_several_messages_copies_them_whole(
    transcript: Transcript, room: Conversation, root: tk.Tk
) -> None:
    room.entries.clear()
    room.entries.extend(
        [
            said(1, "\tраз\n\t\tдва"),
            said(2, "машет", kind=Kind.ACTION),
            said(3, "Вера входит", nick="", kind=Kind.JOIN),
            said(4, "см. www.python.org/3"),
        ]
    )
    transcript.show(room)
    text = transcript.text
    whole = "[12:00] Борис: \tраз\n\t\tдва\n[12:00] * Борис машет\n[12:00] Вера входит\n"
    text.tag_add("sel", "1.0", "end-1c")
    text.event_generate("<<Copy>>")
    assert root.clipboard_get() == f"{whole}[12:00] Борис: см. www.python.org/3"
    assert root.tk.call("selection", "get") == root.clipboard_get()
    text.tag_remove("sel", "1.0", "end")
    text.tag_add("sel", "1.0", "3.0 lineend")  # the day, the name, and the first line
    assert transcript.selection() == "\tраз"
    text.tag_remove("sel", "1.0", "end")
    room.entries[0].time -= 86400
    transcript.show(None)
    transcript.show(room)
    text.tag_add("sel", "1.0", "end-1c")
    assert transcript.selection().startswith("[21.11.2026 12:00] Борис: \tраз")


def test_only_what_one_person_says_is_shown_until_something_else_is_looked_at(
    transcript: Transcript, room: Conversation
) -> None:
    transcript.show(room)
    transcript.show_only("анна")
    assert "Борис" not in transcript.plain()
    assert transcript.plain().count("строка") == 30
    transcript.update_entries([room.entries[-1]], ())
    transcript.mark(room.entries[1])
    until(transcript, lambda: "строка 2." in transcript.plain())
    assert transcript.only == ""


@pytest.mark.parametrize("family", ["DejaVu Sans", "Courier", "Helvetica"])
def test_what_is_said_begins_in_one_column_in_any_font(
    transcript: Transcript, room: Conversation, family: str
) -> None:
    look = look_of(transcript)
    before = look.fonts["small"].actual("family")
    for font in look.fonts.values():
        font.configure(family=family)
    look.fonts["small"].configure(size=look.size * 2)
    look.refresh()
    room.entries.append(said(400, "через время"))
    transcript.show(room)
    transcript.update()
    text = transcript.text
    begins = [*text.tag_ranges("nick")[::2], *text.tag_ranges("said")[::2]]
    columns = {box[0] for begin in begins if (box := text.bbox(begin))}
    for font in look.fonts.values():
        font.configure(family=before)
    assert len(columns) == 1


@pytest.mark.parametrize("tag", ["marked", "mention", "own"])
def test_the_ground_of_a_row_reaches_both_edges(transcript: Transcript, room: Conversation, tag: str) -> None:
    transcript.show(room)
    transcript.update()
    text = transcript.text
    assert (text.winfo_x(), text.winfo_width()) == (0, transcript.winfo_width())
    assert {int(text.cget(name)) for name in ("padx", "borderwidth", "highlightthickness")} == {0}
    ground = text.tag_cget(tag, "background")
    assert ground
    assert {str(text.tag_cget(tag, f"{side}margincolor")) for side in "lr"} == {ground}


def test_who_has_left_the_end_is_shown_the_way_back(transcript: Transcript, room: Conversation) -> None:
    transcript.show(room)
    transcript.update()
    end = transcript._signposts.end
    assert not end.winfo_ismapped()
    transcript.mark(room.entries[1])
    transcript.update()
    assert end.winfo_ismapped()
    assert end.cget("text") == "↓"
    end.invoke()
    transcript.update()
    assert transcript.following
    assert not end.winfo_ismapped()


def test_the_focus_of_the_transcript_is_seen_and_takes_no_space(transcript: Transcript, root: tk.Tk) -> None:
    def ring() -> list[tk.Misc]:
        return [one for one in transcript.winfo_children() if type(one) is tk.Frame and one.winfo_ismapped()]

    width = transcript.text.winfo_width()
    transcript.text.focus_force()
    until(transcript, lambda: len(ring()) == 4)
    assert transcript.text.winfo_width() == width
    root.focus_force()
    until(transcript, lambda: not ring())
