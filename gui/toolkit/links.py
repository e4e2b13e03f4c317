"""Web addresses, opened in the user's browser."""

import threading
import webbrowser


def open_link(url: str) -> None:
    """Show a web page in the user's browser; anything but `http` and `https` is ignored."""
    if url.lower().startswith(("http://", "https://")):
        # A browser may take seconds to start, and the Tk thread must not wait for it.
        threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()
