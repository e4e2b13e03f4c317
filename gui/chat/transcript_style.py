"""How the parts of a transcript look: the tags of `gui.chat.entry_text`, and of what is marked and found."""

import tkinter as tk

from gui.toolkit.theme import Look


def style_transcript(text: tk.Text, look: Look) -> None:
    """Give the text and its tags the colours, fonts and distances of this moment."""
    p, em = look.palette, look.em
    look.text(text, p.window)
    pad, indent = em(1.2), em(4.9)
    small = look.fonts["small"]
    text.configure(
        padx=0,
        pady=em(0.5),
        # The line behind the last entry, which no tag reaches, is to be low.
        font=small,
        tabs=(indent,),
        highlightthickness=look.px(2),
        highlightcolor=p.accent,
        highlightbackground=p.window,
    )
    gap = em(0.2)
    for tag in ("head", "body", "more"):
        text.tag_configure(
            tag,
            lmargin1=indent if tag == "more" else pad,
            lmargin2=indent,
            rmargin=em(1.5),
            font=look.fonts["body"],
            spacing1=em(0.6) if tag == "head" else gap,
            spacing2=em(0.15),
            spacing3=gap,
            lmargincolor="",
        )
    text.tag_configure("time", foreground=p.muted, font=small)
    text.tag_configure(
        "day",
        foreground=p.muted,
        font=look.fonts["heading"],
        justify="center",
        spacing1=em(1.2),
        spacing3=em(0.3),
    )
    text.tag_configure("own", background=p.own, lmargincolor=p.own, rmargincolor=p.own)
    text.tag_configure("mention", background=p.mention, lmargincolor=p.mention, rmargincolor=p.mention)
    text.tag_configure("action", font=look.fonts["italic"])
    text.tag_configure("notice", foreground=p.muted)
    text.tag_configure("quiet", foreground=p.muted, font=small)
    text.tag_configure("info", foreground=p.muted)
    text.tag_configure("error", foreground=p.danger)
    text.tag_configure(
        "code", font=look.fonts["mono"], background=p.code, lmargincolor=p.window, spacing1=0, spacing3=0
    )
    text.tag_configure(
        "own code",
        font=look.fonts["mono"],
        background=p.code,
        lmargincolor=p.own,
        rmargincolor=p.own,
        spacing1=0,
        spacing3=0,
    )
    text.tag_configure("sending", foreground=p.muted)
    text.tag_configure("failed", foreground=p.danger)
    text.tag_configure("nick", font=look.fonts["bold"])
    text.tag_configure("link", foreground=p.accent, underline=True)
    text.tag_configure("found", background=p.highlight)
    text.tag_configure("found now", background=p.found)
    text.tag_configure("marked", background=p.selected, lmargincolor=p.selected)
    for number, colour in enumerate(p.nicks):
        text.tag_configure(f"nick{number}", foreground=colour)
    for tag in ("nick", "action", "link", "marked", "found", "found now", "sel"):
        text.tag_raise(tag)
