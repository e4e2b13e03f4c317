"""The transcript keeps its promises: bounded, safe, following only who is at its end."""

import re
import time
import tkinter as tk
from collections.abc import Iterator

import pytest

from client.model.conversations import MAX_BACK, MAX_ENTRIES, Conversation, Delivery, Entry, Kind
from gui.chat.bars.searchbar import SearchBar
from gui.chat.transcript.drawing import PORTION, QUOTE_COST
from gui.chat.transcript.finding import MAX_FOUND
from gui.chat.transcript.quoting import Quotes, quoted
from gui.chat.transcript.transcript import Transcript
from gui.toolkit.keys import add_editing
from gui.toolkit.links import open_link
from gui.toolkit.palette import colour_number
from gui.toolkit.theme import FontName, look_of
from tests.tools.windows import until
from translations import use_language


@pytest.fixture
def room() -> Conversation:
    return Conversation("#lab", is_room=True)


@pytest.fixture
def transcript(root: tk.Tk, room: Conversation) -> Iterator[Transcript]:
    root.geometry("600x400")
    made = Transcript(root, look_of(root))
    made.pack(fill="both", expand=True)
    made.show(room)
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


def add(transcript: Transcript, new: list[Entry]) -> None:
    """Add messages as a session and a window do."""
    assert transcript.conversation
    for entry in new:
        transcript.conversation.entries.append(entry)
        transcript.conversation.trim()
    transcript.update_entries(new, ())


def add_before(transcript: Transcript, old: list[Entry]) -> None:
    """Add older messages as a session and a window do."""
    assert transcript.conversation
    transcript.conversation.entries.extendleft(reversed(old))
    transcript.refresh()


def finish(transcript: Transcript) -> None:
    """Wait until everything is drawn."""
    until(transcript, lambda: transcript._pending is None)


def numbers(transcript: Transcript) -> list[int]:
    """The numbers of the messages that are shown, in order."""
    return [int(number) for number in re.findall(r"сообщение (\d+)", transcript.plain())]


def at_end(transcript: Transcript) -> bool:
    transcript.update()
    return transcript.text.yview()[1] > 0.999


def test_a_transcript_is_bounded_and_drops_the_oldest(transcript: Transcript) -> None:
    for start in range(0, MAX_ENTRIES + 500, 100):
        add(transcript, entries(start, 100))
    finish(transcript)
    shown = numbers(transcript)
    assert len(shown) <= MAX_ENTRIES
    assert shown == list(range(MAX_ENTRIES + 500 - len(shown), MAX_ENTRIES + 500))


def test_nothing_leaves_for_a_while_under_the_eyes_of_who_reads_back(
    transcript: Transcript, room: Conversation
) -> None:
    for start in range(0, MAX_ENTRIES, 100):
        add(transcript, entries(start, 100))
    finish(transcript)
    told: list[bool] = []
    transcript.on_scrolled = lambda: told.append(not transcript.following)
    transcript.scroll("Home")
    transcript.scroll("Down")
    assert told == [True]
    room.reading_back = True
    for start in range(MAX_ENTRIES, MAX_ENTRIES + MAX_BACK, 100):
        add(transcript, entries(start, 100))
    finish(transcript)
    assert numbers(transcript) == list(range(MAX_ENTRIES + MAX_BACK))
    add(transcript, entries(MAX_ENTRIES + MAX_BACK, 100))
    finish(transcript)
    assert numbers(transcript)[-1] == MAX_ENTRIES + MAX_BACK + 99
    assert len(numbers(transcript)) == len(room.entries) <= MAX_ENTRIES + MAX_BACK
    transcript.scroll("End")
    assert told == [True, False]


def first_line(transcript: Transcript) -> str:
    transcript.update()
    return transcript.text.get("@0,0 linestart", "@0,0 lineend")


def test_older_entries_come_above_what_is_read_and_move_nothing(transcript: Transcript) -> None:
    add(transcript, entries(100, 100))
    asked: list[str] = []
    transcript.on_top = lambda: asked.append(transcript.plain().split("\n")[0])
    transcript.scroll("Prior")
    assert asked == []
    transcript.scroll("Home")
    assert asked == ["Today"]
    add_before(transcript, entries(0, 100))
    assert numbers(transcript) == list(range(200))
    assert first_line(transcript).endswith("сообщение 100.")
    assert transcript.plain().count("Today") == 1
    assert transcript.plain().count("Анна") == 1
    assert not at_end(transcript)
    transcript.scroll("Up")
    assert len(asked) == 1
    assert transcript.conversation
    for _ in range(150):
        transcript.conversation.entries.popleft()
    transcript.refresh()
    assert numbers(transcript) == list(range(150, 200))


