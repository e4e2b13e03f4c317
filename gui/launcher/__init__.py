"""The window of `chat.py` without a command."""
