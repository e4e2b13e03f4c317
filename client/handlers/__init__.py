"""What the server says, by family: each file enters its handlers into the table."""

from client.handlers import (  # noqa: F401 - they fill the table
    answers,
    channels,
    errors,
    messages,
    presence,
    redaction,
    registration,
)
