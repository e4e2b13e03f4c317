"""What the report says of the theory in brief, of the conclusion, and where it is from."""

import time

from translations import _, language


def theory() -> tuple[str, ...]:
    """Return the theory in brief; a number in square brackets is that of a source."""
    return (
        _(
            "A socket is an object of the operating system through which a program exchanges data with "
            "another one. A TCP connection is identified by four numbers: the address and the port of "
            "either side [1]; so any number of clients can connect to one port of a server. The server "
            "makes a listening socket (socket, bind, listen); accept returns a new socket for each "
            "client that the system has connected by the three-way handshake SYN, SYN-ACK, ACK. The "
            "calls accept, connect, recv and send block: the thread sleeps until the event comes [2]. "
            "A recv that returns 0 bytes says that the other side has ended its stream (FIN)."
        ),
        _(
            "TCP carries a stream of bytes: they come in order and none is lost, or the connection "
            "breaks [1]. The boundaries of the send calls are not kept: one recv may return half a "
            "message or several. So the program's own protocol must say where a message ends. In IRC a "
            "message is a line that ends in CR LF [3]; the receiver keeps the beginning of a line in a "
            "buffer until its end has come. A Russian letter takes two bytes in UTF-8 [4], which "
            "different calls may carry: what is decoded is a whole line, never the result of one recv."
        ),
        _(
            "While a thread sleeps in recv it serves nobody else; therefore each client is given a "
            "thread of its own. What several threads use must be protected by a lock, or belong to one "
            "thread that takes the work of the others from a queue: then their order is the order of "
            "the queue [5, 6]. A window lives in the same way: the receiving thread puts what it has "
            "read into a queue, and the window's thread takes it from there by a timer, since a "
            "blocking call in the window's thread would stop its event loop."
        ),
    )


def prompts() -> tuple[str, ...]:
    """Return the beginnings of the sentences of the conclusion."""
    return (
        _("In this work it was confirmed that"),
        _("It was measured that"),
        _("The number of clients for each of which there is a thread is limited by"),
        _("The program of my own"),
    )


def sources() -> tuple[str, ...]:
    """Return the sources that the theory refers to, in the order of their numbers (GOST R 7.0.100-2018)."""
    seen = time.strftime("%d.%m.%Y")
    online = (
        _(
            "Eddy, W. Transmission Control Protocol (TCP) : RFC 9293 / W. Eddy. – Text : electronic // "
            "RFC Editor : [website]. – 2022. – URL: https://www.rfc-editor.org/rfc/rfc9293 "
            "(accessed: {date})."
        ),
        _(
            "Stevens, W. R. UNIX network programming. Volume 1. The sockets networking API / W. R. Stevens, "
            "B. Fenner, A. M. Rudoff. – 3rd ed. – Boston : Addison-Wesley, 2004. – 991 p. – "
            "ISBN 0-13-141155-1. – Text : print."
        ),
        _(
            "Kalt, C. Internet Relay Chat: Client Protocol : RFC 2812 / C. Kalt. – Text : electronic // "
            "RFC Editor : [website]. – 2000. – URL: https://www.rfc-editor.org/rfc/rfc2812 "
            "(accessed: {date})."
        ),
        _(
            "Yergeau, F. UTF-8, a transformation format of ISO 10646 : RFC 3629 / F. Yergeau. – Text : "
            "electronic // RFC Editor : [website]. – 2003. – URL: https://www.rfc-editor.org/rfc/rfc3629 "
            "(accessed: {date})."
        ),
        _(
            "Tanenbaum, A. S. Computer networks / A. S. Tanenbaum, D. J. Wetherall. – 5th ed. – Boston : "
            "Prentice Hall, 2011. – 933 p. – ISBN 978-0-13-212695-3. – Text : print."
        ),
        _(
            "threading – Thread-based parallelism. – Text : electronic // Python documentation : "
            "[website]. – URL: https://docs.python.org/3/library/threading.html (accessed: {date})."
        ),
    )
    return tuple(text.format(date=seen) for text in online)


def usual_ministry() -> str:
    """Return the ministry that universities of the language's country are under."""
    russian = "Министерство науки и высшего образования Российской Федерации"
    return russian if language() == "ru" else ""
