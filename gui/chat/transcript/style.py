"""How the parts of a transcript look: the tags of entry_text.py, and those of marks and matches."""

import re
import tkinter as tk
from typing import Any

from client.model.formatting.run import BOLD, CODE, COLOURS, ITALIC, REVERSE, STRIKE, UNDERLINE
from gui.chat.transcript.looks import BOLD_ITALIC
from gui.clock import clock_style
from gui.toolkit.theme import Look


def style_transcript(text: tk.Text, look: Look) -> None:
    """Give the text and its tags the current colours, fonts and distances."""
    p, em, fonts = look.palette, look.em, look.fonts
    look.text(text, p.window)
    text.configure(
        padx=0,
        pady=em(0.5),
        # The line after the last entry has no tag; keep it low.
        font=fonts["small"],
        tabs=(indent_of(look),),
        highlightthickness=0,
    )
    for tag, options in _tags(look).items():
        text.tag_configure(tag, **options)
    for tag, options in _looks(look).items():
        text.tag_configure(tag, **options)
    for tag, colour in zip(COLOURS, p.names, strict=True):
        text.tag_configure(tag, foreground=colour)
    text.tag_configure(REVERSE, foreground=p.window, background=p.text)
    for number, colour in enumerate(p.names):
        text.tag_configure(f"nick{number}", foreground=colour)
    looks = (*_looks(look), *COLOURS, REVERSE)
    for tag in ("quote", "nick", "action", *looks, "fold", "link", "marked", "found", "found now", "sel"):
        text.tag_raise(tag)


def indent_of(look: Look) -> int:
    """Return where names and texts begin, in pixels: behind the widest time that the font has.

    Tk makes no tab narrower than a space.
    """
    times = [clock_style().write(hour, 0, 0) for hour in (10, 22)]
    measure = look.fonts["small"].measure
    widest = max(measure(re.sub(r"\d", digit, one)) for one in times for digit in "0123456789")
    return max(look.em(4.9), look.em(1.2) + widest + look.fonts["body"].measure("  "))


def _looks(look: Look) -> dict[str, dict[str, Any]]:
    """Return the tags of what its author made look different."""
    fonts = look.fonts
    return {
        BOLD: {"font": fonts["bold"]},
        ITALIC: {"font": fonts["italic"]},
        BOLD_ITALIC: {"font": fonts["bold italic"]},
        UNDERLINE: {"underline": True},
        STRIKE: {"overstrike": True},
        CODE: {"font": fonts["mono"], "background": look.palette.code},
    }


def _tags(look: Look) -> dict[str, dict[str, Any]]:
    p, em, fonts = look.palette, look.em, look.fonts
    pad, indent, gap = em(1.2), indent_of(look), em(0.2)
    line = {
        "lmargin1": pad,
        "lmargin2": indent,
        "rmargin": em(1.5),
        "font": fonts["body"],
        "spacing1": gap,
        "spacing2": em(0.15),
        "spacing3": gap,
        "lmargincolor": "",
    }
    code = {"font": fonts["mono"], "background": p.code, "spacing1": 0, "spacing3": 0}
    thin = (fonts["body"].actual("family"), -1)
    quiet = {"foreground": p.muted, "font": fonts["small"]}
    day = {"foreground": p.muted, "font": fonts["heading"], "justify": "center"}
    return {
        "head": {**line, "spacing1": em(0.6)},
        "body": line,
        "more": {**line, "lmargin1": indent},
        "time": quiet,
        "teacher": {"foreground": p.accent, "font": fonts["heading"]},
        "quote": {**line, "lmargin1": indent, "foreground": p.muted, "font": fonts["small"]},
        "day": {**day, "spacing1": em(1.2), "spacing3": em(0.3)},
        "new": {**line, "foreground": p.accent, "font": fonts["heading"], "spacing1": em(0.8)},
        "rule": {"background": p.accent, "font": thin, "spacing1": 0, "spacing3": 0},
        "own": {"background": p.tinted, "lmargincolor": p.tinted, "rmargincolor": p.tinted},
        "mention": {"background": p.striking, "lmargincolor": p.striking, "rmargincolor": p.striking},
        "action": {"font": fonts["italic"]},
        "notice": {"foreground": p.muted},
        "quiet": quiet,
        "fold": {"foreground": p.accent},
        "info": {"foreground": p.muted},
        "error": {"foreground": p.danger},
        "code": {**code, "lmargincolor": p.window},
        "own code": {**code, "lmargincolor": p.tinted, "rmargincolor": p.tinted},
        "sending": {"foreground": p.muted},
        "failed": {"foreground": p.danger},
        "nick": {"font": fonts["bold"]},
        "link": {"foreground": p.accent, "underline": True},
        "found": {"background": p.highlight, "foreground": p.text},
        "found now": {"background": p.found, "foreground": p.text},
        "marked": {"background": p.selected, "lmargincolor": p.selected, "rmargincolor": p.selected},
    }