def test_entries_find_their_place_whatever_is_not_drawn_yet(
    transcript: Transcript, room: Conversation
) -> None:
    known = entries(0, MAX_ENTRIES)
    room.entries.extend(known[100:1000])
    transcript.refresh()
    room.entries.extendleft(reversed(known[:100]))
    room.entries.extend(known[1100:])
    transcript.refresh()
    for entry in reversed(known[1000:1100]):  # what was said in a gap
        room.entries.insert(1000, entry)
    transcript.refresh()
    shown = numbers(transcript)
    assert 0 < len(shown) < MAX_ENTRIES
    assert shown == sorted(shown)
    finish(transcript)
    assert numbers(transcript) == list(range(MAX_ENTRIES))
    assert transcript.plain().count("Today") <= 1
    room.entries.append(known[5])
    room.entries.remove(known[5])  # the first that is equal: it goes to the end
    transcript.refresh()
    finish(transcript)
    assert numbers(transcript)[:6] == [0, 1, 2, 3, 4, 6]
    assert numbers(transcript)[-1] == 5
    assert at_end(transcript)


def test_what_the_user_looks_at_comes_first(transcript: Transcript, room: Conversation) -> None:
    other = Conversation("#other", is_room=True)
    other.entries.extend(entries(0, MAX_ENTRIES))
    transcript.show(other)
    assert numbers(transcript)[-1] == MAX_ENTRIES - 1
    assert 0 < len(numbers(transcript)) < MAX_ENTRIES
    finish(transcript)
    transcript.scroll("Home")
    for _ in range(10):
        transcript.scroll("Next")
    before = first_line(transcript)
    transcript.show(room)
    assert numbers(transcript) == []
    other.entries.extend(entries(MAX_ENTRIES, 3))
    transcript.show(other)
    assert 0 < len(numbers(transcript)) < MAX_ENTRIES
    assert first_line(transcript) == before
    finish(transcript)
    assert first_line(transcript) == before
    assert transcript._missed == 3
    assert numbers(transcript) == list(range(MAX_ENTRIES + 3))


def test_another_language_moves_nothing_and_reaches_every_word_of_ours(
    transcript: Transcript, room: Conversation
) -> None:
    room.entries.extend(entries(0, 1000))
    room.entries[500].delivery = Delivery.FAILED
    transcript.refresh()
    finish(transcript)
    transcript.scroll("Home")
    for _ in range(10):
        transcript.scroll("Next")
    before = first_line(transcript)
    use_language("ru")
    look_of(transcript).refresh()
    finish(transcript)
    assert first_line(transcript) == before
    assert "Сегодня" in transcript.plain()
    assert "Today" not in transcript.plain()
    assert "500.  не доставлено" in transcript.plain()
    assert numbers(transcript) == list(range(1000))


