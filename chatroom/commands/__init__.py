"""What clients can ask for: a file for each family of commands."""

from chatroom.commands import (  # noqa: F401 - each enters its commands into the table
    capabilities,
    channels,
    chathistory,
    help,
    information,
    membership,
    messages,
    modes,
    monitor,
    multiline,
    operators,
    redaction,
    registration,
    who,
    whois,
)
