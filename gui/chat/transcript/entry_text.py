"""Transcript entries as text with tags, and the words for days. Pure functions: no widgets."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from client.model.conversations import SPOKEN, Delivery, Entry, Kind
from client.model.formatting.marks import Block, blocks, read_marks
from client.model.formatting.run import ITALIC, Run
from client.model.spoken import audience_of, service_name
from gui.chat.transcript.folding import is_summary
from gui.chat.transcript.looks import LINK, looked
from gui.clock import clock
from gui.toolkit.links import find_links
from translations import _

GROUP_SECONDS: Final = 300
"""Seconds of silence after which the author's name is shown again."""
SAID: Final = frozenset({Kind.MESSAGE, Kind.NOTICE})
_LOOKS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.MESSAGE: (),
    Kind.ACTION: ("action",),
    Kind.NOTICE: ("notice",),
    Kind.ERROR: ("error",),
    Kind.INFO: ("info",),
    Kind.SERVICE: ("info",),
}
"""Tags by kind; all others are quiet."""

Piece = tuple[str, tuple[str, ...]]
"""Some text and the names of its tags."""


class Layout(NamedTuple):
    """How an entry is laid out, given the entry before it."""

    new_day: bool
    """A day separator precedes it."""
    head: bool
    """A line with the author's name precedes it."""
    timed: bool
    """It shows its time."""
    new: bool = False
    """It is the first that the user has not seen: a line says so before it."""
    quote: str = ""
    """What it answers, in one line."""


def layout_after(entry: Entry, previous: Entry | None) -> Layout:
    """Return how to lay out `entry` after `previous` (None: it is the first)."""
    if previous is None:
        return Layout(new_day=True, head=entry.kind in SAID, timed=True)
    now, before = time.localtime(entry.time), time.localtime(previous.time)
    new_day = now[:3] != before[:3]
    same_author = (
        previous.kind is entry.kind
        and previous.nick == entry.nick
        and previous.own == entry.own
        and previous.audience == entry.audience
        and previous.by_teacher == entry.by_teacher
        and not new_day
    )
    goes_on = same_author and entry.time - previous.time < GROUP_SECONDS and not entry.reply_to
    head = entry.kind in SAID and not goes_on
    return Layout(new_day, head, head or new_day or clock(entry.time) != clock(previous.time))


def pieces(entry: Entry, layout: Layout, today: date, nick_number: int = 0) -> Iterator[Piece]:
    """Yield the entry's text in order; every piece has the tag `e<key>`.

    Tags: `day`, `new`, `rule`, `time`, `head`, `teacher`, `nick`, `nick<number>`, `quote`, `body`, `more` (a
    message's lines after the first), `said` (its text), `action`, `fold`, `notice`, `quiet`, `info`, `error`,
    `code`, `own code`, `link`, `own`, `mention`, `sending`, `failed`; those of `client.model.formatting.run`
    and `bold italic`.
    """
    if layout.new_day:
        yield day_title(date.fromtimestamp(entry.time), today) + "\n", (f"e{entry.key}", "day")
    if layout.new:
        yield _("New messages") + "\n", (f"e{entry.key}", "new")
        yield "\n", (f"e{entry.key}", "rule")
    mine = (f"e{entry.key}", *(("own",) if entry.own and entry.kind in SAID else ()))
    if entry.mention and not entry.own:
        mine = (*mine, "mention")
    shown_time = clock(entry.time)
    if layout.head:
        yield shown_time, (*mine, "head", "time")
        yield "\t", (*mine, "head")
        yield entry.nick, (*mine, "head", "nick", f"nick{nick_number}")
        if entry.by_teacher:
            yield f"  {_('teacher')}", (*mine, "head", "teacher")
        for mark in (_kind_of(entry), audience_of(entry)):
            yield f"  {mark}" if mark else "", (*mine, "head", "time")
        yield "\n", (*mine, "head")
    if layout.quote:
        yield f"↩ {layout.quote}\n", (*mine, "quote")
    look = _look(entry)
    first = (*mine, "body", *look)
    yield shown_time if layout.timed and not layout.head else "", (*mine, "body", "time")
    yield "\t", (*mine, "body")
    if entry.kind is Kind.ACTION:
        yield entry.nick, (*first, "nick", f"nick{nick_number}")
        yield " ", first
        if audience := audience_of(entry):
            yield f"({audience}) ", first
    elif name := service_name(entry):
        yield f"{name}: ", first
    line = "body"
    ground: tuple[str, ...] = ()
    always = ITALIC if entry.kind is Kind.ACTION else ""
    text, parts = text_of(entry), _blocks(entry)
    for part in parts:
        ground = (("own code" if entry.own else "code"),) if part.is_code else ()
        end = part.end + (part is not parts[-1])  # the line feed is drawn as what it ends
        for piece, looks in looked(text, part.start, end, _runs(entry, text, part), always):
            first_line = piece.find("\n") + 1 if line == "body" else 0
            if first_line:
                yield piece[:first_line], (*mine, "body", "said", *look, *ground, *looks)
                line = "more"
            yield piece[first_line:], (*mine, line, "said", *look, *ground, *looks)
    if entry.delivery is Delivery.FAILED:
        yield "  " + _("not delivered"), (*mine, "body", "failed")
    yield "\n", (*mine, line, *(look if line == "more" else ()), *ground)


def _kind_of(entry: Entry) -> str:
    if entry.announced:
        return _("announcement to everybody")
    return _("notice") if entry.kind is Kind.NOTICE else ""


def text_of(entry: Entry) -> str:
    """Return an entry's text as it is shown: that of a deleted message says so."""
    if not entry.deleted_by:
        return entry.text
    if entry.deleted_by == entry.nick:
        return _("message deleted")
    return _("message deleted by {nick}").format(nick=entry.deleted_by)


def _look(entry: Entry) -> tuple[str, ...]:
    if entry.deleted_by:
        return ("quiet",)
    if is_summary(entry):
        return ("quiet", "fold")
    look = _LOOKS.get(entry.kind, ("quiet",))
    if entry.delivery is Delivery.SENDING:
        look = (*look, "sending")
    elif entry.delivery is Delivery.FAILED:
        look = (*look, "failed")
    return look


def _blocks(entry: Entry) -> list[Block]:
    """Return which lines of the entry's text are code."""
    text = text_of(entry)
    is_said = entry.kind in SAID and not entry.deleted_by
    return list(blocks(text)) if is_said else [Block(0, len(text), is_code=False)]


def _runs(entry: Entry, text: str, part: Block) -> list[Run]:
    """Return where a part of the entry's text looks different: links, IRC's codes, and marks."""
    words = text[part.start : part.end]
    found = find_links(words)
    runs = [Run(part.start + start, part.start + end, (LINK,)) for start, end in found]
    if not part.is_code and not entry.deleted_by:
        runs += entry.runs
        if entry.kind in SPOKEN:
            at = part.start
            runs += (Run(at + one.start, at + one.end, one.looks) for one in read_marks(words, found))
    return runs


def moment_in_words(seconds: float, today: date) -> str:
    """Return a moment, in seconds since the epoch, as people say it: the day in words, and the time."""
    return f"{day_title(date.fromtimestamp(seconds), today)}, {clock(seconds)}"


def day_title(day: date, today: date) -> str:
    """Return a day in words: today, yesterday, or its date."""
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    months = (
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    )
    return _("{day} {month} {year}").format(day=day.day, month=months[day.month - 1], year=day.year)
