"""Looks of a conversation that is being read: what is new, what is answered, one person alone."""

from client.model.conversations import Entry
from client_gui import ChatWindow
from tests.tools.irc import TAGS
from tests.tools.looks.chat_looks import CLASS, TEACHER
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import say, until


def said(stage: Stage, window: ChatWindow, text: str) -> Entry:
    """Return the entry of what was said in the shown conversation, when the server has given it an id."""
    assert window.page.shown
    shown = window.page.shown
    stage.until(lambda: any(one.text == text and one.msgid for one in shown.entries))
    return next(one for one in shown.entries if one.text == text)


def answered(stage: Stage) -> ChatWindow:
    """A room in which questions were asked and answered."""
    window = stage.chat()
    window.main_window.master.focus_force()
    until(window.master, window.main_window.has_focus)
    boris = stage.person("Boris", "Борис", TAGS)
    text = stage.say_in(
        "Which thread calls recv, and why is it not the one that draws the window?",
        "Какой поток вызывает recv и почему не тот, что рисует окно?",
    )
    stage.hear(window, boris, text)
    question = said(stage, window, text)
    answer = stage.say_in("The receiving thread: recv waits.", "Принимающий поток: recv ждёт.")
    window.controller.reading.answer(question)
    say(window, answer)
    own = said(stage, window, answer)
    boris.send(f"@+draft/reply={own.msgid} PRIVMSG #lab :" + stage.say_in("Thank you!", "Спасибо!"))
    boris.send(
        "@+draft/reply=gone PRIVMSG #lab :"
        + stage.say_in(
            "And that was in the last lesson: www.python.org", "А это с прошлой пары: www.python.org"
        )
    )
    stage.until(lambda: "www.python.org" in window.transcript_text())
    return window


@look()
def answering(stage: Stage) -> Window:
    window = answered(stage)
    assert window.page.shown
    window.controller.reading.answer(window.page.shown.entries[-1])
    window.page.composer.insert(stage.say_in("Which page?", "Какая страница?"))
    return window.master


def unread(stage: Stage) -> ChatWindow:
    """A room in which much was said while the user was in another one."""
    window = answered(stage)
    window.controller.join("#two")
    stage.until(lambda: window.page.shown and window.page.shown.name == "#two")
    vera = stage.person("Vera", "Вера", TAGS)
    anna = stage.say_in("Anna", "Анна")
    for number in range(3, 43):
        vera.send(f"PRIVMSG #lab :{number}")
        if number in (6, 20):
            vera.send(f"PRIVMSG #lab :{anna}, " + stage.say_in("look at this", "посмотри сюда"))
    vera.send(f"PRIVMSG #lab :{anna}!")
    session = window.session
    assert session
    stage.until(lambda: session.state.conversations["#lab"].unread > 42)
    window.controller.walk(-1)
    stage.until(lambda: window.transcript_text().count("\n") > 42)
    vera.enter("#two")
    for text in (f"{anna}?", "ok"):
        vera.send(f"PRIVMSG #two :{text}")
    stage.until(lambda: session.state.conversations["#two"].unread > 1)
    return window


@look()
def new_messages(stage: Stage) -> Window:
    return unread(stage).master


@look()
def first_new(stage: Stage) -> Window:
    window = unread(stage)
    window.actions.first_new.perform()
    return window.master


@look()
def one_person(stage: Stage) -> Window:
    window = answered(stage)
    window.controller.reading.only(stage.say_in("Boris", "Борис"))
    return window.master


@look()
def came_and_went(stage: Stage) -> Window:
    stage.serve(**CLASS)
    teacher = stage.person(*TEACHER)
    teacher.send("OPER t p")
    window = stage.chat()
    names = stage.say_in("Boris Vera Gleb Dasha Egor", "Борис Вера Глеб Даша Егор").split()
    students = [stage.person(name, name) for name in names]
    stage.hear(
        window, teacher, stage.say_in("Good morning. Read page 5.", "Доброе утро. Откройте страницу 5.")
    )
    stage.hear(window, students[0], stage.say_in("Is it step 2?", "Это шаг 2?"))
    for student in students:
        student.send("PART #lab")
        student.enter()
    stage.hear(window, teacher, stage.say_in("Yes, step 2.", "Да, шаг 2."))
    for student in students[:4]:
        student.send("QUIT")
    stage.until(lambda: len(window.page.members.list.rows) < 4)
    return window.master
