"""Each experiment shows, in the bytes of that very run, what it says that it shows."""

import errno
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import chat
from lab.experiments import slow
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Notebook, Observation, Parameters, Result
from lab.experiments.loopback import in_thread
from lab.wrong import naive_server, one_thread_server
from tests.tools.programs import CHAT, DEADLINE, Program, run
from tests.tools.sources import IN_A_MODULE, ROOT, defined
from translations import use_language


def moved(result: Result, call: str, who: str = "") -> list[bytes]:
    """The bytes of each call of this kind."""
    return [one.data for one in result.observations if one.call == call and who in ("", one.who)]


def figures(result: Result) -> list[str]:
    return [value for _name, value in result.figures]


def test_sends_without_a_pause_are_glued() -> None:
    result = EXPERIMENTS["glue"].run(parameters={"count": 20})
    sent, received = moved(result, "send"), moved(result, "recv")
    assert b"".join(sent) == b"".join(received) == b"".join(b"PRIVMSG #lab :%d\r\n" % n for n in range(1, 21))
    assert (len(sent), result.happened) == (20, (1,))
    assert len(received) < 20
    assert any(data.count(b"\r\n") > 1 for data in received)
    assert figures(result)[:2] == ["20", str(len(received))]


def test_sends_with_a_long_pause_are_not_glued() -> None:
    result = EXPERIMENTS["glue"].run(parameters={"count": 3, "delay": 200})
    assert (moved(result, "send"), result.happened) == (moved(result, "recv"), (0,))


def test_a_line_in_pieces_is_a_message_when_its_end_has_come() -> None:
    result = EXPERIMENTS["split"].run(parameters={"bytes": 10, "delay": 20})
    line = "PRIVMSG #lab :Привет, лаборатория!\r\n".encode()
    assert b"".join(moved(result, "recv")) == line
    assert moved(result, "send") == [line[start : start + 10] for start in range(0, len(line), 10)]
    assert result.happened == (2,)
    told = [one.text for one in result.observations if one.call == "recv"]
    assert "left in the buffer: PRIVMSG #l" in told
    assert told[-1] == "the line is whole: PRIVMSG #lab :Привет, лаборатория!"


@pytest.mark.parametrize(("cut", "errors"), [(5, 2), (4, 0)])
def test_half_a_letter_cannot_be_decoded(cut: int, errors: int) -> None:
    result = EXPERIMENTS["letter"].run(parameters={"bytes": cut})
    raw = "Привет!\r\n".encode()
    assert moved(result, "recv") == [raw[:cut], raw[cut:]]
    raised = [one for one in result.observations if one.text.startswith("UnicodeDecodeError")]
    assert (len(raised), result.happened) == (errors, (1, 2) if errors else (0,))
    marked = "".join(one.text for one in result.observations if one.who == "Java, C#").count("�")
    assert marked == errors
    assert result.observations[-1].text == "decodes: 'Привет!'"


@pytest.mark.parametrize(("size", "happened"), [(9, 2), (1000, 1)])
def test_the_naive_server_counts_pieces_and_ours_counts_messages(size: int, happened: int) -> None:
    result = EXPERIMENTS["naive"].run(parameters={"bytes": size, "count": 3, "delay": 20})
    sent, naive, real = map(int, figures(result))
    assert (sent, real, result.happened) == (3, 3, (happened,))
    assert naive == b"".join(moved(result, "recv", "client")).count(b"\r\n")
    assert naive != 3
    heard = b"".join(moved(result, "recv", "Boris")).decode()
    assert [line.rpartition(":")[2] for line in heard.splitlines() if "Сообщение" in line] == [
        "Сообщение 1",
        "Сообщение 2",
        "Сообщение 3",
    ]


def test_recv_in_the_loop_stops_the_loop() -> None:
    result = EXPERIMENTS["block"].run(parameters={"delay": 400})
    _delay, wrong, right = map(float, figures(result))
    assert result.happened == (1,)
    assert wrong >= 400 > right
    assert moved(result, "recv") == [b"PRIVMSG #lab :hello\r\n"] * 2


def test_recv_in_a_window_s_loop_stops_the_window(screen: str) -> None:
    result = EXPERIMENTS["block"].run(parameters={"delay": 400})
    assert result.observations[0].text == "The event loop is that of a Tk window."
    assert result.happened == (1,)


