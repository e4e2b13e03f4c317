"""Who is here, rooms, commands, history, limits: the server without its sockets and threads."""
