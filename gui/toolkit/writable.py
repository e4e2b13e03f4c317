"""Text that the program writes and the user cannot."""

import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def writable(text: tk.Text) -> Iterator[None]:
    """Let the program change a Text that is disabled for the user."""
    text.configure(state="normal")
    try:
        yield
    finally:
        text.configure(state="disabled")
