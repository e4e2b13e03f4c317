"""The client's sockets and threads: the connection, its TLS, and addresses."""
