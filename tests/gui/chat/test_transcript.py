"""The transcript keeps its promises: bounded, safe, following only who is at its end."""

import re
import time
import tkinter as tk
from collections.abc import Iterator

import pytest

from client.model.conversations import DROP, MAX_BACK, MAX_ENTRIES, Conversation, Delivery, Entry, Kind
from gui.chat.searchbar import SearchBar
from gui.chat.transcript import AT_ONCE, MAX_FOUND, Transcript
from gui.toolkit.keys import add_editing
from gui.toolkit.links import open_link
from gui.toolkit.palette import colour_number
from gui.toolkit.theme import look_of
from tests.tools.windows import until


@pytest.fixture
def transcript(root: tk.Tk) -> Iterator[Transcript]:
    root.geometry("600x400")
    made = Transcript(root, look_of(root))
    made.pack(fill="both", expand=True)
    root.update()
    yield made
    made.destroy()


def entries(first: int, count: int, **more: object) -> list[Entry]:
    """Numbered messages, a second apart."""
    now = time.time()
    made = [
        Entry(key, Kind.MESSAGE, now + key, "Анна", f"сообщение {key}.")
        for key in range(first, first + count)
    ]
    for one in made:
        for name, value in more.items():
            setattr(one, name, value)
    return made


def numbers(transcript: Transcript) -> list[int]:
    """The numbers of the messages that are shown, in order."""
    return [int(number) for number in re.findall(r"сообщение (\d+)", transcript.plain())]


def at_end(transcript: Transcript) -> bool:
    transcript.update()
    return transcript.text.yview()[1] > 0.999


def fill(transcript: Transcript, conversation: Conversation, first: int, count: int) -> None:
    """Add messages as a session and a window do."""
    for start in range(first, first + count, 100):
        new = entries(start, 100)
        for entry in new:
            conversation.entries.append(entry)
            conversation.trim()
        transcript.add(new)
        transcript.drop_before(conversation.entries[0])


def test_a_transcript_is_bounded_and_drops_the_oldest(transcript: Transcript) -> None:
    fill(transcript, Conversation("#lab", is_room=True), 0, MAX_ENTRIES + 500)
    shown = numbers(transcript)
    assert len(shown) <= MAX_ENTRIES
    assert shown == list(range(MAX_ENTRIES + 500 - len(shown), MAX_ENTRIES + 500))


def test_nothing_leaves_for_a_while_under_the_eyes_of_who_reads_back(transcript: Transcript) -> None:
    conversation = Conversation("#lab", is_room=True)
    fill(transcript, conversation, 0, MAX_ENTRIES)
    told: list[bool] = []
    transcript.on_scrolled = lambda: told.append(not transcript.following)
    transcript.scroll("Home")
    transcript.scroll("Down")
    assert told == [True]
    conversation.reading_back = True
    fill(transcript, conversation, MAX_ENTRIES, MAX_BACK)
    assert numbers(transcript) == list(range(MAX_ENTRIES + MAX_BACK))
    fill(transcript, conversation, MAX_ENTRIES + MAX_BACK, 100)
    assert numbers(transcript) == list(range(DROP + 1, MAX_ENTRIES + MAX_BACK + 100))
    transcript.scroll("End")
    assert told == [True, False]


def first_line(transcript: Transcript) -> str:
    transcript.update()
    return transcript.text.get("@0,0 linestart", "@0,0 lineend")


def test_older_entries_come_above_what_is_read_and_move_nothing(transcript: Transcript) -> None:
    transcript.add(entries(100, 100))
    asked: list[str] = []
    transcript.on_top = lambda: asked.append(transcript.plain().split("\n")[0])
    transcript.scroll("Prior")
    assert asked == []
    transcript.scroll("Home")
    assert asked == ["Today"]
    transcript.add_before(entries(0, 100))
    assert numbers(transcript) == list(range(200))
    assert first_line(transcript).endswith("сообщение 100.")
    assert transcript.plain().count("Today") == 1
    assert transcript.plain().count("Анна") == 1
    assert not at_end(transcript)
    transcript.scroll("Up")
    assert len(asked) == 1
    transcript.drop_before(entries(150, 1)[0])
    assert numbers(transcript) == list(range(150, 200))


def test_older_entries_find_their_place_in_what_is_still_being_filled(transcript: Transcript) -> None:
    transcript.add_before(entries(MAX_ENTRIES, 3))
    assert numbers(transcript) == [MAX_ENTRIES, MAX_ENTRIES + 1, MAX_ENTRIES + 2]
    transcript.replace(entries(100, MAX_ENTRIES))
    transcript.add_before(entries(0, 100))
    until(transcript, lambda: numbers(transcript)[0] == 0)
    assert numbers(transcript) == list(range(100 + MAX_ENTRIES))
    until(transcript, lambda: at_end(transcript))


