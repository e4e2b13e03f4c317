"""What the server says, by family: each file enters its handlers into the table."""

from client.handlers import answers, channels, desk, errors, messages, presence, redaction, server  # noqa: F401
