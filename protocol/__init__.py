"""Bytes to messages and back: the IRC client protocol without sockets, threads or windows."""