def test_a_whole_conversation_appears_in_order_without_stopping_the_window(transcript: Transcript) -> None:
    transcript.replace(entries(0, MAX_ENTRIES))
    assert 0 < len(numbers(transcript)) < MAX_ENTRIES
    transcript.add(entries(MAX_ENTRIES, 1))
    until(transcript, lambda: numbers(transcript)[0] <= 2 * DROP)
    shown = numbers(transcript)
    assert shown == list(range(shown[0], MAX_ENTRIES + 1))
    assert at_end(transcript)


def test_it_follows_new_entries_only_from_its_end(transcript: Transcript) -> None:
    transcript.add(entries(0, 100))
    assert at_end(transcript)
    transcript.scroll("Home")
    transcript.add(entries(100, 3))
    assert not at_end(transcript)
    buttons = [one for one in transcript.winfo_children() if one.winfo_class() == "TButton"]
    assert ["3 new messages" in str(one.cget("text")) for one in buttons] == [True]
    transcript.update()
    assert buttons[0].winfo_ismapped()
    transcript.scroll("End")
    transcript.update()
    assert not buttons[0].winfo_ismapped()
    transcript.add(entries(103, 1))
    assert at_end(transcript)


def test_ones_own_message_is_always_shown(transcript: Transcript) -> None:
    transcript.add(entries(0, 100))
    transcript.scroll("Home")
    transcript.add(entries(100, 1, own=True))
    assert at_end(transcript)


def test_it_stays_at_the_end_when_the_window_changes(transcript: Transcript, root: tk.Tk) -> None:
    transcript.add(entries(0, 100))
    root.geometry("300x250")
    root.update()
    assert at_end(transcript)


def test_sending_sent_and_failed_are_told_apart(transcript: Transcript) -> None:
    one, two = entries(0, 2, own=True, delivery=Delivery.SENDING)
    transcript.add([one, two])
    text = transcript.text
    assert len(text.tag_ranges("sending")) > 0
    one.delivery, two.delivery = Delivery.SENT, Delivery.FAILED
    transcript.change(one)
    transcript.change(two)
    assert not text.tag_ranges("sending")
    assert text.tag_ranges("failed")
    assert numbers(transcript) == [0, 1]
    assert "сообщение 1.  not delivered" in transcript.plain()
    assert transcript.plain().count("Анна") == 1


def test_a_change_of_an_entry_that_is_gone_is_ignored(transcript: Transcript) -> None:
    transcript.add(entries(0, 1))
    transcript.change(entries(7, 1)[0])
    assert numbers(transcript) == [0]


def test_what_is_said_cannot_be_edited_but_copied(transcript: Transcript, root: tk.Tk) -> None:
    transcript.add(entries(0, 2))
    before = transcript.plain()
    transcript.text.focus_force()
    for key in ("<Delete>", "<BackSpace>", "<Control-x>", "<Return>"):
        transcript.text.event_generate(key)
    root.update()
    assert transcript.plain() == before
    transcript.text.event_generate("<Control-a>")
    transcript.text.event_generate("<Control-c>")
    assert root.clipboard_get() == before


def test_typing_in_the_transcript_goes_to_the_input_line(transcript: Transcript, root: tk.Tk) -> None:
    typed: list[str] = []
    transcript.on_type = typed.append
    transcript.text.focus_force()
    root.update()
    transcript.text.event_generate("<Key>", keysym="a")
    root.update()
    assert typed == ["a"]


def test_a_click_on_a_link_opens_the_browser(
    transcript: Transcript, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    one = entries(0, 1)[0]
    one.text = "см. https://example.org/x. и дальше"
    transcript.add([one])
    root.update()
    box = transcript.text.bbox(transcript.text.search("example", "1.0"))
    assert box is not None
    transcript.text.event_generate("<Motion>", x=box[0] + 2, y=box[1] + 2)
    transcript.text.event_generate("<Button-1>", x=box[0] + 2, y=box[1] + 2)
    until(root, lambda: opened)
    assert opened == ["https://example.org/x"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "HTTP:/x"])
