"""What a report will hold is on disk until one is saved, and what is damaged there harms nobody."""

from pathlib import Path

import pytest

from gui.toolkit.shapes import png, rounded
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Observation, Result, Trial
from lab.report.draft import Draft
from lab.report.pictures.png import Pixels, read, with_caption
from lab.report.pictures.taken import TakenPicture
from lab.report.rendering.model import Picture

PATIENCE = 15.0
PICTURE = Picture(png(rounded(5, 4, 1, "#336699")), 5, 4)


def made(name: str, prediction: int | None = 1) -> Trial:
    seen = (
        Observation(0.25, "Анна", "send", b"\xd0\x00\xff", "половина"),
        Observation(0.5, "", "", text="!"),
    )
    result = Result(seen, (("отправлено", "3 байта"),), (2,), "Потому что.")
    experiment = EXPERIMENTS[name]
    return Trial(experiment, experiment.defaults(), result, prediction)


def draft_in(folder: Path) -> Draft:
    return Draft(lambda: folder)


def found_in(folder: Path) -> Draft:
    """As another window, or the next start of the program, finds it."""
    draft = draft_in(folder)
    draft.look()
    draft.finish(PATIENCE)
    return draft


def test_experiments_and_pictures_are_found_again_as_they_were(tmp_path: Path) -> None:
    draft = draft_in(tmp_path / "report")
    draft.keep_trial(made("glue"))
    draft.keep_trial(made("letter", None))
    draft.keep_trial(made("glue", 0))  # the first counts
    draft.keep_picture(TakenPicture("Окно «Анна»", PICTURE))
    draft.keep_picture(TakenPicture("The second", PICTURE))
    draft.finish(PATIENCE)
    assert draft.trials == [made("glue"), made("letter", None)]
    assert draft.unsaved() == (2, 2)
    found = found_in(tmp_path / "report")
    by_name = {trial.experiment.name: trial for trial in found.trials}
    assert by_name == {"glue": made("glue"), "letter": made("letter", None)}
    assert [one.caption for one in found.pictures] == ["Окно «Анна»", "The second"]
    assert [(one.picture.width, one.picture.height) for one in found.pictures if one.picture] == [(5, 4)] * 2
    assert found.unsaved() == (0, 0)  # the window that made them asks about them


def test_a_saved_report_leaves_nothing_on_disk_and_what_came_later_stays(tmp_path: Path) -> None:
    draft = draft_in(tmp_path)
    draft.keep_trial(made("glue"))
    draft.keep_picture(TakenPicture("one", PICTURE))
    written = draft.names()
    draft.keep_trial(made("letter"))
    draft.saved(written)
    draft.finish(PATIENCE)
    assert [file.name for file in tmp_path.glob("*.*")] == ["letter.trial"]
    assert draft.unsaved() == (1, 0)
    assert len(draft.trials) == 2  # the next report holds them again
    draft.clear()
    draft.finish(PATIENCE)
    assert not list(tmp_path.glob("*.*"))
    assert not draft.names()


def test_what_is_damaged_is_passed_over(tmp_path: Path) -> None:
    draft = draft_in(tmp_path)
    draft.keep_trial(made("glue"))
    draft.keep_trial(made("letter"))
    draft.keep_picture(TakenPicture("one", PICTURE))
    draft.finish(PATIENCE)
    (tmp_path / "glue.trial").write_bytes((tmp_path / "glue.trial").read_bytes()[:40])
    (tmp_path / "split.trial").write_bytes(b"")
    (tmp_path / "0.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\xff\xff")
    (tmp_path / "1.png").mkdir()
    (tmp_path / "notes.txt").write_text("not ours")
    found = found_in(tmp_path)
    assert [trial.experiment.name for trial in found.trials] == ["letter"]
    assert [one.caption for one in found.pictures] == ["one"]


def test_where_nothing_can_be_written_it_is_held_as_long_as_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    draft = draft_in(tmp_path / "file" / "report")
    draft.look()
    draft.keep_trial(made("glue"))
    draft.keep_picture(TakenPicture("one", PICTURE))
    draft.saved(())
    draft.finish(PATIENCE)
    assert len(draft.trials) == len(draft.pictures) == 1


@pytest.mark.parametrize("caption", ["", "Окно", "a" * 3000])
def test_a_caption_stands_in_the_picture_and_is_replaced(caption: str) -> None:
    pixels = Pixels(2, 1, b"\x01\x02\x03\0\x04\x05\x06\0")
    data = with_caption(with_caption(pixels.picture().png, "before"), caption)
    read_caption, picture = read(data)
    assert (read_caption, picture.width, picture.height) == (caption, 2, 1)


def test_a_part_of_the_pixels_is_that_part() -> None:
    rows = [bytes((x, y, 0, 0)) for y in range(3) for x in range(4)]
    part = Pixels(4, 3, b"".join(rows)).part(1, 1, 2, 9)
    assert (part.width, part.height, part.data) == (2, 2, b"".join(rows[i] for i in (5, 6, 9, 10)))
