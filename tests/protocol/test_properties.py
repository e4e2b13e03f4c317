"""What holds for all bytes, lines, names, masks, texts and modes, not only for those that came to mind.

The examples are the same in every run, so that a failure is never a matter of luck.
"""

import itertools
import re
import string
import sys
import tempfile
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Final

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chatroom.history.ids import END
from chatroom.history.rows import Author, PageQuery, Row, Talk, talk_number
from chatroom.history.store import History
from chatroom.mode_table import LIST_MODES, PREFIXES, ModeKind, letters_of, takes_parameter
from chatroom.multiline_batch import CONTINUED, NEW_LINE, batch_lines, separate_lines, split_stored
from client.model.isupport import MAX_PREFIXES, ISupport
from client.model.sanitize import clean
from client.net.connection import decode_tolerantly
from protocol.framing import MAX_CLIENT_TAGS, MAX_LINE, MAX_TAGS, LineReader
from protocol.masks import matches, to_pattern
from protocol.message import (
    LineTooLongError,
    MalformedLineError,
    Message,
    Utf16Error,
    decode,
    escape_tag,
    format_message,
    format_tags,
    parse,
    parse_tags,
    unescape_tag,
)
from protocol.modes import ModeChange, format_mode_changes, parse_mode_changes
from protocol.names import casemapping, fold, is_valid_channel, is_valid_nick
from protocol.text import cut, split, visible
from protocol.user_masks import complete_user_mask

settings.register_profile("labchat", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("labchat")

CHARS: Final = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n")
"""Characters that a line can hold."""
TEXT: Final = st.text(CHARS, max_size=80)
MIDDLE: Final = st.text(CHARS, min_size=1, max_size=20).filter(lambda t: " " not in t and t[0] != ":")
COMMANDS: Final = st.text(string.ascii_uppercase, min_size=1, max_size=12) | st.text(
    string.digits, min_size=3, max_size=3
)
TAG_KEYS: Final = st.text(string.ascii_letters + string.digits + "-./+", min_size=1, max_size=12)
TAGS: Final = st.dictionaries(
    TAG_KEYS, st.text(st.characters(exclude_characters="\0"), max_size=20), max_size=4
)
LINE_BYTES: Final = st.lists(
    st.sampled_from(
        [b"\r", b"\n", b"\r\n", b"\0", b" ", b":", b"@", b";", b"=", b"\xff", b"PING", b"a" * 600]
    )
    | st.binary(max_size=8)
    | TEXT.map(str.encode),
    max_size=12,
).map(b"".join)
STREAM: Final = st.lists(LINE_BYTES | st.just(b"x" * (MAX_TAGS + MAX_LINE - 1)), max_size=6).map(b"".join)


@given(STREAM, st.lists(st.integers(0, 20_000)))
@example(b"x" * 20_000 + b"\r\nPING\r\n", [5_000, 19_999, 20_001])
def test_any_cut_of_a_stream_gives_the_same_lines(stream: bytes, cuts: list[int]) -> None:
    whole, in_pieces = LineReader(), LineReader()
    lines = whole.feed(stream)
    at = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    found = [line for start, end in itertools.pairwise(at) for line in in_pieces.feed(stream[start:end])]
    assert found == lines
    assert in_pieces.held == whole.held


@given(st.lists(st.binary(max_size=3000).map(lambda raw: raw * 40), max_size=5))
def test_a_line_without_end_takes_bounded_memory(chunks: list[bytes]) -> None:
    reader = LineReader()
    for chunk in chunks:
        for line in reader.feed(chunk):
            assert len(line) <= MAX_TAGS + MAX_LINE + 1
            assert b"\r" not in line
            assert b"\n" not in line
        assert len(reader.held) <= MAX_TAGS + MAX_LINE + 1


@given(
    st.builds(
        lambda command, middle, last, source, tags: Message(command, (*middle, *last), source, tags),
        COMMANDS,
        st.lists(MIDDLE, max_size=14),
        st.lists(TEXT, max_size=1),
        st.text(CHARS, max_size=30).filter(lambda text: " " not in text),
        TAGS,
    )
)
def test_a_message_that_is_formatted_and_parsed_is_the_same(message: Message) -> None:
    assert parse(format_message(message)) == message


@given(TEXT)
def test_a_line_that_is_parsed_formatted_and_parsed_means_the_same(line: str) -> None:
    try:
        message = parse(line)
    except MalformedLineError:
        return
    if message.command[0] == "@":  # no command that any program could send
        return
    try:
        again = format_message(message)
    except ValueError:
        return
    assert parse(again) == message


@given(LINE_BYTES | st.binary(max_size=9000) | st.binary(max_size=300).map(lambda raw: b"@" + raw * 30))
def test_decoding_raises_nothing_but_its_four_errors(raw: bytes) -> None:
    try:
        message = decode(raw)
    except (LineTooLongError, MalformedLineError, Utf16Error, UnicodeDecodeError):
        return
    assert len(raw) <= MAX_CLIENT_TAGS + MAX_LINE - 2
    assert message.command
    assert "\0" not in str(message)


@given(LINE_BYTES | st.binary(max_size=9000))
def test_a_client_takes_any_bytes_of_a_server(raw: bytes) -> None:
    message = decode_tolerantly(raw)
    assert message is None or message.command


@given(st.text())
def test_a_tag_value_comes_back_and_never_breaks_a_line(value: str) -> None:
    escaped = escape_tag(value)
    assert unescape_tag(escaped) == value
    assert not set(escaped) & set("; \r\n")


@given(st.text(CHARS, max_size=60).filter(lambda text: " " not in text))
def test_tags_that_are_relayed_never_grow(text: str) -> None:
    again = format_tags(parse_tags(text))
    assert len(again.encode()) <= len(text.encode())
    assert parse_tags(again) == parse_tags(text)


LETTERS: Final = st.characters(categories=["L", "M", "N", "S", "P"])
NAMES: Final = st.text(
    st.sampled_from("aAкКäßſİıΣςǅ\u037a\ufdfa\u3164\u212a[]{}|\\^~-_1ﬁ") | LETTERS, min_size=1, max_size=8
)


def test_folding_any_character_twice_is_folding_it_once() -> None:
    for number in range(sys.maxunicode + 1):
        once = fold(chr(number))
        assert fold(once) == once, hex(number)


@given(NAMES)
def test_folding_is_final(name: str) -> None:
    for token in ("ascii", "rfc1459", "rfc7613"):
        mapping = casemapping(token)
        assert mapping(mapping(name)) == mapping(name)


def test_no_letter_of_a_nick_is_invisible_or_stands_for_a_space() -> None:
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if is_valid_nick("a" + char) or is_valid_nick(char):
            folded = fold(char)
            assert folded, hex(number)
            assert not any(c in " ,:!@*?" or unicodedata.category(c)[0] in "CZ" for c in folded), hex(number)
            assert "FILLER" not in unicodedata.name(char, ""), hex(number)


@given(NAMES)
def test_a_legal_name_can_stand_anywhere_in_a_line(name: str) -> None:
    nick, channel = name, f"#{name}"
    if is_valid_nick(nick):
        assert parse(f":{nick}!u@h KICK #lab {nick} :x").params[1] == nick
        assert parse(f":{nick}!u@h QUIT").nick == nick
    if is_valid_channel(channel):
        assert parse(f"JOIN {channel},#b key").params[0].split(",")[0] == channel
        assert visible(channel) == channel


def naive(mask: str, name: str) -> bool:
    """Match by the definition, trying everything."""
    if not mask:
        return not name
    if mask[0] == "*":
        return any(naive(mask[1:], name[start:]) for start in range(len(name) + 1))
    return bool(name) and mask[0] in ("?", name[0]) and naive(mask[1:], name[1:])


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=9))
@example("*aba*baa", "abaa")
def test_a_mask_matches_what_its_definition_says(mask: str, name: str) -> None:
    assert matches(mask, name) == naive(mask, name)


