"""The report holds the student's own bytes, in one file, with nothing that could break the page."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from client.model.conversations import Entry, Kind
from commandline.options import ReportCommand, parse
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Notebook, Parameters, Result, Trial
from lab.judge.check import Mark, Outcome
from lab.judge.judgement import Judgement, read_judgement, write_json
from lab.judge.variants import VARIANTS
from lab.report.command import experiment_names, write_report
from lab.report.content import make_document
from lab.report.data import ReportData, SourceFile, TitlePage
from lab.report.evidence import Evidence, happened, summarize
from lab.report.extract import MOST_LINES, MOST_ROWS, choose_rows, find_rows
from lab.report.pictures.taken import TakenPicture
from lab.report.rendering.docx import docx
from lab.report.rendering.drawing import svg
from lab.report.rendering.emf import emf
from lab.report.rendering.html import html
from lab.report.rendering.model import Figure, Paragraph, Picture, Table
from lab.report.sequence_diagram import draw, find_arrows, find_nicks
from lab.report.sources import LARGEST, read_source
from lab.report.texts import OPTIONAL, aim, questions, results, task
from lab.report.theory import sources, theory
from lab.threads.listing import thread_places
from lab.wire.ring import Ring
from program.errors import UserFacingError
from sockets.tap import Call, CallName
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


def drawn(calls: Sequence[Call], server: str = "server") -> list[str]:
    rows = find_rows(calls)
    return texts(svg(draw(rows, find_nicks(rows), server)[0], "title"))


def page_of(data: ReportData) -> Page:
    return Page(html(make_document(data)))


def test_the_diagram_shows_who_said_what_to_whom(irc: Irc) -> None:
    ring = irc.tap = Ring()
    anna = irc.client("Анна")
    anna.send("JOIN #lab")
    anna.send("PRIVMSG #lab :<b>&Привет</b>")
    anna.expect_nothing_but(".")
    port = anna.socket.getsockname()[1]
    irc.close()
    rows = find_rows(ring.calls())
    arrows = find_arrows(rows)
    client = f"127.0.0.1:{port}"
    assert arrows[0][1:] == (client, False, "connects", True)
    said = [arrow for arrow in arrows if arrow.text == "PRIVMSG #lab :<b>&Привет</b>"]
    assert [(arrow.client, arrow.from_server) for arrow in said] == [(client, False)]
    welcome = next(arrow for arrow in arrows if " 001 " in arrow.text)
    assert (welcome.client, welcome.from_server) == (client, True)
    assert [arrow.time for arrow in arrows] == sorted(arrow.time for arrow in arrows)
    assert not any(re.search(r"\bP[IO]NG\b|CAP|RECLAIM", arrow.text) for arrow in arrows)
    shown = drawn(ring.calls(), "сервер:1")
    assert shown[:4] == ["server", "сервер:1", "Анна", client]
    assert "PRIVMSG #lab :<b>&Привет</b>" in shown


def test_a_client_s_own_calls_point_the_other_way() -> None:
    calls = [
        Call("connect", "10.0.0.1:6667", local="10.0.0.2:5000"),
        Call("send", "10.0.0.1:6667", b"NICK a\r\nUS", local="10.0.0.2:5000"),
        Call("recv", "10.0.0.1:6667", b"@time=x :s!u@h 001 a :hi\r\n", local="10.0.0.2:5000"),
    ]
    rows = find_rows(calls)
    assert [arrow[1:4] for arrow in find_arrows(rows)] == [
        ("10.0.0.2:5000", False, "connects"),
        ("10.0.0.2:5000", False, "NICK a"),
        ("10.0.0.2:5000", True, ":s 001 a :hi"),
    ]
    assert find_nicks(rows) == {"10.0.0.2:5000": "a"}


def test_at_most_three_lifelines_stand_beside_each_other() -> None:
    calls = [
        Call("recv", f"127.0.0.1:{number}", f"PRIVMSG #lab :from {number}\r\n".encode())
        for number in range(1, 6)
    ]
    shown = drawn(calls)
    assert [text for text in shown if text.startswith(("server", "127"))] == [
        *("server", "server", "127.0.0.1:1", "127.0.0.1:2")
    ]
    assert "PRIVMSG #lab :from 2" in shown
    assert "PRIVMSG #lab :from 3" not in shown


def test_a_long_exchange_is_an_extract_that_says_so() -> None:
    calls = [Call("recv", "127.0.0.1:1", b"PING %d\r\n" % number) for number in range(300)]
    words = b"a word " * 60
    calls += [Call("recv", "127.0.0.1:1", b"PRIVMSG #lab :\x1b%d %b\r\n" % (n, words)) for n in range(300)]
    page = page_of(ReportData(calls=calls))
    assert "600 socket calls were seen" in page.text
    rows = find_rows(calls)
    assert len(choose_rows(rows, ())) == len(choose_rows(rows, calls[300:])) == MOST_ROWS
    many = Call("recv", "127.0.0.1:1", b"PRIVMSG #lab :x\r\n" * 300)
    assert sum(len(row.lines) for row in choose_rows(find_rows([many, many]), ())) == MOST_LINES
    assert "arrows are left out" in page.text
    assert "PING 1" not in page.text
    assert "␛0" in "".join(texts(page.images[0]))


def test_the_calls_that_the_student_chose_are_shown() -> None:
    calls = [Call("recv", "127.0.0.1:1", b"PRIVMSG #lab :%d\r\n" % number) for number in range(300)]
    page = page_of(ReportData(calls=calls, chosen=calls[250:252]))
    assert "PRIVMSG #lab :250" in page.text
    assert "PRIVMSG #lab :252" not in page.text
    assert "the messages that I have chosen" in page.text


def test_what_is_said_late_is_shown_as_the_first_exchange() -> None:
    """Registration and PING may take most of the calls: the first message is shown all the same."""
    calls = [Call("accept", f"127.0.0.1:{number}") for number in range(1, 40)]
    calls += [Call("recv", f"127.0.0.1:{number}", b"JOIN #lab\r\n") for number in range(1, 40)]
    calls += [Call("recv", "127.0.0.1:30", b"PRIVMSG #lab :at last\r\n")]
    others = [Call("send", f"127.0.0.1:{number}", b":a PRIVMSG #lab :at last\r\n") for number in (7, 8, 9)]
    assert [row.client for row in choose_rows(find_rows([*calls, *others]), ())][3:] == ["127.0.0.1:7"]
    assert [(row.call.name, row.client) for row in choose_rows(find_rows(calls), ())] == [
        *(("accept", "127.0.0.1:30"), ("recv", "127.0.0.1:30"), ("recv", "127.0.0.1:30"))
    ]


def test_a_diagram_of_nothing_is_still_a_picture() -> None:
    assert drawn([]) == ["server", "server"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_holds_everything_and_escapes_it(language: str) -> None:
    use_language(language)
    evil = "<script>alert(1)</script>&\"'"
    ring = Ring()
    ring(Call("accept", "127.0.0.1:1"))
    ring(Call("recv", "127.0.0.1:1", f"PASS letmein\r\nPRIVMSG #lab :{evil}\r\n".encode()))
    result = EXPERIMENTS["letter"].run()
    done = Trial(EXPERIMENTS["letter"], EXPERIMENTS["letter"].defaults(), result, 0)
    title = TitlePage(university=evil, course="Сети", group="ИВТ-1", name="Анна", teacher="Вера")
    said = [Entry(1, Kind.MESSAGE, 0.0, evil, evil), Entry(2, Kind.JOIN, 0.0, evil, "not said")]
    judged = Judgement(
        "server", evil, "lines", (Outcome("once", 3, evil, "3.4", Mark.FAILED, meaning="twice"),)
    )
    data = ReportData(
        *(title, said, ring.calls(), (), "s", thread_places(), [done], judged),
        sources=[SourceFile("server.c", evil)],
    )
    text = html(make_document(data))
    page = Page(text)
    assert "script" not in page.tags
    assert page.text.count(evil) >= 6
    assert "letmein" not in text
    assert "not said" not in text
    assert "letmein" not in str(page.images)
    for part in ("Сети", "ИВТ-1", "Анна", "Вера", "MainThread", r"Пр\xd0", "twice", "server.c"):
        assert part in page.text
    assert done.experiment.predictions()[0] in page.text
    assert result.explanation not in page.text  # that is the student's to write
    assert text.count('class="blank"') > 12
    assert all(question in page.text for question in questions())
    assert len(page.images) == 1
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", text)


def test_report_writes_the_bytes_of_its_own_run(tmp_path: Path) -> None:
    out, capture = tmp_path / "отчёт.html", tmp_path / "lab.pcapng"
    done = run(
        *("report", "--lang", "ru", "--out", out, "--pcap", capture, "--experiments", "glue,letter"),
        *("--name", "Анна Иванова", "--group", "ИВТ-1"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = Page(out.read_text(encoding="utf-8"))
    for text in ("Анна Иванова", "ИВТ-1", "Склейка", "PRIVMSG #lab :1", "Половина буквы", "hub", "accept"):
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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--out", "r.pdf"], "A report is a .docx or a .html: give “r.pdf” one of these endings."),
        (["--out", "report"], "give “report” one of these endings."),
        (["--judgement", "none.json"], "The file none.json cannot be read (there is no such file"),
        (["--judgement", "list.json"], "The file list.json is no judgement"),
        (["--listing", "a.out"], "The file a.out is no text"),
        (["--listing", "wide.out"], "The file wide.out is no text"),
        (["--listing", "list.json,none.c"], "The file none.c cannot be read"),
        (["--listing", "long.c"], "The file long.c is too large"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.json").write_text("[1]")
    Path("a.out").write_bytes(b"\x7fELF\0\0")
    Path("wide.out").write_bytes(b"\xff\xfea\0\0\0")
    Path("long.c").write_bytes(b"x" * (LARGEST + 1))
    refused = run("report", *options)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert sentence in refused.stderr
    assert not list(tmp_path.glob("r*"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_listing_is_read_as_editors_save_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "server.cs"
    file.write_bytes("// сервер\nint x;\n".encode(encoding))
    assert read_source(file) == SourceFile("server.cs", "// сервер\nint x;\n")


def test_the_results_say_what_happened(irc: Irc) -> None:
    ring = irc.tap = Ring()
    anna, boris = irc.client("Anna"), irc.client("Boris")
    for one in (anna, boris):
        one.send("JOIN #lab")
        one.expect(" 366 ")
    anna.send("PRIVMSG #lab :hello")
    boris.expect("PRIVMSG #lab :hello")
    anna.send("PRIVMSG Boris :psst")
    boris.expect("PRIVMSG Boris :psst")
    boris.send("NICK Anna")
    boris.expect(" 433 ")
    boris.close()
    anna.expect("QUIT")
    irc.close()
    calls = ring.calls()
    trial = Trial(EXPERIMENTS["letter"], {}, Result((), (), (0,), ""), 0)
    judged = Judgement("server", "s", "lines", (Outcome("accept", 1, "accepts", "3.2", Mark.PASSED),))
    found = happened(Evidence(calls, find_rows(calls), [trial], judged))
    wanted = {
        "server": r": listens on 127\.0\.0\.1:\d+$",
        "first": r": Anna, 127\.0\.0\.1:\d+$",
        "second": r": Boris, 127\.0\.0\.1:\d+$",
        "taken-nick": ": 433 for Anna$",
        "room": r": “hello”, with all in \d+\.\d ms$",
        "private": ": to Boris alone: “psst”$",
        "leave": ": Boris left$",
        "wire": r"^one recv of \d+ bytes, \d sends?$",
        "experiments": "^1 of 1 predictions were right$",
        "judge": "^1 of 1 checks passed, level 1$",
        "report": "^This report$",
    }
    assert set(found) == set(wanted)
    assert [key for key, pattern in wanted.items() if not re.search(pattern, found[key])] == []
    text = page_of(ReportData(calls=calls, trials=[trial], judgement=judged)).text
    assert all(sentence in text for sentence in found.values())


def own_call(name: CallName, seconds: float, data: str = "") -> Call:
    """A call of a window's own."""
    return Call(name, "127.0.0.1:1", data.encode(), time=seconds, local="127.0.0.1:2")


