"""Web addresses: where they stand in a text, and how they are opened in the user's browser."""

import re
import threading
from itertools import islice
from typing import Final

MAX_LINKS: Final = 100
"""Links of one text that can be clicked: a line made of nothing else would take Tk very long."""
_AFTER: Final = r"[^\s<>\"«»`]"
_NAME: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ENDINGS: Final = "com|org|net|edu|gov|info|io|dev|app|biz|online|site|wiki|academy|university|рф|бел|укр"
"""Of hosts that are recognised without `http`, beside those of countries."""
_NO_COUNTRIES: Final = "cc|cs|db|go|gz|hs|js|md|ml|pl|ps|py|rb|rs|sh|so|ts|vb|xz"
"""What the names of files end with more often than those of hosts."""
_LINK: Final = re.compile(
    rf"""https?://{_AFTER}{{1,2000}}
    |(?<![\w.@/\\:-])(?:
        www\.(?:{_NAME}\.){{1,8}}[^\W\d_]{{2,24}}(?![\w.-]*[\w@])(?::\d{{1,5}})?(?:[/?\#]{_AFTER}{{0,2000}})?
        |(?:{_NAME}\.){{1,8}}(?:{_ENDINGS}|(?!(?:{_NO_COUNTRIES})\b)[a-z]{{2}})(?::\d{{1,5}})?/{_AFTER}{{0,2000}}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MARKS: Final = ".,;:!?'…*"
_OPENING: Final = {")": "(", "]": "[", "}": "{"}


def find_links(text: str) -> list[tuple[int, int]]:
    """Return where web addresses stand; punctuation after them is left out.

    Those are `http`, `https`, `www.` with a host's name, and a host's name with a path (`python.org/3/`). A
    name alone is none, nor is a file's: `main.py`, `a.com`, `src/main.rs`.
    """
    found = []
    for match in islice(_LINK.finditer(text), MAX_LINKS) if "." in text or "://" in text else ():
        url = match.group().rstrip(_MARKS)
        while url.endswith((")", "]", "}")):
            if url.count(_OPENING[url[-1]]) >= url.count(url[-1]):
                break
            url = url[:-1].rstrip(_MARKS)
        if not url.endswith("//"):
            found.append((match.start(), match.start() + len(url)))
    return found


def with_scheme(link: str) -> str:
    """Return the address that a link stands for: what is written without `http` has it."""
    return link if link.lower().startswith(("http://", "https://")) else f"http://{link}"


def open_link(url: str) -> None:
    """Show a web page in the user's browser; anything but `http` and `https` is ignored."""
    if url.lower().startswith(("http://", "https://")):
        # A browser may take seconds to start, and the Tk thread must not wait for it.
        threading.Thread(target=_open_in_browser, args=(url,), name="browser", daemon=True).start()


def _open_in_browser(url: str) -> None:
    import webbrowser  # noqa: PLC0415 - most windows open no link

    webbrowser.open(url)
