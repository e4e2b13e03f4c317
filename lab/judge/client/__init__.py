"""The judge of a client: it is the server to which the program connects."""
