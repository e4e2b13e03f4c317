"""Looks of what is being written: formatting, emoji, who else writes, what is too long, the field's menu."""

import tkinter as tk

from tests.tools.irc import TAGS
from tests.tools.looks.finding_looks import with_menu
from tests.tools.looks.stage import Stage, Window, look
from tests.tools.windows import say, until


@look()
def formatting(stage: Stage) -> Window:
    window = stage.chat()
    boris = stage.person("Boris", "Борис", TAGS)
    for text in (
        stage.say_in(
            "*bold*, _slanted_, *_both_*, ~~crossed out~~, `recv(4096)`, but snake_case and 2*3*4",
            "*жирно*, _косо_, *_вместе_*, ~~зачёркнуто~~, `recv(4096)`, но snake_case и 2*3*4",
        ),
        "\x02bold\x02 \x1ditalic\x1d \x1funderline\x1f \x1estrike\x1e \x11mono\x11 \x16reverse\x16",
        " ".join(f"\x03{number:02}{number}\x03" for number in range(2, 16)),
    ):
        boris.send(f"PRIVMSG #lab :{text}")
    before = stage.say_in("This is the *loop*:", "Вот *цикл*:")
    after = stage.say_in("_Clear?_", "_Понятно?_")
    say(window, f"{before}\n```python\nwhile True:\n    data = connection.recv(4096)\n```\n{after}")
    stage.until(
        lambda: after.strip("_") in window.transcript_text() and "reverse" in window.transcript_text()
    )
    return window.master


@look()
def emoji(stage: Stage) -> Window:
    window = stage.chat(recent_emoji=("✓", "😎", "❤"))
    window.page.composer.text.focus_force()
    window.controller.writing.toggle_emoji()
    return window.master


@look()
def emoji_found(stage: Stage) -> Window:
    emoji(stage)
    stage.until(lambda: isinstance(stage.root.focus_get(), tk.Entry))
    for key in "he":
        stage.root.event_generate("<Key>", keysym=key)
        stage.root.event_generate("<KeyRelease>", keysym=key)
    return stage.root


@look()
def writing(stage: Stage) -> Window:
    window = stage.chat()
    for name in (("Boris", "Борис"), ("Vera", "Вера")):
        stage.person(*name, TAGS).send("@+typing=active TAGMSG #lab")
    window.page.composer.insert("\n".join(f"x = {number}" for number in range(120)))
    stage.until(
        lambda: (
            window.session and window.page.shown and len(window.session.state.typists(window.page.shown)) == 2
        )
    )
    until(stage.root, lambda: not window.page.composer.text.edit_modified())
    window.controller.writing.refresh()
    return window.master


@look()
def field_menu(stage: Stage) -> Window:
    window = stage.chat()
    text = window.page.composer.text
    window.page.composer.insert(stage.say_in("Hello, everybody", "Всем привет"))
    text.tag_add("sel", "1.0", "1.5")
    return with_menu(window, window.page.composer.menu.items())
