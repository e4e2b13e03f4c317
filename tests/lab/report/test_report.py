"""The report holds the student's own bytes, in one file, with nothing that could break the page."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from client.model.conversations import Entry, Kind
from commandline.options import ReportCommand, parse
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Notebook, Parameters, Result, Trial
from lab.report.command import experiment_names, write_report
from lab.report.document import MOST_ARROWS, ReportData, TitlePage, report_html
from lab.report.sequence_diagram import draw_pages, find_arrows
from lab.report.texts import aim, questions, results, task
from lab.threads.listing import thread_places
from lab.wire.ring import Ring
from program.errors import UserFacingError
from sockets.tap import Call
from tests.tools.irc import Irc
from tests.tools.programs import run
from tests.tools.sources import ROOT
from translations import use_language

SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """The text and the tags of a page; every tag that is opened must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.images: list[bytes] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "img":
            kind, _, data = (dict(attrs)["src"] or "").partition(",")
            assert kind == "data:image/svg+xml;base64"
            self.images.append(base64.b64decode(data))
        elif tag not in ("meta", "wbr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def texts(svg: bytes | str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_diagram_shows_who_said_what_to_whom(irc: Irc) -> None:
    ring = irc.tap = Ring()
    anna = irc.client("Анна")
    anna.send("JOIN #lab")
    anna.send("PRIVMSG #lab :<b>&Привет</b>")
    anna.expect_nothing_but(".")
    port = anna.socket.getsockname()[1]
    irc.close()
    drawn = find_arrows(ring.calls(), "сервер")
    name = f"Анна (127.0.0.1:{port})"
    assert drawn[0][1:] == (name, "сервер", "connects", True)
    said = [arrow for arrow in drawn if arrow.text == "PRIVMSG #lab :<b>&Привет</b>"]
    assert [(arrow.source, arrow.target) for arrow in said] == [(name, "сервер")]
    welcome = next(arrow for arrow in drawn if " 001 " in arrow.text)
    assert (welcome.source, welcome.target) == ("сервер", name)
    assert [arrow.time for arrow in drawn] == sorted(arrow.time for arrow in drawn)
    assert not any(re.search(r"\bP[IO]NG\b", arrow.text) for arrow in drawn)
    shown = [text for svg in draw_pages(drawn) for text in texts(svg)]
    assert shown[:2] == ["сервер", name]
    assert "PRIVMSG #lab :<b>&Привет</b>" in shown


def test_a_client_s_own_calls_point_the_other_way() -> None:
    calls = [
        Call("connect", "10.0.0.1:6667", local="10.0.0.2:5000"),
        Call("send", "10.0.0.1:6667", b"NICK a\r\nUS", local="10.0.0.2:5000"),
        Call("recv", "10.0.0.1:6667", b"@time=x :s 001 a :hi\r\n", local="10.0.0.2:5000"),
    ]
    drawn = [arrow[1:4] for arrow in find_arrows(calls, "server")]
    assert drawn == [
        ("a (10.0.0.2:5000)", "server", "connects"),
        ("a (10.0.0.2:5000)", "server", "NICK a"),
        ("server", "a (10.0.0.2:5000)", ":s 001 a :hi"),
    ]


def test_a_long_diagram_says_how_much_is_left_out() -> None:
    calls = [Call("recv", "127.0.0.1:1", b"\x1b%d\r\n" % number) for number in range(MOST_ARROWS + 10)]
    page = Page(report_html(ReportData(calls=calls)))
    assert "10 more arrows" in page.text
    assert "␛5" in texts(page.images[0])


def test_a_diagram_of_nothing_is_still_a_picture() -> None:
    assert [texts(svg) for svg in draw_pages([])] == [[]]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_holds_everything_and_escapes_it(language: str) -> None:
    use_language(language)
    evil = "<script>alert(1)</script>&\"'"
    ring = Ring()
    ring(Call("accept", "127.0.0.1:1"))
    ring(Call("recv", "127.0.0.1:1", f"PASS letmein\r\nPRIVMSG #lab :{evil}\r\n".encode()))
    result = EXPERIMENTS["letter"].run()
    done = Trial(EXPERIMENTS["letter"], EXPERIMENTS["letter"].defaults(), result, 0)
    title = TitlePage(evil, "Сети", "ИВТ-1", "Анна", "Вера")
    said = [Entry(1, Kind.MESSAGE, 0.0, evil, evil), Entry(2, Kind.JOIN, 0.0, evil, "not said")]
    html = report_html(ReportData(title, said, ring.calls(), "s", thread_places(), [done]))
    page = Page(html)
    assert "script" not in page.tags
    assert page.text.count(evil) >= 5
    assert "letmein" not in html
    assert "not said" not in html
    assert "letmein" not in str(page.images)
    for text in ("Сети", "ИВТ-1", "MainThread", r"Пр\xd0", "UnicodeDecodeError", *EXPERIMENTS["letter"].code):
        assert text in page.text
    assert done.experiment.predictions()[0] in page.text
    assert result.explanation in page.text
    assert html.count('class="blank"') > 17
    assert len(page.images) == 1
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)


