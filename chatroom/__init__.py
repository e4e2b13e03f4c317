"""Who is here, rooms, commands, history, limits: the server without its sockets and threads."""

from chatroom import commands  # noqa: F401 - enters the commands into the table