def found_in(calls: Sequence[Call]) -> dict[str, str]:
    return happened(Evidence(calls, find_rows(calls), (), None))


def test_the_results_of_a_client_s_own_calls_tell_of_its_echo_and_its_return() -> None:
    calls = [
        own_call("connect", 1.0),
        own_call("recv", 2.0, ":s 001 a :hi\r\n"),
        own_call("send", 3.0, "PRIVMSG #lab hello\r\n"),
        own_call("recv", 3.5, ":a!a@h PRIVMSG #lab :hello\r\n"),
        own_call("recv", 4.0, ":b!b@h JOIN #lab\r\n"),
        own_call("recv", 4.5, ":b!b@h PRIVMSG #lab :hello\r\n"),
        own_call("close", 5.0),
        own_call("connect", 9.0),
    ]
    found = found_in(calls)
    assert found["room"].endswith("“hello”, the echo after 500.0 ms")
    assert "wire" not in found  # no server was run with --wire
    assert found["second"].endswith(": b enters")
    assert "connected again" in found["crash"]


def test_a_client_that_comes_again_is_not_the_second_one() -> None:
    def welcome(port: int, nick: str) -> Call:
        return Call("send", f"127.0.0.1:{port}", f":s 001 {nick} :hi\r\n".encode(), time=float(port))

    def rename(port: int) -> Call:
        return Call("send", f"127.0.0.1:{port}", b":a!a@h NICK ann\r\n:ann!a@h JOIN #lab\r\n", time=port)

    again = [welcome(1, "a"), welcome(2, "A"), rename(3), welcome(4, "ann")]
    assert found_in(again)["first"].endswith(": a, 127.0.0.1:1")
    assert "second" not in found_in(again)
    assert found_in([*again, welcome(5, "b")])["second"].endswith(": b, 127.0.0.1:5")
    window = [own_call("recv", 1.0, ":s 001 a :hi\r\n"), own_call("recv", 2.0, ":s 001 c :hi\r\n")]
    assert "second" not in found_in([*window, own_call("recv", 3.0, ":c!c@h JOIN #lab\r\n")])


