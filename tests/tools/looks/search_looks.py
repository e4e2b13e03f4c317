"""Looks of the search in what was said, and of what waits to be sent."""

from client_gui import ChatWindow
from gui.chat.searching.page import SearchPage
from tests.tools.looks.chat_looks import CODE, cut_off, talk
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import page_over, say


def _searched(stage: Stage) -> tuple[ChatWindow, SearchPage]:
    """A search of which not everything is loaded, in 200 messages."""
    stage.serve(throttle=False)
    boris = stage.person("Boris", "Борис")
    for number in range(20):
        boris.send("PRIVMSG #lab :" + stage.say_in("The server waits in accept", "Сервер ждёт в accept"))
        for minute in range(9):
            boris.send(f"PRIVMSG #lab :{number}:{minute} recv, send, close")
    boris.send("PING done")
    boris.expect("PONG .*done")
    window = talk(stage)
    window.searching.open(stage.say_in("SERVER", "сервер"))
    page = page_over(window.main_window, SearchPage)
    stage.until(lambda: len(page.list.rows) > 20)
    return window, page


@look()
def search_history(stage: Stage) -> Window:
    window, page = _searched(stage)
    page.list.canvas.focus_force()
    return window.master


@look()
def search_around(stage: Stage) -> Window:
    window, page = _searched(stage)
    page.list.on_open(page.list.rows[-2][1])
    stage.until(lambda: (around := window.searching.around) and len(around.parts) == len(around.asked))
    return window.master


@look(0.5)
def search_narrow(stage: Stage) -> Window:
    return _searched(stage)[0].master


def _left_waiting(stage: Stage) -> ChatWindow:
    """Somebody of whom much waits, in two conversations."""
    window = cut_off(stage)
    say(window, CODE)
    window.controller.talk_to(stage.say_in("Boris", "Борис"))
    say(window, stage.say_in("Has your server ended?", "У тебя сервер упал?"))
    return window


@look()
def search_loaded(stage: Stage) -> Window:
    window = _left_waiting(stage)
    window.searching.open(stage.say_in("server", "сервер"))
    stage.until(lambda: isinstance(page := window.main_window._over, SearchPage) and page.list.rows)
    return window.master


@look()
def unsent(stage: Stage) -> Window:
    window = _left_waiting(stage)
    window.actions.unsent.perform()
    return window.master


@look(0.5)
def waiting_narrow(stage: Stage) -> Window:
    return _left_waiting(stage).master
