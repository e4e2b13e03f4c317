"""Who is here, rooms, commands, history, limits: the server without its sockets and threads."""

from chatroom import (  # noqa: F401 - each enters its commands into the table
    capabilities,
    chathistory,
    help,
    information,
    membership,
    messages,
    modes,
    monitor,
    multiline,
    operators,
    redaction,
    registration,
    rooms,
    who,
    whois,
)
