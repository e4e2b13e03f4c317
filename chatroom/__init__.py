"""Who is here, rooms, commands, history, limits: the server without its sockets and threads."""

from chatroom import (  # noqa: F401 - each enters its commands into the table
    capabilities,
    chathistory,
    information,
    membership,
    messages,
    modes,
    queries,
    registration,
    rooms,
)
