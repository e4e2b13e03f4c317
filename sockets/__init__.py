"""What server and client need of sockets beyond the standard library."""
