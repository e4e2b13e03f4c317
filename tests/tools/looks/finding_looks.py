"""Looks of what finds rooms, people and commands."""

from client.model.finding.listing import ListedRoom
from client_gui import ChatWindow
from gui.chat.finding.card_page import CardPage
from gui.chat.finding.command_palette import CommandPalette
from gui.chat.finding.rooms_page import RoomsPage
from gui.toolkit.menu import Item
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import page_over

SUBJECTS = (
    ("physics", "физика", "Pendulum and springs", "Маятник и пружины", 24),
    ("networks", "сети", "Sockets, threads, protocols", "Сокеты, потоки, протоколы", 31),
    ("course-work", "курсовая", "Questions about the course work", "Вопросы по курсовой работе", 12),
    ("library", "библиотека", "", "", 3),
    ("flood", "флуд", "About everything and nothing", "Обо всём и ни о чём", 57),
)


def chat_with_rooms(stage: Stage) -> ChatWindow:
    window = stage.chat()
    for nick in (("Boris", "Борис"), ("Vera", "Вера")):
        stage.person(*nick)
    stage.until(lambda: len(window.page.members.list.rows) == 3)
    return window


def rooms_page(stage: Stage) -> tuple[ChatWindow, RoomsPage]:
    window = chat_with_rooms(stage)
    window.finding.show_rooms()
    page = page_over(window.main_window, RoomsPage)
    assert window.session
    listing = window.session.state.listing
    stage.until(lambda: not listing.is_coming)
    for english, russian, about, russian_about, people in SUBJECTS:
        name, topic = stage.say_in(english, russian), stage.say_in(about, russian_about)
        listing.rooms.append(ListedRoom(f"#{name}", f"#{name}", people, topic))
    page.filter("")
    return window, page


@look()
def rooms(stage: Stage) -> Window:
    return rooms_page(stage)[0].master


@look()
def rooms_new(stage: Stage) -> Window:
    window, page = rooms_page(stage)
    page.entry.insert(0, stage.say_in("cour", "кур"))
    page._typed()
    return window.master


def palette(stage: Stage, typed: str) -> Window:
    window = chat_with_rooms(stage)
    window.actions.find.perform()
    page = page_over(window.main_window, CommandPalette)
    page.entry.insert(0, typed)
    page._typed()
    return window.master


@look()
def palette_empty(stage: Stage) -> Window:
    return palette(stage, "")


@look()
def palette_found(stage: Stage) -> Window:
    return palette(stage, stage.say_in("me", "ко"))


def card_of(stage: Stage) -> tuple[ChatWindow, CardPage]:
    window = chat_with_rooms(stage)
    boris = stage.person("Boris", "Борис")
    boris.send("JOIN " + stage.say_in("#physics", "#физика"))
    boris.expect(" 366 ")
    boris.send("AWAY :" + stage.say_in("at lunch, back at two", "обедаю, вернусь к двум"))
    boris.expect(" 306 ")
    window.finding.show_card(stage.say_in("Boris", "Борис"))
    page = page_over(window.main_window, CardPage)
    stage.until(lambda: not page.trouble)
    return window, page


@look()
def card(stage: Stage) -> Window:
    return card_of(stage)[0].master


@look()
def card_gone(stage: Stage) -> Window:
    window, page = card_of(stage)
    page.ignore_button.invoke()
    stage.person("Boris", "Борис").send("QUIT")
    stage.until(lambda: page.trouble)
    return window.master


@look()
def change_nick(stage: Stage) -> Window:
    window = stage.chat()
    window.finding.rename_me()
    return window.master


def with_menu(window: ChatWindow, items: list[Item]) -> Window:
    menu = window.main_window.menu
    menu.fill(items)
    window.master.after_idle(lambda: menu.menu.post(300, 200))  # when the window stands in front
    return window.master


@look()
def person_menu(stage: Stage) -> Window:
    window = chat_with_rooms(stage)
    window.master.update()
    return with_menu(window, window.finding.people.items(stage.say_in("Boris", "Борис")))


@look()
def room_menu(stage: Stage) -> Window:
    window = chat_with_rooms(stage)
    window.master.update()
    assert window.page.shown
    return with_menu(window, window.finding.items_of(window.page.shown))


@look(0.41)
def dropped_down(stage: Stage) -> Window:
    window = stage.chat()
    stage.person("Boris", "Борис").send(
        f"PRIVMSG {stage.say_in('Anna', 'Анна')} :" + stage.say_in("Hi", "Привет")
    )
    stage.until(lambda: "1" in str(window.page.topic.list_button.cget("text")))
    stage.until(window.page.topic.list_button.winfo_ismapped)
    window.page.drop_down()
    return window.master