@given(st.text("ab*?.(>\\", max_size=40))
def test_no_star_of_a_mask_is_tried_twice(mask: str) -> None:
    """Each star but the last is in an atomic group, and the last can only be tried at each place once."""
    free_stars = re.findall(r"(?<!\(\?>)\.\*\?", to_pattern(mask))
    assert len(free_stars) == ("*" in mask)
    assert to_pattern(mask).count("(?>.*?") <= mask.count("*")


@given(st.text("aб!@*?:", max_size=20))
def test_a_completed_mask_is_complete(mask: str) -> None:
    try:
        full = complete_user_mask(mask)
    except ValueError:
        return
    assert complete_user_mask(full) == full
    assert "!" in full
    assert "@" in full.partition("!")[2]


@given(st.text(CHARS, max_size=200), st.integers(4, 60))
def test_text_is_cut_and_split_between_letters_and_nothing_is_lost(text: str, limit: int) -> None:
    beginning = cut(text, limit)
    assert text.startswith(beginning)
    assert len(beginning.encode()) <= limit
    assert beginning == text or len(text[: len(beginning) + 1].encode()) > limit
    pieces = split(text, limit)
    rest = text
    for piece in pieces:
        assert len(piece.encode()) <= limit
        assert rest.startswith(piece)
        rest = rest[len(piece) :]
        rest = rest.removeprefix(" ") if piece is not pieces[-1] else rest
    assert not rest
    assert len(pieces) <= max(1, len(text.encode()))


@given(st.text())
def test_nothing_raw_is_shown(text: str) -> None:
    for shown in (visible(text), clean(text.replace("\t", " "))):
        assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")]
    assert not [char for char in visible(text) if unicodedata.category(char) == "Cf"]


PARAMETERS: Final = st.text("abБ*!@1", min_size=1, max_size=6)
CHANGES: Final = st.lists(
    st.one_of(
        st.builds(ModeChange, st.booleans(), st.sampled_from(letters_of(ModeKind.FLAG)), st.none()),
        st.builds(
            ModeChange, st.booleans(), st.sampled_from(LIST_MODES + "".join(PREFIXES) + "k"), PARAMETERS
        ),
        st.builds(ModeChange, st.just(True), st.just("l"), PARAMETERS),
        st.builds(ModeChange, st.just(False), st.just("l"), st.none()),
    ),
    min_size=1,
    max_size=12,
)


