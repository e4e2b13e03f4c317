"""What a client knows: conversations, the server's features, what was seen. No sockets, threads, windows."""