def test_only_the_end_of_the_second_client_is_told() -> None:
    calls = [
        own_call("recv", 1.0, ":s 001 a :hi\r\n"),
        own_call("recv", 2.0, ":b!b@h JOIN #lab\r\n"),
        own_call("recv", 3.0, ":c!c@h JOIN #lab\r\n:c!c@h QUIT :bye\r\n"),
    ]
    assert "leave" not in found_in(calls)
    calls += [own_call("recv", 4.0, ":b!b@h NICK bob\r\n:bob!b@h QUIT :bye\r\n")]
    assert found_in(calls)["leave"].endswith(": bob left")


@pytest.mark.parametrize("goodbye", [("recv", "ERROR :stopped\r\n"), ("send", "QUIT :bye\r\n")])
def test_a_connection_that_was_ended_in_words_is_no_crash(goodbye: tuple[CallName, str]) -> None:
    name, line = goodbye
    calls = [own_call(name, 1.0, line), own_call("close", 2.0), own_call("connect", 3.0)]
    assert "crash" not in found_in(calls)
    other = own_call("recv", 1.0, ":b!b@h QUIT :bye\r\n")
    assert "crash" in found_in([other, *calls[1:]])


def test_a_private_message_that_came_is_told_but_not_one_of_the_history() -> None:
    calls = [own_call("recv", 1.0, "@batch=1 :b!b@h PRIVMSG a :before\r\n")]
    assert "private" not in found_in(calls)
    calls += [own_call("recv", 2.0, ":b!b@h PRIVMSG #lab :to all\r\n:b!b@h PRIVMSG a :psst\r\n")]
    assert found_in(calls)["private"].endswith(": to a alone: “psst”")