def test_report_writes_the_bytes_of_its_own_run(tmp_path: Path) -> None:
    out, capture = tmp_path / "отчёт.html", tmp_path / "lab.pcapng"
    done = run(
        *("report", "--lang", "ru", "--out", out, "--pcap", capture, "--experiments", "glue,letter"),
        *("--name", "Анна Иванова", "--group", "ИВТ-1"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = Page(out.read_text(encoding="utf-8"))
    for text in ("Анна Иванова", "ИВТ-1", "Склейка", "PRIVMSG #lab :3", "Половина буквы", "hub", "accept"):
        assert text in page.text
    said = re.search(r"Анна   +отправляет +(.+)", done.stdout)
    assert said
    assert page.text.count(said[1]) >= 4  # in the transcript, and on its way in and out
    assert said[1][:20] in " ".join(text for image in page.images for text in texts(image))
    assert said[1].encode() in capture.read_bytes()


def test_report_refuses_in_a_sentence(tmp_path: Path) -> None:
    wrong = run("report", "--out", tmp_path / "no" / "r.html")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "The report could not be made (" in wrong.stderr
    unknown = run("report", "--out", tmp_path / "r.html", "--experiments", "glue,nothing")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "There is no experiment “nothing”" in unknown.stderr
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("code", ["ru", "en"])
def test_it_repeats_what_the_lab_report_says(code: str) -> None:
    use_language(code)
    page = (ROOT / "docs" / code / "lab_report.md").read_text(encoding="utf-8").replace("`", "")
    text = " ".join(page.split())
    points = [*enumerate(task(), 1), *enumerate(questions(), 1)]
    assert all(f" {number}. {point} " in text for number, point in points)
    assert aim() in text
    rows = re.findall(r"\| \d+ \| ([^|]+) \| ([^|]+) \|", text.partition("## 9. ")[2].partition("## 10. ")[0])
    assert rows == [(row.action, row.expected) for row in results()]
    assert len(
        re.findall(r"^\d+\. ", page.partition("## 10. ")[2].partition("## 11. ")[0], re.MULTILINE)
    ) == len(questions())


@pytest.mark.parametrize("code", ["ru", "en"])
def test_it_has_what_it_speaks_of(code: str) -> None:
    use_language(code)
    page = Page(report_html(ReportData()))
    for row in results():
        assert row.action in page.text
        assert row.expected in page.text
    sections = {int(number) for number in re.findall(r"(\d+)\. [^\W\d]", page.text)}
    assert set(range(1, 8)) <= sections


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("all,glue", list(EXPERIMENTS)),
        ("glue all", ["glue", *(name for name in EXPERIMENTS if name != "glue")]),
        ("letter, glue,letter", ["letter", "glue"]),
        ("none", []),
    ],
)
def test_experiments_are_named_once_or_all_together(text: str, names: list[str]) -> None:
    assert experiment_names(text) == names


def test_without_names_a_report_does_all_experiments() -> None:
    command = parse(["report"])
    assert isinstance(command, ReportCommand)
    assert experiment_names(command.experiments) == list(EXPERIMENTS)


def test_an_experiment_that_fails_takes_no_other_out_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def conduct(notebook: Notebook, parameters: Parameters) -> Result:
        raise TimeoutError

    monkeypatch.setitem(EXPERIMENTS, "split", replace(EXPERIMENTS["split"], conduct=conduct))
    with pytest.raises(UserFacingError, match="could not be finished"):
        write_report(tmp_path / "r.html", TitlePage(), ["split", "letter"])
    assert EXPERIMENTS["letter"].title() in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_no_name_or_text_breaks_a_picture() -> None:
    evil = "\ufffe\uffff\x01"
    calls = [
        Call(
            "recv",
            "127.0.0.1:1",
            f":s 001 {evil} :hi\r\n:{evil}!a@b PRIVMSG #lab :{evil}\r\n".encode(),
            local="a:1",
        )
    ]
    for svg in draw_pages(find_arrows(calls, "s")):
        ElementTree.fromstring(svg)