def test_what_was_said_during_a_cut_comes_once() -> None:
    result = EXPERIMENTS["cable"].run(parameters={"count": 4, "delay": 100})
    assert (result.happened, figures(result)[:3]) == ((1,), ["5", "1 1 1 1 1", "1 1 1 1 1"])
    assert len(moved(result, "connect")) == 2
    received = b"".join(moved(result, "recv", "Anna")).decode()
    sent = b"".join(moved(result, "send", "Anna")).decode()
    assert received.count("PRIVMSG #lab :message 3\r\n") == 1
    assert "CHATHISTORY" in sent
    assert re.search(r"^RECLAIM Anna \*+\r$", sent, re.MULTILINE)  # its secret would open her nick to others
    assert "I was cut off\r\n" in sent


def test_a_client_that_does_not_read_is_dropped_and_holds_up_nobody() -> None:
    result = EXPERIMENTS["slow"].run()
    assert result.happened == (1,)
    assert moved(result, "recv", "Vera") == [b"ERROR :Closing link: 127.0.0.1 (SendQ exceeded)\r\n"]
    assert float(figures(result)[-1]) < 1000


def test_with_one_thread_the_second_client_waits_for_the_first() -> None:
    result = EXPERIMENTS["one-thread"].run(parameters={"delay": 400})
    quiet, wrong, right = map(float, figures(result))
    assert result.happened == (2,)
    assert wrong >= quiet > right
    assert moved(result, "recv", "second client") == [b"PING 1\r\n", b":chat.lab PONG chat.lab :1\r\n"]


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        (
            "glue",
            {
                "with what it had read before": {"count": 20, "delay": 8},
                "This time each message was read before the next came: there were 200 ms": {
                    "count": 3,
                    "delay": 200,
                },
            },
        ),
        (
            "split",
            {
                "returned 10 bytes without CR LF": {"bytes": 10},
                "returned 20 bytes without CR LF": {"bytes": 20},
                "one recv: its first 53 bytes": {"bytes": 100},
            },
        ),
        (
            "letter",
            {
                "the middle of «и»: its byte D0 came with the first recv and its byte B8": {"bytes": 5},
                "the middle of «р»: its byte D1 came with the first recv and its byte 80": {"bytes": 3},
                "byte 80 ends one of them, and byte D0 begins the next": {"bytes": 4},
            },
        ),
        (
            "naive",
            {
                "pieces of messages, and it took": {"bytes": 9},
                "bytes of several messages": {"bytes": 1000},
                "exactly one message, by luck": {"bytes": 36, "delay": 200},
                "right by chance": {"bytes": 40, "delay": 200},
            },
        ),
        ("block", {"for 2": {"delay": 200}, "for 4": {"delay": 400}}),
        ("cable", {"1 message that it had": {"count": 1}, "2 messages that it had": {"count": 2}}),
        ("one-thread", {"nothing for 100 ms": {"delay": 100}, "nothing for 300 ms": {"delay": 300}}),
    ],
)
def test_an_explanation_follows_from_what_happened_in_that_run(
    name: str, runs: dict[str, dict[str, int]]
) -> None:
    for wanted, parameters in runs.items():
        explanation = EXPERIMENTS[name].run(parameters=parameters).explanation
        assert wanted in explanation
        assert [other for other in runs if other in explanation] == [wanted]
        assert "{" not in explanation


def test_the_slow_client_s_end_is_explained_by_its_last_line_and_the_bytes() -> None:
    result = EXPERIMENTS["slow"].run()
    assert f"After Anna had said {figures(result)[0]} bytes the outbox was full" in result.explanation
    assert f"longer than {figures(result)[-1]} ms" in result.explanation


def test_a_reset_before_the_last_line_is_not_explained_by_it() -> None:
    assert "does not say why" in slow._explain(b"", 5_000_000, 0.01, dropped=True)
    assert "was not dropped" in slow._explain(b"", 5_000_000, 0.01, dropped=False)
    assert "this computer was busy" in slow._explain(b"(SendQ exceeded)", 5_000_000, 2.0, dropped=True)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_every_experiment_asks_something_and_points_to_our_code(name: str) -> None:
    experiment = EXPERIMENTS[name]
    for language in ("en", "ru"):
        use_language(language)
        assert experiment.question(experiment.defaults()).endswith("?")
        assert len(set(experiment.predictions())) == 3
    assert experiment.code
    for place in experiment.code:
        found = IN_A_MODULE.fullmatch(place)
        assert found, place
        assert (ROOT / found[1]).is_file(), place
        assert found[2] in defined(Path(found[1])), place
    for parameter in experiment.parameters:
        assert parameter.lowest <= parameter.default <= parameter.highest
        assert parameter.name in ("count", "bytes", "delay")


