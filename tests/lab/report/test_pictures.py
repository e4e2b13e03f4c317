"""Pictures of real windows, and the report that holds them."""

import sys
import tkinter as tk
from io import BytesIO
from pathlib import Path

import docx as python_docx
import pytest

from client.settings import Settings
from gui.question_page import QuestionPage
from lab.laboratory import Laboratory
from lab.report.data import TitlePage
from lab.report.pictures.take import take, take_in_background
from lab.report.rendering.model import Picture
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, say, until, watched_window

COLOUR = "#336699"
not_on_mac = pytest.mark.skipif(sys.platform == "darwin", reason="macOS asks the user whether it may")
only_on_x11 = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="what X11 does not let read")


def coloured(root: tk.Tk, place: str) -> tk.Toplevel:
    """A window of one colour, without a frame, that is on the screen."""
    window = tk.Toplevel(root, background=COLOUR)
    window.overrideredirect(True)
    window.geometry(place)
    inner = tk.Frame(window, background="#ff0000")
    inner.place(x=10, y=10, width=20, height=20)
    until(root, inner.winfo_ismapped)
    window.lift()
    root.update()
    return window


def pixel(root: tk.Tk, picture: Picture, x: int, y: int) -> tuple[int, int, int]:
    image = tk.PhotoImage(master=root, data=picture.png)
    assert (image.width(), image.height()) == (picture.width, picture.height)
    return image.get(x, y)


@not_on_mac
def test_a_picture_has_the_colours_of_the_window_and_of_what_is_in_it(root: tk.Tk) -> None:
    window = coloured(root, "120x80+40+30")
    until(root, lambda: pixel(root, take(window)(), 15, 15) == (0xFF, 0, 0))
    picture = take(window)()
    assert (picture.width, picture.height) == (120, 80)
    assert pixel(root, picture, 100, 70) == (0x33, 0x66, 0x99)


@only_on_x11
def test_of_a_window_at_the_edge_of_the_screen_what_is_on_it_is_taken(root: tk.Tk) -> None:
    right, bottom = root.winfo_screenwidth() - 70, root.winfo_screenheight() - 50
    for place, size in ((f"120x80+{right}+{bottom}", (70, 50)), ("120x80+-30+-20", (90, 60))):
        picture = take(coloured(root, place))()
        assert (picture.width, picture.height) == size


@only_on_x11
def test_a_window_that_is_not_there_gives_none_and_ends_nothing(root: tk.Tk) -> None:
    window = coloured(root, "120x80+40+30")
    window.withdraw()
    root.update()
    taken: list[Picture | None] = []
    take_in_background(window, taken.append)
    until(root, lambda: taken)
    assert taken == [None]
    assert take(coloured(root, "120x80+40+30"))().width == 120


@not_on_mac
def test_the_key_takes_a_picture_that_stands_in_the_report(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory) as window:
        enter_room(window, irc.address)
        irc.client("Борис").enter().send("PRIVMSG Анна :unread")
        until(root, lambda: root.title().startswith("(1, @1) "))
        root.focus_force()
        root.update()
        root.event_generate("<<Ctrl+Shift+P>>")
        until(root, lambda: laboratory.draft.pictures)
        taken = laboratory.draft.pictures[0]
        assert taken.caption == "Window “#lab · Анна”"
        assert taken.picture
        assert taken.picture.width >= root.winfo_width()  # Windows gives the frame, too
        assert "Picture 1 for the report was taken." in str(root.children["notice"].cget("text"))
        assert laboratory.unfinished() == ["1 picture is in no saved report."]
        form = laboratory.report.show()
        until(root, lambda: "pictures 1" in str(form._held.cget("text")))
        file = tmp_path / "report.docx"
        form.on_save(str(file), TitlePage())
        until(root, lambda: "Saved" in form._note.cget("text"))
        assert laboratory.unfinished() == []
        found = python_docx.Document(BytesIO(file.read_bytes()))
        parts = {part.partname: part for part in found.part.package.iter_parts()}
        assert taken.picture.png in [part.blob for name, part in parts.items() if name.endswith(".png")]
        assert any(taken.caption in paragraph.text for paragraph in found.paragraphs)


@only_on_x11
def test_a_window_that_another_one_covers_is_taken_as_it_is(root: tk.Tk) -> None:
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory):
        root.update()
        place = f"{root.winfo_width()}x{root.winfo_height()}+{root.winfo_rootx()}+{root.winfo_rooty()}"
        cover = coloured(root, place)
        laboratory.take_picture(root)
        until(root, lambda: laboratory.draft.pictures)
        picture = laboratory.draft.pictures[0].picture
        assert picture
        colours = {pixel(root, picture, x, picture.height // 2) for x in range(0, picture.width, 16)}
        assert colours.isdisjoint({(0, 0, 0), (0x33, 0x66, 0x99)})
        cover.destroy()


def test_the_calls_of_a_chosen_message_stand_in_the_report(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    with watched_window(root, irc) as (window, lab, other):
        say(window, "первое")
        other.send("PRIVMSG #lab :второе")
        until(root, lambda: "второе" in window.transcript_text())
        lab.wire.toggle()
        view = lab.wire.view
        assert view
        view.buttons["report"].invoke()
        assert "Click on a message" in str(view._note.cget("text"))
        assert window.page.shown
        entry = next(one for one in window.page.shown.entries if one.text == "второе")
        view.select_entry(entry)
        view.buttons["report"].invoke()
        assert view._note.cget("text") == "The report will show 1 call."
        file = tmp_path / "report.docx"
        form = lab.report.show()
        form.on_save(str(file), TitlePage())
        until(root, lambda: "Saved" in form._note.cget("text"))
        table = next(
            one for one in python_docx.Document(str(file)).tables if one.rows[0].cells[2].text == "Call"
        )
        assert len(table.rows) == 2
        assert "второе" in table.rows[1].cells[4].text
        view.buttons["report"].invoke()
        assert view._note.cget("text") == "The report will show 0 calls."


@pytest.mark.parametrize("name", ["report.pdf", "report"])
def test_another_ending_is_refused_in_the_window(root: tk.Tk, irc: Irc, tmp_path: Path, name: str) -> None:
    with watched_window(root, irc) as (_window, lab, _other):
        form = lab.report.show()
        form.on_save(str(tmp_path / name), TitlePage())
        until(root, lambda: "one of these endings" in str(form._note.cget("text")))
        assert not (tmp_path / name).exists()


def test_a_new_report_is_begun_after_a_question(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (window, lab, _other):
        lab.take_picture(root)
        until(root, lambda: lab.draft.pictures)
        form = lab.report.show()
        form.forget_button.invoke()
        assert lab.draft.pictures
        asked = page_over(window.main_window, QuestionPage)
        root.update()
        asked.act_button.invoke()
        assert not lab.draft.pictures
