"""The card of a person: what the server says of him, kept up to date; what can be done with him."""

import tkinter as tk

from client.model.finding.card import LookedUp
from client_gui import ChatWindow
from gui.chat.finding.card_page import CardPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, say, shows, until


def card_of(window: ChatWindow) -> CardPage:
    return page_over(window.main_window, CardPage)


def opened_card(root: tk.Tk, window: ChatWindow) -> tuple[CardPage, LookedUp]:
    """Open Boris's card; return it, and what it shows, when the server has told it."""
    window.finding.show_card("Борис")
    card = card_of(window)
    until(root, lambda: not card.trouble)
    assert window.session
    asked = window.session.state.looked_up
    assert asked
    return card, asked


def test_a_card_says_who_somebody_is_until_he_has_gone(root: tk.Tk, irc: Irc) -> None:
    boris = irc.client("Борис").enter()
    boris.send("JOIN #физика")
    boris.expect(" 366 ")
    boris.send("AWAY :обед")
    boris.expect(" 306 ")
    with chat_window(root) as window:
        enter_room(window, irc.address)
        before = window.transcript_text()
        say(window, "/whois борис")
        card = card_of(window)
        until(root, lambda: not card.trouble)
        facts = card.facts()
        assert facts["Rooms that you share"] == "@#lab"
        assert facts["Away"] == "обед"
        assert facts["Other rooms"] == "@#физика"
        assert facts["Connected since"].startswith("Today")
        assert facts["Silent for"] == "less than a minute"
        assert not card.trouble
        assert window.transcript_text() == before
        boris.send("AWAY")
        boris.expect(" 305 ")
        card._ask("Борис")
        until(root, lambda: "Away" not in card.facts())
        card.ignore_button.invoke()
        assert window.session
        assert window.session.state.is_ignored("Борис")
        assert "do not see" in str(card._below.cget("text"))
        card.ignore_button.invoke()
        boris.send("QUIT")
        until(root, lambda: "not on the server any more" in card.trouble)
        assert "@#физика" in card.facts()["In rooms"], "what was known of him stays to be read"
        card.close_button.event_generate("<Escape>")
        assert not window.main_window.is_covered


def test_a_card_that_is_too_high_keeps_its_buttons_in_the_window(root: tk.Tk, irc: Irc) -> None:
    irc.client("Борис").enter()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        card, asked = opened_card(root, window)
        asked.card.others += ["очень длинные слова " * 400] * 12
        root.geometry("500x400")
        card.changed()
        button = card.close_button

        def lies_inside() -> bool:
            bottom = button.winfo_rooty() + button.winfo_height()
            return card._facts.winfo_reqheight() > 400 and bottom <= root.winfo_rooty() + 400

        until(root, lambda: root.winfo_height() == 400 and lies_inside())


def test_the_card_asks_again_while_it_is_open(root: tk.Tk, irc: Irc) -> None:
    irc.client("Борис").enter()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        card, asked = opened_card(root, window)
        answer = asked.card
        card.after_cancel(card._pending)
        card._refresh()
        until(root, lambda: asked.card is not answer)
        window.finding.show_card("Никто")
        until(root, lambda: "Никто is not on the server" in card_of(window).trouble)


def test_from_a_card_one_goes_to_a_private_talk(root: tk.Tk, irc: Irc) -> None:
    irc.client("Борис").enter()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.finding.show_card("Борис")
        card_of(window).talk_button.invoke()
        until(root, lambda: shows(window, "Борис"))
        assert not window.main_window.is_covered