def test_a_window_is_told_each_observation_when_it_is_made() -> None:
    told: list[Observation] = []
    result = EXPERIMENTS["letter"].run(told.append)
    assert tuple(told) == result.observations
    assert [one.seconds for one in told] == sorted(one.seconds for one in told)


def test_a_parameter_out_of_bounds_is_refused() -> None:
    for wrong in ({"count": 51}, {"count": 1}, {"bytes": 3}):
        with pytest.raises(ValueError, match="is not from"):
            EXPERIMENTS["glue"].run(parameters=wrong)


@pytest.fixture(params=[naive_server, one_thread_server], ids=["naive", "one-thread"])
def wrong_file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param.__file__)


def test_the_wrong_servers_are_short_enough_to_find_the_mistake(wrong_file: Path) -> None:
    text = wrong_file.read_text(encoding="utf-8")
    assert 20 <= len(text.splitlines()) <= 50
    assert "The mistake:" in text


def test_lab_lists_the_experiments() -> None:
    done = run("lab")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()[: len(EXPERIMENTS)]] == list(EXPERIMENTS)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_lab_does_an_experiment_and_prints_what_was_seen(name: str, language: str) -> None:
    done = run("lab", name, "--lang", language, "--predict", "1", environment={"DISPLAY": ""})
    assert (done.returncode, done.stderr) == (0, "")
    use_language(language)
    experiment = EXPERIMENTS[name]
    words = " ".join(done.stdout.split())
    assert experiment.question(experiment.defaults()) in words
    assert all(place in words for place in experiment.code)
    assert max(map(len, done.stdout.splitlines())) <= 110


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "There is no experiment “nothing”; there are: glue, split,"),
        (["glue", "--bytes", "3"], "The experiment glue has no --bytes; it has: --count, --delay."),
        (["glue", "--count", "99"], "--count (messages) must be from 2 to 50."),
        (["glue", "--predict", "4"], "A prediction is a number from 1 to 3."),
    ],
)
def test_lab_refuses_in_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run("lab", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_server_can_be_started_by_itself() -> None:
    program = [sys.executable, "-m", "lab.wrong.naive_server"]
    with Program("0", program=program) as wrong, socket.create_connection(wrong.address(), 10) as sock:
        sock.sendall(b"half a li")
        assert sock.recv(100) == b"1: half a li\r\n"


@pytest.mark.parametrize("name", ["glue", "split", "letter"])
def test_whoever_reads_only_the_beginning_ends_nothing_with_a_complaint(name: str) -> None:
    command = " ".join([*CHAT, "lab", name, "--no-ask"]) + " | head -1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


@pytest.mark.skipif(sys.platform == "win32", reason="`ulimit` is POSIX's")
@pytest.mark.parametrize("name", ["naive", "slow", "one-thread"])
@pytest.mark.parametrize("descriptors", [6, 10, 13])
def test_an_experiment_that_cannot_be_done_says_so_or_has_a_result(name: str, descriptors: int) -> None:
    command = f"ulimit -n {descriptors}; " + " ".join([*CHAT, "lab", name, "--no-ask"])
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert "Traceback" not in done.stderr
    assert ("What happened" in done.stdout) == (done.returncode == 0)
    if done.returncode:
        assert done.returncode == 2
        assert done.stderr.strip()


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "x"), OSError(errno.ENOSPC, "x")])
def test_an_error_of_an_experiment_is_not_taken_for_one_of_our_output(
    error: OSError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def conduct(notebook: Notebook, parameters: Parameters) -> Result:
        notebook.remark("begun")

        def fail() -> None:
            raise error

        with in_thread(fail, "fails"):
            raise TimeoutError

    broken = replace(EXPERIMENTS["glue"], conduct=conduct)
    monkeypatch.setitem(EXPERIMENTS, "glue", broken)
    assert chat.main(["lab", "glue", "--no-ask"]) == 2
    told = capsys.readouterr()
    assert "begun" in told.out
    assert "The experiment could not be finished on this computer" in told.err


def test_a_misspelt_experiment_or_command_gets_a_suggestion() -> None:
    assert "Did you mean glue?" in run("lab", "gleu").stderr
    assert "Did you mean server?" in run("srever").stderr
