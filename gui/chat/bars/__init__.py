"""The bars of the chat page: above the transcript, above the input line, and at the bottom."""