def test_no_portion_costs_more_than_is_set(
    transcript: Transcript, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserted: list[int] = []
    insert = transcript.text.insert

    def watch(index: str, *flat: str) -> None:
        inserted[-1] += sum(len(text) for text in flat[::2])
        insert(index, *flat)

    monkeypatch.setattr(transcript.text, "insert", watch)
    work = transcript._work

    def count() -> None:
        inserted.append(0)
        work()

    monkeypatch.setattr(transcript, "_work", count)
    room.entries.extend(entries(0, 1000))
    for number in range(0, 1000, 10):
        room.entries[number].text = "слово " * 1000
    transcript.refresh()
    finish(transcript)
    assert len(inserted) > 30
    assert max(inserted) < 2 * PORTION
    inserted.clear()
    for entry in room.entries:
        entry.delivery = Delivery.FAILED
    transcript.update_entries((), room.entries)
    finish(transcript)
    assert len(inserted) > 30
    assert max(inserted) < 2 * PORTION
    assert transcript.plain().count("not delivered") == 1000


def test_the_quotes_of_many_answers_are_fitted_in_portions_when_the_window_changes(
    root: tk.Tk, transcript: Transcript, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, entry in enumerate(entries(0, 400)):
        entry.text = f"{number} слово " * 20
        entry.msgid, entry.reply_to = str(number), str(number - 1) if number % 2 else ""
        room.entries.append(entry)
    transcript.refresh()
    finish(transcript)
    wide = transcript.plain()
    fitted: list[int] = []
    shorten, work = transcript._look.shorten, transcript._work

    def watch(text: str, name: FontName, width: int) -> str:
        fitted[-1] += 1
        return shorten(text, name, width)

    def count() -> None:
        fitted.append(0)
        work()

    monkeypatch.setattr(transcript._look, "shorten", watch)
    monkeypatch.setattr(transcript, "_work", count)
    root.geometry("350x400")
    until(root, lambda: sum(fitted) >= 200)
    finish(transcript)
    assert max(fitted) <= 2 * PORTION // QUOTE_COST
    assert len(transcript.plain()) < len(wide)


def test_what_is_quoted_is_fitted_once_while_it_is_shown() -> None:
    quotes, fitted = Quotes(), list[str]()

    def fit(line: str) -> str:
        fitted.append(line)
        return line

    said, answers = entries(0, 300), entries(1000, 300)
    for number, (entry, answer) in enumerate(zip(said, answers, strict=True)):
        entry.msgid = answer.reply_to = str(number)
    for first in range(0, 200, 10):
        quotes.note(said[first : first + 100])
        for answer in answers[first : first + 100]:
            assert quotes.fitted(answer, fit)
    assert len(fitted) == len(set(fitted))


@pytest.mark.parametrize(
    ("text", "shown"), [("*так* " * 1000, "так " * 25 + "…"), (" " * 5000 + "а", "…"), ("*а*\nб", "*а* б")]
)
def test_of_a_long_message_the_beginning_is_quoted(text: str, shown: str) -> None:
    assert quoted(Entry(1, Kind.MESSAGE, 0.0, "Анна", text)) == f"Анна: {shown}"


def test_it_follows_new_entries_only_from_its_end(transcript: Transcript) -> None:
    add(transcript, entries(0, 100))
    assert at_end(transcript)
    transcript.scroll("Home")
    add(transcript, entries(100, 3))
    assert not at_end(transcript)
    buttons = [one for one in transcript.winfo_children() if one.winfo_class() == "TButton"]
    assert [one.cget("text") for one in buttons if one.winfo_manager()] == ["↓  3 new messages"]
    transcript.update()
    assert [one.winfo_ismapped() for one in buttons] == [0, 1, 0]
    transcript.scroll("End")
    transcript.update()
    assert not any(one.winfo_ismapped() for one in buttons)
    add(transcript, entries(103, 1))
    assert at_end(transcript)


def test_ones_own_message_is_always_shown(transcript: Transcript) -> None:
    add(transcript, entries(0, 100))
    transcript.scroll("Home")
    add(transcript, entries(100, 1, own=True))
    assert at_end(transcript)


def test_it_stays_at_the_end_when_the_window_changes(transcript: Transcript, root: tk.Tk) -> None:
    add(transcript, entries(0, 100))
    root.geometry("300x250")
    root.update()
    assert at_end(transcript)


def test_sending_sent_and_failed_are_told_apart(transcript: Transcript) -> None:
    one, two = entries(0, 2, own=True, delivery=Delivery.SENDING)
    add(transcript, [one, two])
    text = transcript.text
    assert len(text.tag_ranges("sending")) > 0
    one.delivery, two.delivery = Delivery.SENT, Delivery.FAILED
    transcript.update_entries((), [one, two])
    assert not text.tag_ranges("sending")
    assert text.tag_ranges("failed")
    assert numbers(transcript) == [0, 1]
    assert "сообщение 1.  not delivered" in transcript.plain()
    assert transcript.plain().count("Анна") == 1


def test_a_change_of_an_entry_that_is_gone_is_ignored(transcript: Transcript) -> None:
    add(transcript, entries(0, 1))
    transcript.update_entries((), entries(7, 1))
    assert numbers(transcript) == [0]


def test_what_is_said_cannot_be_edited_but_copied(transcript: Transcript, root: tk.Tk) -> None:
    two = entries(0, 2)
    add(transcript, two)
    before = transcript.plain()
    transcript.text.focus_force()
    for key in ("<Delete>", "<BackSpace>", "<Control-x>", "<Return>"):
        transcript.text.event_generate(key)
    root.update()
    assert transcript.plain() == before
    transcript.text.event_generate("<Control-a>")
    transcript.text.event_generate("<Control-c>")
    clock = [time.strftime("%H:%M", time.localtime(one.time)) for one in two]
    assert root.clipboard_get() == "\n".join(f"[{clock[at]}] Анна: сообщение {at}." for at in (0, 1))


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
    add(transcript, [one])
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
    bar = SearchBar(root, look_of(root), transcript)
    closed: list[object] = []
    bar.bind("<<SearchClosed>>", closed.append)
    add(transcript, entries(0, 300))
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    bar.open()
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
    add(transcript, entries(0, 1))
    look.set_theme("dark")
    text = transcript.text
    assert text.cget("background") == look.palette.window
    assert (
        text.tag_cget(f"nick{colour_number('анна')}", "foreground")
        == look.palette.names[colour_number("анна")]
    )


def test_nothing_is_left_to_do_when_it_is_destroyed_half_filled(root: tk.Tk, room: Conversation) -> None:
    transcript = Transcript(root, look_of(root))
    room.entries.extend(entries(0, MAX_ENTRIES))
    transcript.show(room)
    transcript.destroy()
    assert root.tk.splitlist(root.tk.call("after", "info")) == ()


def test_what_goes_while_a_conversation_is_being_filled_in_leaves_nothing_to_do(
    transcript: Transcript, root: tk.Tk, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(root, "report_callback_exception", lambda *fault: faults.append(fault))
    room.entries.extend(entries(0, MAX_ENTRIES))
    for _ in range(2):
        transcript.refresh()
        root.update_idletasks()
    assert len(root.tk.splitlist(root.tk.call("after", "info"))) == 1
    for _ in range(60):
        room.entries.popleft()
    finish(transcript)
    assert numbers(transcript) == list(range(60, MAX_ENTRIES))
    room.entries.clear()
    transcript.refresh()
    finish(transcript)
    assert transcript.plain().strip() == ""
    assert faults == []


def now_found(transcript: Transcript) -> str:
    return transcript.text.get(*transcript.text.tag_ranges("found now"))


def test_search_takes_no_longer_where_there_is_more_to_find(transcript: Transcript) -> None:
    one = entries(0, 1)[0]
    one.text = "хахаха"
    add(transcript, [one])
    transcript.find("ха")
    assert transcript.found_now == (3, 3)
    transcript.find_next(-1)
    assert [str(index).split(".")[1] for index in transcript.text.tag_ranges("found now")] == ["3", "5"]
    long = entries(1, 300)
    for entry in long:
        entry.text = "о" * 20_000
    add(transcript, long)
    transcript.find("о")
    assert transcript.found_now == (MAX_FOUND, MAX_FOUND)
    assert now_found(transcript) == "о"
    assert len(transcript._finding._known) == 1


def test_search_goes_through_everything_a_portion_at_a_time(
    transcript: Transcript, room: Conversation
) -> None:
    room.entries.extend(entries(0, MAX_ENTRIES))
    room.entries[3].text = "иголка"
    transcript.find("иголка")
    assert transcript.is_searching
    assert transcript.found_now == (0, 0)
    until(transcript, lambda: not transcript.is_searching)
    assert transcript.found_now == (1, 1)
    transcript.update()
    assert now_found(transcript) == "иголка"
    assert transcript.text.bbox(transcript.text.tag_ranges("found now")[0])


def test_search_finds_what_came_after_it_began(transcript: Transcript, root: tk.Tk) -> None:
    bar = SearchBar(root, look_of(root), transcript)
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    bar.open()
    bar.entry.insert(0, "сообщение 7")
    bar.search()
    add(transcript, entries(0, 10))
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
    add(transcript, [one])
    transcript.find("ПРИВЕТ")
    for expected in ("привет", "Привет"):
        assert now_found(transcript) == expected
        transcript.find_next(-1)
    transcript.find(".")
    assert transcript.found_now == (0, 0)


def test_older_entries_move_nothing_though_one_has_scrolled_on(transcript: Transcript) -> None:
    add(transcript, entries(100, 200))
    transcript.scroll("Home")
    for _ in range(20):
        transcript.scroll("Down")
    before = first_line(transcript)
    add_before(transcript, entries(0, 100))
    assert first_line(transcript) == before
    add_before(transcript, [])
    assert len(numbers(transcript)) == 300


def test_search_goes_on_from_where_it_was_though_older_entries_have_come(
    transcript: Transcript, root: tk.Tk
) -> None:
    bar = SearchBar(root, look_of(root), transcript)
    bar.grid = bar.pack  # type: ignore[method-assign]
    bar.grid_remove = bar.pack_forget  # type: ignore[method-assign]
    add(transcript, entries(100, 100))
    bar.open()
    bar.entry.insert(0, "сообщение 1")
    bar.search()
    bar.step(-1)
    assert found_line(transcript) == "сообщение 198."
    add_before(transcript, entries(0, 100))
    bar.step(-1)
    assert found_line(transcript) == "сообщение 197."
    bar.close()


def test_who_reads_back_stays_there_when_he_is_in_the_room_again_but_not_when_he_speaks(
    transcript: Transcript,
) -> None:
    add(transcript, entries(0, 200))
    finish(transcript)
    transcript.scroll("Home")
    read = first_line(transcript)
    add(transcript, entries(200, 1, kind=Kind.JOIN, own=True, text="You are in #lab"))
    finish(transcript)
    assert first_line(transcript) == read
    assert not transcript.following
    add(transcript, entries(201, 1, own=True))
    finish(transcript)
    assert transcript.following
