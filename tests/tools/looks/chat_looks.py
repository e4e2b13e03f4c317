"""Looks of the chat window. One more is a function here: it brings the windows into a state."""

from functools import partial

from client.model.events import Phase, Problem
from client.net.discovery import FoundServer
from client.problems import explain_problem
from client_gui import ChatWindow
from gui.board import Board
from gui.chat.connect_page import Form
from protocol.discovery import Offer
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import say

CODE = "while True:\n    connection, address = listener.accept()\n    start_thread(connection)"
TEACHER = ("Teacher", "Преподаватель")
CLASS = {"oper_name": "t", "oper_password": "p"}


class Found:
    """Two servers of a network that is not there."""

    asked, rounds = 1, 9
    found = (
        FoundServer(
            Offer("1" * 16, 6667, 6697, True, "chat.lab", "305", ("#lab", "#group2"), "ИВТ-21"),
            ("192.168.0.10",),
        ),
        FoundServer(Offer("2" * 16, 7000, None, False, "anna.lab", "LabChat", ("#lab",)), ("192.168.0.23",)),
    )

    def start(self) -> None:
        """They are there."""

    def stop(self) -> None:
        """They stay."""


@look()
def connect(stage: Stage) -> Window:
    window = stage.window()
    page = window.connect_page
    page.fill(Form("192.168.0.5", stage.say_in("Anna", "Анна"), "#lab"))
    page.show_error("server", explain_problem(Problem.REFUSED, "192.168.0.5:6667"))
    return window.master


@look()
def connect_found(stage: Stage) -> Window:
    window = stage.window(finder=Found())
    window.connect_page.fill(Form("192.168.0.10:6667", stage.say_in("Anna", "Анна"), "#lab"))
    stage.until(lambda: window.connect_page.found.list.rows)
    return window.master


@look()
def empty_room(stage: Stage) -> Window:
    return stage.chat().master


def talk(stage: Stage) -> ChatWindow:
    """A room in which three people have talked."""
    boris, vera = stage.person("Boris", "Борис"), stage.person("Vera", "Вера")
    window = stage.chat()
    anna = stage.say_in("Anna", "Анна")
    boris.send(
        "TOPIC #lab :"
        + stage.say_in(
            "Laboratory work: a client-server chat on sockets",
            "Лабораторная работа: клиент-серверный чат на сокетах",
        )
    )
    hear = partial(stage.hear, window)
    hear(boris, stage.say_in("Hello everybody! Who started the server?", "Всем привет! Кто запустил сервер?"))
    say(window, stage.say_in("I did. It sees the three of us.", "Я. Он видит нас троих."))
    hear(
        vera,
        stage.say_in(
            "How it accepts connections: https://docs.python.org/3/library/socket.html",
            "Как он принимает соединения: https://docs.python.org/3/library/socket.html",
        ),
    )
    hear(vera, f"{anna}: " + stage.say_in("what if I pull out the cable?", "а если выдернуть кабель?"))
    vera.send(
        "PRIVMSG #lab :\x01ACTION " + stage.say_in("pulls out the cable", "выдёргивает кабель") + "\x01"
    )
    say(window, CODE)
    hear(boris, stage.say_in("Nothing was lost!", "Ничего не потерялось!"))
    boris.send(f"PRIVMSG {anna} :" + stage.say_in("May I ask you in private?", "Можно вопрос лично?"))
    stage.until(lambda: window.session and len(window.session.state.conversations) > 2)
    return window


@look()
def chat(stage: Stage) -> Window:
    return talk(stage).master


@look(0.5)
def narrow(stage: Stage) -> Window:
    return talk(stage).master


@look()
def private_talk(stage: Stage) -> Window:
    window = talk(stage)
    window.controller.talk_to(stage.say_in("Boris", "Борис"))
    return window.master


@look()
def help_(stage: Stage) -> Window:
    window = stage.chat()
    window.actions.help.perform()
    return window.master


@look()
def search(stage: Stage) -> Window:
    window = talk(stage)
    window.actions.search.perform()
    window.page.search.entry.insert(0, stage.say_in("the", "ка"))
    window.page.search.search()
    stage.until(lambda: not window.page.transcript.is_searching)
    return window.master


@look()
def question(stage: Stage) -> Window:
    window = talk(stage)
    window.page.composer.insert(stage.say_in("Half a sentence", "Половина фразы"))
    window.actions.quit.perform()
    return window.master


def cut_off(stage: Stage) -> ChatWindow:
    """Somebody who has gone on to write without a connection."""
    window = talk(stage)
    assert stage.server
    stage.server.stop()
    stage.until(lambda: window.session and window.session.state.phase is Phase.WAITING)
    say(window, stage.say_in("Are you there?", "Вы здесь?"))
    return window


@look()
def waiting(stage: Stage) -> Window:
    return cut_off(stage).master


@look()
def quiet(stage: Stage) -> Window:
    stage.serve(**CLASS)
    teacher = stage.person(*TEACHER)
    window = stage.chat()
    text = stage.say_in("A break in five minutes", "Через пять минут перерыв")
    for line in ("OPER t p", f"CLASS announce {text}", "CLASS quiet"):
        teacher.send(line)
    stage.until(lambda: window.page.banner.is_open and window.page.shown and window.page.shown.flags)
    return window.master


def teaching(stage: Stage) -> ChatWindow:
    """The teacher's window, with students."""
    roster = stage.say_in("Anna Brown,Ben Carter,Clara Evans", "Анна Иванова,Борис Петров,Вера Смирнова")
    names = roster.split(",")
    stage.serve(**CLASS, roster=(*names, stage.say_in("David Hill", "Глеб Орлов")))
    students = [stage.person(name.replace(" ", "_"), name.replace(" ", "_")) for name in names]
    window = stage.chat(stage.say_in(*TEACHER))
    window.controller.say("/oper t p")
    stage.until(lambda: window.session and window.session.state.rules_class)
    students[1].send("NOTICE @#lab :✋")
    window.controller.use_verb("mute", f"{students[2].name} 5")
    return window


@look()
def teachers_chat(stage: Stage) -> Window:
    return teaching(stage).master


@look()
def desk(stage: Stage) -> Window:
    window = teaching(stage)
    window.actions.desk.perform()
    assert window.desk._top
    stage.until(lambda: len(window.desk.page.list.rows) > len(stage.people))
    return window.desk._top


@look()
def board(stage: Stage) -> Window:
    window = teaching(stage)
    window.actions.board.perform()
    (shown,) = [child for child in window.master.winfo_children() if isinstance(child, Board)]
    shown.attributes("-fullscreen", False)
    return shown
