"""Looks of the settings, and of what keeps a window quiet."""

from client.settings import Visit
from gui.settings.page import SettingsPage
from gui.settings.quiet import HOUR
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import say


def opened(stage: Stage) -> SettingsPage:
    """The page of somebody who ignores people and has muted a room."""
    names = stage.say_in("Vera Gleb noise Anna", "Вера Глеб шум Анна").split()
    window = stage.window(
        nick=names[3],
        ignored=names[:2],
        muted=(f"#{names[2]}",),
        geometry="1024x768",
        identity="1" * 32,
        visits={"127.0.0.1:6667": Visit(("#lab", "#b"), (names[0],))},
    )
    page = SettingsPage(window.main_window)
    window.main_window.cover(page)
    return page


@look()
def settings(stage: Stage) -> Window:
    return opened(stage).winfo_toplevel()


@look()
def settings_end(stage: Stage) -> Window:
    """Scrolled down."""
    page = opened(stage)
    page.update()
    lowest = max(page.cards, key=lambda card: card.winfo_y() + card.winfo_height())
    page.scrolled.see(lowest.winfo_children()[-1])
    return page.winfo_toplevel()


@look()
def quiet_and_muted(stage: Stage) -> Window:
    window = stage.chat()
    say(window, "/join #second")
    stage.until(lambda: window.page.shown and window.page.shown.name == "#second")
    say(window, "/mute #lab")
    window.attention.quiet.choose(HOUR)
    return window.master
