"""What is on its way to the server: what waits to be sent, and connecting again to send it."""
