"""Levels 1 to 3: a client that connects, sends what is typed, and shows what comes meanwhile."""

from typing import Final

from lab.judge import sections
from lab.judge.check import Check, WrongError
from lab.judge.client.bench import ClientBench
from lab.judge.client.welcome import find
from translations import _

_RUSSIAN: Final = "Привет, Ёжик"
_FOREIGN: Final = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1251": "windows-1251",
    "cp866": "cp866",
    "koi8-r": "KOI8-R",
}
"""Encodings in which programs send Russian letters by mistake, and their names."""
_BYTE_ORDER_MARK: Final = "\ufeff".encode()


def _connects(bench: ClientBench) -> None:
    bench.connect()


def _registers(bench: ClientBench) -> None:
    bench.join()


def _speaks(bench: ClientBench) -> None:
    bench.hear(
        _(
            "The line was typed, and it was not sent. Does the program read its standard input line by "
            "line, and is what it writes sent at once (flush)?"
        )
    )


def _russian(bench: ClientBench) -> None:
    line = f"{bench.word()} {_RUSSIAN}"
    if bench.hears(line):
        if bench.introduction.startswith(_BYTE_ORDER_MARK):
            raise WrongError(
                _("text in UTF-8 from the first byte on"),
                _(
                    "The program sends a byte order mark (EF BB BF) before its first text, as a StreamWriter "
                    "with Encoding.UTF8 does: use new UTF8Encoding(false)."
                ),
                bench.introduction,
            )
        return
    received = bytes(bench.join().received)
    found = next((name for code, name in _FOREIGN.items() if _RUSSIAN.encode(code) in received), "")
    if found:
        meaning = _("The text is encoded in {encoding}: say UTF-8 where you turn text into bytes.")
    elif b"???" in received:
        meaning = _("The letters became question marks: the encoding has no Russian letters. Say UTF-8.")
    else:
        meaning = _(
            "The letters did not come as UTF-8. Say UTF-8 where you turn text into bytes, and where you read "
            "what is typed; and count bytes, not letters, where you say how much is sent."
        )
    raise bench.wrong(_("“{text}” in UTF-8").format(text=line), meaning.format(encoding=found))


def _framed(bench: ClientBench) -> None:
    bench.protocol.need_frames()
    one = bench.join()
    if not bench.protocol.frames(bench.introduction):
        raise WrongError(
            _("the name as a message of its own, with its end"),
            _(
                "What comes first is the name, and its end is not marked: the server cannot know where the "
                "name ends and the first text begins. End it as every message."
            ),
            bench.introduction,
        )
    for line in (bench.word(), bench.word()):
        heard = bench.hears(line)
        holding = [frame for frame in one.frames() if line.encode() in frame]
        if not heard or len(holding) != 1 or b"hello" in holding[0].replace(line.encode(), b""):
            raise bench.wrong(
                _("“{text}” as a message of its own, with its end").format(text=line),
                _(
                    "What is typed has to be sent as one message, and the server must see where it ends: "
                    "end it as the contract says (a line end, a length before it, a zero byte)."
                ),
            )


def _shows(bench: ClientBench) -> None:
    one = bench.join()
    text = bench.word()
    one.say(text)
    bench.show(
        [text],
        _(
            "A message came while the program waited for its user to type, and it was not shown. One thread "
            "cannot wait for both: let a second one receive. And print at once: what goes into a pipe is "
            "kept back unless you flush."
        ),
    )


def _pong(bench: ClientBench) -> None:
    one = bench.join()
    word = bench.word()
    one.send(f"PING :{word}\r\n".encode())
    bench.crowd.wait(lambda: find(one, "PONG") is not None)
    answer = find(one, "PONG")
    if answer is None or word not in answer.params:
        raise bench.wrong(
            _("PONG :{word}").format(word=word),
            _(
                "The server asks with PING whether the client is still there. A client answers by itself, "
                "with PONG and the same word; who does not is disconnected after a while."
            ),
        )


def checks(*, is_irc: bool) -> "list[Check[ClientBench]]":
    """Return the checks of the first three levels."""
    registers = Check(
        "registers",
        1,
        lambda: _("registers (NICK, USER) and enters a room"),
        sections.IRC_CLIENT,
        _registers,
        ("connects",),
    )
    pong = Check("pong", 3, lambda: _("answers PING"), sections.IRC_CLIENT, _pong, ("registers",))
    begun = "registers" if is_irc else "connects"
    return [
        Check("connects", 1, lambda: _("connects, and says who it is"), sections.CONNECTION, _connects),
        *([registers] if is_irc else ()),
        Check("speaks", 1, lambda: _("sends what is typed"), sections.CONNECTION, _speaks, (begun,)),
        Check(
            "russian", 2, lambda: _("sends Russian letters in UTF-8"), sections.LETTERS, _russian, ("speaks",)
        ),
        Check("framed", 2, lambda: _("marks where a message ends"), sections.STREAM, _framed, ("speaks",)),
        Check(
            "shows",
            3,
            lambda: _("shows what comes while it waits for input"),
            sections.QUEUE,
            _shows,
            (begun,),
        ),
        *([pong] if is_irc else ()),
    ]