def test_only_web_pages_are_opened(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    open_link(url)
    assert opened == []


def test_search_counts_walks_and_ends(transcript: Transcript, root: tk.Tk) -> None:
    bar = SearchBar(root, look_of(root))
    closed: list[object] = []
    bar.bind("<<SearchClosed>>", closed.append)
    transcript.add(entries(0, 300))
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    bar.open(transcript)
    bar.entry.insert(0, "СООБЩЕНИЕ 29")
    bar.search()
    root.update()
    assert found_line(transcript) == "сообщение 299."
    bar.step(-1)
    assert found_line(transcript) == "сообщение 298."
    for _ in range(2):
        bar.step(1)
    assert found_line(transcript) == "сообщение 29."
    assert len(transcript.text.tag_ranges("found")) == 2 * 11
    bar.close()
    root.update()
    assert not transcript.text.tag_ranges("found")
    assert len(closed) == 1


def found_line(transcript: Transcript) -> str:
    start = transcript.text.tag_ranges("found now")[0]
    return transcript.text.get(f"{start} linestart", f"{start} lineend").split("\t")[-1]


def test_a_change_of_the_theme_reaches_every_colour(transcript: Transcript) -> None:
    look = look_of(transcript)
    transcript.add(entries(0, 1))
    look.set_theme("dark")
    text = transcript.text
    assert text.cget("background") == look.palette.window
    assert text.tag_cget(f"nick{colour_number('анна')}", "foreground") == look.palette.colour_of("анна")


def test_nothing_is_left_to_do_when_it_is_destroyed_half_filled(root: tk.Tk) -> None:
    transcript = Transcript(root, look_of(root))
    transcript.replace(entries(0, MAX_ENTRIES))
    transcript.destroy()
    assert root.tk.splitlist(root.tk.call("after", "info")) == ()


def test_what_goes_while_a_conversation_is_being_filled_in_leaves_nothing_to_do(
    transcript: Transcript, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(root, "report_callback_exception", lambda *fault: faults.append(fault))
    shown = entries(0, AT_ONCE + 50)
    for _ in range(2):
        transcript.replace(shown)
        root.update_idletasks()
    assert len(root.tk.splitlist(root.tk.call("after", "info"))) == 1
    transcript.drop_before(shown[60])
    until(root, lambda: not transcript._filling)
    assert numbers(transcript) == list(range(60, AT_ONCE + 50))
    transcript.replace(shown)
    transcript.replace([])
    until(root, lambda: not transcript._filling)
    assert faults == []


def test_search_takes_no_longer_where_there_is_more_to_find(transcript: Transcript) -> None:
    one = entries(0, 1)[0]
    one.text = "хахаха"
    transcript.add([one])
    assert transcript.find("ха") == 3
    transcript.show_found(1)
    assert [str(index).split(".")[1] for index in transcript.text.tag_ranges("found now")] == ["3", "5"]
    long = entries(1, 300)
    for entry in long:
        entry.text = "о" * 400
    transcript.add(long)
    assert transcript.find("о") == MAX_FOUND
    transcript.show_found(MAX_FOUND - 1)
    assert transcript.text.get(*transcript.text.tag_ranges("found now")) == "о"


def test_search_finds_what_came_after_it_began(transcript: Transcript, root: tk.Tk) -> None:
    bar = SearchBar(root, look_of(root))
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    bar.open(transcript)
    bar.entry.insert(0, "сообщение 7")
    bar.search()
    transcript.add(entries(0, 10))
    bar.step(-1)
    assert found_line(transcript) == "сообщение 7."
    bar.close()


def test_what_is_pasted_takes_the_place_of_what_is_selected(root: tk.Tk) -> None:
    field = tk.Text(root)
    add_editing(field)
    field.pack()
    root.clipboard_clear()
    root.clipboard_append("новое")
    field.insert("1.0", "старое")
    field.focus_force()
    root.update()
    field.event_generate("<Control-a>")
    field.event_generate("<Control-v>")
    root.update()
    assert field.get("1.0", "end-1c") == "новое"
    field.destroy()


def test_search_finds_the_right_letters_behind_an_emoji(transcript: Transcript) -> None:
    one = entries(0, 1)[0]
    one.text = "👩‍💻 😀 Привет 😀 и привет"
    transcript.add([one])
    assert transcript.find("ПРИВЕТ") == 2
    for index, expected in enumerate(["Привет", "привет"]):
        transcript.show_found(index)
        assert transcript.text.get(*transcript.text.tag_ranges("found now")) == expected
    assert transcript.find(".") == 0


def test_older_entries_move_nothing_though_one_has_scrolled_on(transcript: Transcript) -> None:
    transcript.add(entries(100, 200))
    transcript.scroll("Home")
    for _ in range(20):
        transcript.scroll("Down")
    before = first_line(transcript)
    transcript.add_before(entries(0, 100))
    assert first_line(transcript) == before
    transcript.add_before([])
    assert len(numbers(transcript)) == 300


def test_search_goes_on_from_where_it_was_though_older_entries_have_come(
    transcript: Transcript, root: tk.Tk
) -> None:
    bar = SearchBar(root, look_of(root))
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    transcript.add(entries(100, 100))
    bar.open(transcript)
    bar.entry.insert(0, "сообщение 1")
    bar.search()
    bar.step(-1)
    assert found_line(transcript) == "сообщение 198."
    transcript.add_before(entries(0, 100))
    bar.step(-1)
    assert found_line(transcript) == "сообщение 197."
    bar.close()
