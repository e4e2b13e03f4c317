"""The client's sockets and threads: the connection, its TLS, addresses, and why there is none."""
