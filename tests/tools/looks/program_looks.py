"""Looks of the launcher, and of the laboratory with its windows."""

from client_gui import ChatWindow
from gui.launcher.window import Launcher
from lab.judge.view import JudgeView
from lab.laboratory import Laboratory
from lab.threads.activity import ActivityTracker
from lab.threads.server_window import open_window
from server import ChatServer, ServerOptions
from tests.tools.irc import Client
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.programs import CHAT
from tests.tools.windows import say


def launching(stage: Stage) -> Launcher:
    """The launcher."""
    window = stage.main_window()
    page = Launcher(window, CHAT)
    window.show_page(page)
    stage.after(page.end)
    return page


@look()
def launcher(stage: Stage) -> Window:
    launching(stage)
    return stage.root


@look()
def launcher_server(stage: Stage) -> Window:
    page = launching(stage)
    page.start_server.button.invoke()
    stage.until(page._address)
    return stage.root


@look()
def class_page(stage: Stage) -> Window:
    launching(stage).hold_class.button.invoke()
    return stage.root


@look()
def class_runs(stage: Stage) -> Window:
    page = launching(stage)
    page.hold_class.button.invoke()
    page.class_page.fields["group"].set(stage.say_in("A1", "ИВТ-21"))
    page.class_page.make.invoke()
    page.class_page.start.invoke()
    page._awaits_desk = False  # the teacher's window would stand above it
    stage.until(page._address)
    return stage.root


@look()
def judge(stage: Stage) -> Window:
    window = stage.main_window()
    window.show_page(JudgeView(stage.root, window.look))
    return stage.root


@look()
def judged(stage: Stage) -> Window:
    window = stage.main_window()
    view = JudgeView(stage.root, window.look)
    window.show_page(view)
    view.form.places["server"].set(stage.serve())
    view.judge()
    stage.until(lambda: view._outcomes)
    view.cancel.invoke()
    stage.until(lambda: not view.is_judging)
    return stage.root


def in_laboratory(stage: Stage) -> tuple[ChatWindow, Laboratory]:
    """A chat with its laboratory, and something said."""
    laboratory = Laboratory()
    boris = stage.person("Boris", "Борис")
    window = stage.chat(laboratory=laboratory)
    stage.hear(window, boris, stage.say_in("Hello!", "Привет!"))
    say(window, stage.say_in("Hello, Boris", "Привет, Борис"))
    return window, laboratory


@look()
def wire(stage: Stage) -> Window:
    window, laboratory = in_laboratory(stage)
    laboratory.wire.toggle()
    view = laboratory.wire.view
    assert view
    assert window.page.shown
    entries = window.page.shown.entries
    stage.until(lambda: view.model.records and view.list.canvas.winfo_height() > 1)
    window.page.transcript.on_entry(entries[-2])
    return window.master


@look()
def wire_window(stage: Stage) -> Window:
    _window, laboratory = in_laboratory(stage)
    laboratory.wire.toggle()
    laboratory.wire._move()
    view = laboratory.wire.view
    assert view
    stage.until(lambda: view.model.records)
    return view.winfo_toplevel()


@look()
def threads(stage: Stage) -> Window:
    _window, laboratory = in_laboratory(stage)
    return laboratory.threads.show().winfo_toplevel()


@look()
def server_threads(stage: Stage) -> Window:
    tracker = ActivityTracker()
    server = ChatServer(ServerOptions(port=0, history=None, quiet=True), None, tracker)
    server.start()
    stage.after(server.stop)
    page = open_window(stage.root, server, tracker, stage.settings)
    stage.place(stage.root)
    for name in (stage.say_in("Anna", "Анна"), stage.say_in("Boris", "Борис")):
        client = Client(server.address, name)
        stage.after(client.close)
        client.register(name)
        client.enter()
    clients = len(server.status().clients)
    stage.until(lambda: page.threads._drawn and len(page.threads._drawn.boxes) > 2 * clients)
    return stage.root


@look()
def experiments(stage: Stage) -> Window:
    _window, laboratory = in_laboratory(stage)
    view = laboratory.experiments.show()
    view.predict(0)
    view.run()
    stage.until(lambda: not view.is_running)
    return view.winfo_toplevel()


@look()
def report(stage: Stage) -> Window:
    _window, laboratory = in_laboratory(stage)
    return laboratory.report.show().winfo_toplevel()


def touring(stage: Stage, bubble: int) -> Window:
    """The tour of the laboratory, at one of its bubbles."""
    window, laboratory = in_laboratory(stage)
    laboratory.tour.begin()
    for _ in range(bubble):
        assert laboratory.tour.bubble
        laboratory.tour.bubble.button.invoke()
    return window.master


@look()
def tour_wire(stage: Stage) -> Window:
    return touring(stage, 0)


@look()
def tour_threads(stage: Stage) -> Window:
    return touring(stage, 1)


@look()
def tour_experiments(stage: Stage) -> Window:
    return touring(stage, 2)


@look()
def tour_judge(stage: Stage) -> Window:
    return touring(stage, 3)


@look()
def tour_report(stage: Stage) -> Window:
    return touring(stage, 4)
