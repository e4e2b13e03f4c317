"""What the tests share: a screen, a Tk root, a server with IRC clients, and a user's folders of their own."""

import gc
import importlib.util
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.students import table
from tests.tools.irc import Irc
from tests.tools.screen import has_real_screen, has_virtual_screen, virtual_screen
from tests.tools.users import Users
from translations import use_language

if TYPE_CHECKING:
    import tkinter

MORE_WORKERS = 2
"""Processes that run tests, beyond one for each processor: tests wait more than they compute."""


def pytest_configure(config: pytest.Config) -> None:
    """Say what is missing, instead of failing over each test that needs it."""
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(
            signal.SIGHUP, lambda *_: None
        )  # or, under nohup, no program of the tests would hear it
    missing = [f"pytest-{name}" for name in ("timeout", "xdist") if not config.pluginmanager.hasplugin(name)]
    missing += [name for name in ("hypothesis",) if importlib.util.find_spec(name) is None]
    if missing:
        pytest.exit(
            f"The tests need {', '.join(missing)}, which this Python does not have. "
            "Run `python3 -m tests`: it installs what they need into an environment of their own.",
            returncode=2,
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` means."""
    return (os.cpu_count() or 1) + MORE_WORKERS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a process of many, begin with the files that take longest, so that none of them ends alone."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        with_long_tests = {item.path for item in items if item.get_closest_marker("long")}
        tests_in = Counter(item.path for item in items)
        items.sort(key=lambda item: (item.path not in with_long_tests, -tests_in[item.path], item.path))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Collect what a test of windows leaves behind, when pytest itself holds nothing of it any more.

    Tk's objects must end in the thread that made them, not in whichever thread collects garbage next: there
    they wait for seconds, and fail a test that has nothing to do with them.
    """
    result = yield
    if "screen" in getattr(item, "fixturenames", ()):
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)
        gc.collect()
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the marks of all programs that the judge has judged (`tests/lab/judge/test_students.py`)."""
    reports = [one for several in terminalreporter.stats.values() for one in several]
    marks: dict[str, dict[str, str]] = {}
    for report in reports:
        if isinstance(report, pytest.TestReport):
            marks |= {name: value for name, value in report.user_properties if isinstance(value, dict)}
    if marks:
        terminalreporter.section("what the judge says")
        terminalreporter.write_line("\n".join(table.lines(marks)))


@pytest.fixture(autouse=True)
def user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test, and each program that it starts, is a new user's: no settings, no history, English."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("LC_ALL", "LC_MESSAGES", "CHAT_PASSWORD", "CHAT_OPER_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    # No program that a test starts may ask or answer in a real network; in networks of its own a test takes
    # this back (tests/tools/networks.py).
    monkeypatch.setenv("CHAT_NO_DISCOVERY", "1")
    use_language("en")
    return home


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Fail the test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0, deadline - time.monotonic()))
    left = sorted(thread.name for thread in set(threading.enumerate()) - before)
    assert not left, f"threads left behind: {', '.join(left)}"


@pytest.fixture(autouse=True)
def no_fault_is_passed_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test in which a session went on after a fault over a line, unless it is about that."""
    faults: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = faults.append  # type: ignore[method-assign, assignment]
    log = logging.getLogger("chat.client")
    log.addHandler(handler)
    yield
    log.removeHandler(handler)
    if faults and "faults" not in request.keywords:
        pytest.fail("\n".join(map(logging.Formatter().format, faults)))


@pytest.fixture
def irc(tmp_path: Path) -> Iterator[Irc]:
    """A real server on a free port, and clients of it: see `tests.tools.irc`."""
    made = Irc(tmp_path)
    yield made
    made.close()


@pytest.fixture
def meet() -> Iterator[Users]:
    """Our clients without windows: `meet(address, "Анна")`; they all leave at the end."""
    users = Users()
    yield users
    users.leave()


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """A screen for windows: Xvfb's where there is one, so that nothing is typed into a user's window."""
    if has_virtual_screen():
        with virtual_screen() as display, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DISPLAY", display)
            yield display
    elif has_real_screen():
        yield os.environ.get("DISPLAY", "")
    elif os.environ.get("CI"):
        pytest.fail("no screen: install xvfb (.ci/run does)")
    else:
        pytest.skip("no screen: install xvfb to run the tests of the windows")


@pytest.fixture
def root(screen: str) -> Iterator["tkinter.Tk"]:
    """A Tk root window; an exception in one of its callbacks fails the test."""
    tkinter = pytest.importorskip(
        "tkinter", reason="no tkinter: install python3-tk to run the tests of the windows"
    )
    from gui.toolkit.theme import Root

    made = Root()
    made.deiconify()
    # A screen keeps the scaling that a test before has set: it belongs to the process, not to the root.
    made.tk.call("tk", "scaling", 96 / 72)
    errors: list[BaseException] = []
    made.report_callback_exception = lambda kind, error, trace: errors.append(error)
    yield made
    with suppress(tkinter.TclError):  # a test may have destroyed it
        for name in made.tk.splitlist(made.tk.call("after", "info")):
            # Not `after_cancel`: a widget that cannot delete its command any more keeps its root alive, and
            # Tk crashes when that goes later, from whichever root has the focus then.
            made.tk.call("after", "cancel", name)
        made.destroy()
    if errors:
        raise errors[0]