def test_a_message_that_is_said_again_or_repeated_by_the_history_is_measured_alone() -> None:
    def call(name: CallName, seconds: float, line: str) -> Call:
        return Call(name, "127.0.0.1:1", line.encode(), time=seconds)

    said, carried = "PRIVMSG #lab :hello\r\n", ":a!a@h PRIVMSG #lab :hello\r\n"
    calls = [
        *(call("recv", 1.0, said), call("send", 1.25, carried), call("send", 5.0, f"@batch=1 {carried}")),
        *(call("recv", 9.0, said), call("send", 9.25, carried)),
    ]
    found = found_in(calls)
    assert found["room"].endswith("“hello”, with all in 250.0 ms")
    assert found["wire"].endswith(", 1 send")


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
    text = page_of(ReportData()).text
    for row in results():
        assert (row.action in text) is (row.key not in OPTIONAL)
    assert set(map(str, range(1, 9))) <= {block.number for block in make_document(ReportData()).headings}


def test_a_frame_without_a_picture_says_how_to_get_one() -> None:
    empty, refused = ReportData(), ReportData(pictures=[TakenPicture("window", None)])
    for data, shortcut in ((empty, True), (refused, False)):
        page = page_of(data)
        assert "Paste a picture of the window here." in page.text
        assert ("Ctrl+Shift+P" in page.text) is shortcut
        with ZipFile(BytesIO(docx(make_document(data)))) as package:
            text = package.read("word/document.xml").decode()
        assert "Paste a picture of the window here." in text
        assert ("Ctrl+Shift+P" in text) is shortcut


