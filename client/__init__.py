"""The chat client without its window: connection, session state, settings."""
