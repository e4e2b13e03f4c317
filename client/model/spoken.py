"""What a PRIVMSG or NOTICE says, as it is shown."""

from client.model.conversations import Kind
from client.model.sanitize import clean
from protocol import ctcp
from protocol.message import Message


def spoken(message: Message) -> tuple[Kind, str] | None:
    """Return what was said, cleaned, and how; None if it is a CTCP request or answer."""
    kind = Kind.NOTICE if message.command == "NOTICE" else Kind.MESSAGE
    text = message.param(1)
    if framed := ctcp.parse_ctcp(text):
        if framed.command != ctcp.ACTION:
            return None
        kind, text = Kind.ACTION, framed.text
    return kind, clean_lines(text)


def clean_lines(text: str) -> str:
    """Return the text clean, with its line feeds (draft/multiline)."""
    return "\n".join(map(clean, text.split("\n"))) if "\n" in text else clean(text)