@pytest.mark.parametrize("code", ["ru", "en"])
def test_tables_and_figures_are_numbered_and_spoken_of_before_they_come(code: str) -> None:
    use_language(code)
    done = Trial(EXPERIMENTS["letter"], {}, Result((), (), (0,), ""), 0)
    picture = TakenPicture("window", Picture(b"", 3, 2))
    judged = Judgement("server", "s", "lines", (Outcome("accept", 1, "accepts", "3.2", Mark.PASSED),))
    calls = [Call("recv", "127.0.0.1:1", b"PRIVMSG #lab :hello\r\n")]
    said = [Entry(1, Kind.MESSAGE, 0.0, "a", "b")]
    data = ReportData(
        *(TitlePage(), said, calls, (), "s", thread_places(), [done], judged, [picture, picture])
    )
    told = ""
    counts = {Table: 0, Figure: 0}
    names = {"ru": ("таблиц", "рисунк", "Таблица", "Рисунок"), "en": ("able", "igure", "Table", "Figure")}[
        code
    ]
    for block in make_document(data).blocks:
        if isinstance(block, Paragraph):
            told = block.text
        elif isinstance(block, Table | Figure):
            kind = type(block)
            counts[kind] += 1
            stem, name = (names[0], names[2]) if kind is Table else (names[1], names[3])
            assert block.caption.startswith(f"{name} {counts[kind]} — ")
            assert re.search(rf"{stem}\w* (?:\d+–)?{counts[kind]}\b", told)
    assert counts == {Table: 9, Figure: 3}


def test_every_source_is_referred_to_and_nothing_else() -> None:
    referred = {int(number) for text in theory() for number in re.findall(r"(?<=[\[ ])\d(?=[\],])", text)}
    assert referred == set(range(1, len(sources()) + 1))


@pytest.mark.parametrize(("number", "built"), [("7", True), ("31", False), ("", False), ("²", False)])
def test_a_variant_of_the_lab_says_what_is_to_be_built(number: str, built: bool) -> None:
    text = page_of(ReportData(TitlePage(variant=number))).text
    assert ("many clients: " in text) is built
    if built:
        assert VARIANTS[7].language in text


def test_what_the_judge_says_is_put_in_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    outcomes = (
        Outcome("accept", 1, "accepts", "3.2", Mark.PASSED),
        Outcome("once", 3, "each once", "3.4", Mark.FAILED, meaning="It came twice."),
        Outcome("bounded", 7, "memory", "3.4", Mark.NOT_JUDGED, meaning="It needs --run."),
    )
    file.write_text(write_json(Judgement("server", "127.0.0.1:1", "lines", outcomes)))
    read = read_judgement(file)
    assert summarize(read) == "1 of 3 checks passed, level 1"
    text = page_of(ReportData(judgement=read)).text
    for words in ("accepts", "failed. It came twice.", "not judged. It needs --run.", "protocol lines"):
        assert words in text


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
    rows = find_rows(calls)
    drawing = draw(rows, find_nicks(rows), "s")[0]
    ElementTree.fromstring(svg(drawing, "title"))
    assert emf(drawing)
    assert docx(make_document(ReportData(calls=calls)))
