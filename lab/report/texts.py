"""What a saved report repeats of the lab report (`docs/en/lab_report.md`, `docs/ru/lab_report.md`)."""

from typing import Final, NamedTuple

from translations import _


class ResultRow(NamedTuple):
    """A row of the table of results."""

    key: str
    """By which `lab.report.evidence.happened` finds what happened in this run; it is not shown."""
    action: str
    expected: str


OPTIONAL: Final = frozenset({"crash", "offline", "wire"})
"""Rows of the table of results that stand in a report only if it happened."""


def aim() -> str:
    """Return the aim of the work."""
    return _(
        "To study how a client-server application exchanges messages in real time through sockets: "
        "how a server accepts connections and serves several clients at once, how messages are made"
        " out of a stream of bytes, and how a client with a window receives data without freezing."
    )


def task() -> tuple[str, ...]:
    """Return the points of the task."""
    return (
        _(
            "Start a server, connect several clients to it, exchange messages in a common room "
            "and in private."
        ),
        _(
            "Follow what happens at each action: which lines the server prints, which socket calls are "
            "made, which bytes are transferred."
        ),
        _("Check how the system behaves when a client disconnects and when the server crashes."),
        _(
            "Find in the source code the listening socket, the accept loop, the thread for each "
            "client, the sending of a message (SendMessage) and the client's receiving thread."
        ),
        _("Do the experiments: first predict, then run, then compare."),
        _(
            "Write a server and a client of your own, by your variant, in any programming language, and "
            "have them checked with the command chat judge."
        ),
        _("Fill in the table of results, answer the control questions, draw a conclusion."),
    )


def questions() -> tuple[str, ...]:
    """Return the control questions."""
    return (
        _("What is a socket? How does a listening socket differ from a connected one?"),
        _(
            "Why can several clients connect to one port of a server at once? How do their "
            "connections differ?"
        ),
        _("What do the calls bind, listen, accept, connect do? When is the connection established?"),
        _("What is a blocking call? Which of the socket calls block the thread, and when?"),
        _(
            "Why does the server need a separate thread for each client? What would the second "
            "client see if there were only one?"
        ),
        _("What does a recv() that returned zero bytes mean? How does it differ from an exception?"),
        _(
            "Does TCP keep the boundaries of messages? What happens to a program that takes one "
            "recv() for one message?"
        ),
        _("What does a receiver do with bytes that came after the last line end?"),
        _("Why must one not decode from UTF-8 what one recv() has returned?"),
        _("What is a race condition? Why are the rooms of this server not protected with a mutex?"),
        _(
            "Why must one not call recv() in the window's thread, nor touch the widgets from the "
            "receiving thread?"
        ),
        _(
            "Why does the client's queue have a greatest length? What happens to the server when the "
            "queue is full?"
        ),
        _("What happens to a client that does not read from its socket? Why does it not delay the others?"),
        _("Why does the server write a message into the history before sending it, and not after?"),
        _(
            "How does the client learn whether its message has arrived, and why does it not "
            "appear twice after a lost connection?"
        ),
        _("What are PING and PONG for, if TCP itself takes care of delivery?"),
        _(
            "What is the difference between 127.0.0.1, 0.0.0.0 and the computer's address in the local "
            "network when a server listens on them?"
        ),
        _(
            "What is the three-way handshake? Which two queues does a listening socket have, and what does "
            "the argument of listen set?"
        ),
        _(
            "How does FIN differ from RST, and what does a program see in each case? What are a half-closed "
            "and a half-open connection?"
        ),
        _("What is TIME_WAIT, which of the sides has it, and what does a server need SO_REUSEADDR for?"),
        _(
            "What does a send() that succeeded mean? What does Nagle's algorithm do, and why are messages "
            "glued without it too?"
        ),
        _("How does a process differ from a thread? Does the GIL save from race conditions?"),
        _("What limits a server with a thread for each client? How do select and asyncio do the same?"),
        _("What is network byte order for? What happens without it?"),
        _("How does UDP differ from TCP, and why does this chat work over TCP?"),
    )


def results() -> tuple[ResultRow, ...]:
    """Return the rows of the table of results."""
    return (
        ResultRow("server", _("Start a server"), _("A line with the address and port 127.0.0.1:6667")),
        ResultRow(
            "taken-port",
            _("Start a second server on the same port"),
            _("A message that the port is taken; the program ends with code 2"),
        ),
        ResultRow(
            "first",
            _("Connect the first client"),
            _("Three lines on the server: connection, nick, entering the room"),
        ),
        ResultRow(
            "second",
            _("Connect the second client"),
            _("Another client port; the first one sees the second enter"),
        ),
        ResultRow(
            "taken-nick",
            _("Connect with a nick that is taken"),
            _("The window says that the nick is taken (line 433) and suggests another"),
        ),
        ResultRow(
            "room",
            _("A message to the room"),
            _("Seen in all windows; in the sender's, normal after the echo"),
        ),
        ResultRow("private", _("A private message"), _("Only the sender and the recipient see it")),
        ResultRow(
            "leave",
            _("Close the second client's window"),
            _('"closed" on the server; the first client goes on'),
        ),
        ResultRow(
            "experiments",
            _("Experiments: was the prediction right?"),
            _("Four predictions, four results, an explanation where they differ"),
        ),
        ResultRow("own", _("A client of your own"), _("The others see its message in their windows")),
        ResultRow(
            "judge-steps",
            _("Steps 1 and 2 before the judge"),
            _("Step 1 does not serve a second client, step 2 does not pass on what is said"),
        ),
        ResultRow("report", _("Save the report"), _("A file with your conversation, calls and experiments")),
        ResultRow(
            "judge",
            _("A program of your own before the judge"),
            _("All levels of the variant and its feature are passed"),
        ),
        ResultRow(
            "sockets",
            _("Sockets in the output of ss or netstat"),
            _("One LISTEN, two lines for each connection, TIME_WAIT after it has ended"),
        ),
        ResultRow(
            "crash",
            _("Crash the server (optional)"),
            _("The client waits and tries to reconnect, with growing pauses"),
        ),
        ResultRow(
            "offline",
            _("Write a message without a connection, then start the server (optional)"),
            _("Sent once, when the connection is back"),
        ),
        ResultRow("wire", _("A message with --wire (optional)"), _("One recv, and one send for each member")),
    )