@given(CHANGES)
def test_mode_changes_that_are_formatted_and_parsed_are_the_same(changes: list[ModeChange]) -> None:
    letters, *params = format_mode_changes(changes).split(" ")
    assert list(parse_mode_changes(letters, params, takes_parameter)) == changes


@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=20))
def test_any_mode_string_is_parsed(letters: str, params: list[str]) -> None:
    changes = list(parse_mode_changes(letters, params, takes_parameter))
    assert len(changes) == sum(letter not in "+-" for letter in letters)


@given(
    st.lists(st.tuples(st.booleans(), st.text(CHARS, max_size=20)), min_size=1, max_size=8),
    st.sampled_from([":Анна!~a@h PRIVMSG #lab :", ":a!~b@0::1 NOTICE b :"]),
)
def test_a_message_of_several_lines_comes_out_of_the_history_as_it_went_in(
    given_lines: list[tuple[bool, str]], head: str
) -> None:
    lines = [
        (CONTINUED if continued and number else NEW_LINE) + text
        for number, (continued, text) in enumerate(given_lines)
    ]
    assert split_stored(head + "".join(lines)) == (head, lines)
    sent = batch_lines(head, lines, "b1")
    assert [line for _tags, line in sent] == [head + line[1:] for line in lines]
    separate = [line for _tags, line in separate_lines(head, lines, "")]
    assert separate == [head + text for _continued, text in given_lines if text]


@given(TEXT)
def test_an_ordinary_message_is_not_taken_for_several_lines(text: str) -> None:
    line = f":Анна!~a@h PRIVMSG #lab :{text}"
    assert split_stored(line) == (line, [])


SAID: Final = st.lists(
    st.tuples(st.sampled_from(["#a", "#b", " борис"]), st.integers(0, 3), st.booleans()), max_size=30
)


@settings(max_examples=60)
@given(SAID, st.data())
def test_history_pages_are_those_of_a_simple_list(
    said: list[tuple[str, int, bool]], data: st.DataObject
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(History(Path(folder) / "history.sqlite3")) as history,
    ):
        rows: list[Row] = []
        now = 1000
        for number, (target, later, event) in enumerate(said, 1):
            now += later - 1  # a clock may go back
            author = Author("proof", "анна", "h")
            receiver = "борис!~b@h" if target[0] == " " else ""
            line = f":a!b@c PRIVMSG {target} :{number}"
            assert history.add(target, now, line, author, receiver, event=event) == history.msgid(number)
            nick = author.nick if receiver else ""
            pair = talk_number("proof", "анна", receiver, target) if receiver else 0
            rows.append(Row(number, target, now, line, event, "proof", "h", receiver, nick, pair))
        if rows and data.draw(st.sampled_from([False, True])):
            history.commit()
            history.delete(rows.pop(data.draw(st.integers(0, len(rows) - 1))).id)
        places = st.none() | st.integers(0, len(said) + 1) | st.just(END.before)
        for target in ("#a", "#b", " борис"):
            after, before = data.draw(places), data.draw(places)
            newest, events = data.draw(st.booleans()), data.draw(st.booleans())
            readers = data.draw(st.sets(st.sampled_from(["proof", "борис!~b@h", "вера!~v@h", "борис!~b@"])))
            talk = Talk(target, tuple(readers) if target[0] == " " else ())
            limit = data.draw(st.integers(0, 8))
            expected = [
                row
                for row in rows
                if row.target == target
                and (after is None or row.id > after)
                and (before is None or row.id < before)
                and (events or not row.event)
                and (target[0] != " " or "proof" in readers)
            ]
            expected = (expected[-limit:] if newest else expected[:limit]) if limit else []
            query = PageQuery(talk, limit, after, before, newest, events)
            assert history.page(query) == expected


@given(st.lists(st.text(CHARS, max_size=20) | TEXT.map(lambda value: f"PREFIX=({value}){value}"), max_size=8))
def test_a_client_takes_any_tokens_of_a_server(tokens: list[str]) -> None:
    support = ISupport()
    support.update(tokens)
    assume(support.prefix_modes)
    assert len(support.prefix_modes) == len(support.prefix_marks) <= MAX_PREFIXES
    assert support.prefix_marks.isprintable()
    assert support.ordered_marks(support.prefix_marks) is not None
    assert 512 <= support.line_length <= 8192
    support.takes_parameter("o", adding=True)
    support.is_channel("#lab")
    support.without_status("@#lab")


@given(mask=st.text("ab?*", max_size=12), name=st.text("abc", max_size=20))
def test_masks_match_as_a_regular_expression_does(mask: str, name: str) -> None:
    pattern = "".join({"*": ".*", "?": "."}.get(char, char) for char in mask)
    assert matches(mask, name) == bool(re.fullmatch(pattern, name))
