"""The prompt of a server's console: the vocabulary of the class, typed by its operator."""

import threading
from collections.abc import Iterable

from commandline.console.editor import LineEditor
from commandline.console.terminal import Terminal, read_keys
from program.log import plain_log
from protocol.class_words import PRIVATE, USAGE, shape
from server import ChatServer, ServerOptions, run, wait_for_the_end
from sockets.tap import Tap


def run_with_prompt(options: ServerOptions, tap: Tap | None = None) -> int:
    """Serve as `server.run` does, with a prompt below what is printed; return the exit code."""
    servers: list[ChatServer] = []
    editor = LineEditor(lambda words: choices_for(words, servers[0] if servers else None))
    terminal = Terminal(editor)

    def wait(server: ChatServer, stop: threading.Event) -> None:
        servers.append(server)
        wait_for_the_end(server, stop)

    def take_keys() -> None:
        for keys in read_keys():
            for key in keys:
                line = editor.press(key)
                if line is not None:
                    terminal.keep_line(line)
                if line and servers:
                    servers[0].order(line, plain_log.info)  # the hub must not wait for a blocked console
                if editor.choices:
                    terminal.print_above("  ".join(editor.choices) + "\n")
            terminal.refresh()

    with terminal.open():
        threading.Thread(target=take_keys, name="keys", daemon=True).start()
        return run(options, tap, wait=wait)


def run_with_orders(lines: Iterable[str], options: ServerOptions, tap: Tap | None = None) -> int:
    """Serve as `server.run` does, and carry out verbs of the class; return the exit code.

    Args:
        lines: the verbs, taken in a thread of its own; it may wait for the next one for ever.
    """

    def wait(server: ChatServer, stop: threading.Event) -> None:
        def take_orders() -> None:
            for line in lines:
                server.order(line, plain_log.info)

        threading.Thread(target=take_orders, name="orders", daemon=True).start()
        wait_for_the_end(server, stop)

    return run(options, tap, wait=wait)


def choices_for(words: list[str], server: ChatServer | None) -> list[str]:
    """Return what may follow these words: verbs, or for the verb their parameters."""
    if words in ([], ["help"]):
        return list(USAGE)
    if words[0] == "private":
        return list(PRIVATE)
    verb = words[0].lower()
    if server is None or verb not in USAGE or "nick" not in shape(verb):
        return []
    return sorted(client.nick for client in server.status().clients if client.nick != "*")
