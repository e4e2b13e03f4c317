"""Find out which program listens on a port, as far as the system tells this user."""

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from protocol.text import visible

TOOL_SECONDS: Final = 10.0
"""How long the system's own tools may take."""
_LISTENING: Final = "0A"  # TCP_LISTEN in include/net/tcp_states.h


def find_owner(port: int) -> str:
    """Return name and PID of the process that listens on this port; empty if they cannot be found out."""
    try:
        if sys.platform == "linux":
            return _find_on_linux(port)
        if sys.platform == "win32":
            return _find_on_windows(port)
        return _find_on_macos(port)
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _find_on_linux(port: int) -> str:
    """Look up the socket's inode in proc(5), then the process that has it open."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    with contextlib.suppress(FileNotFoundError):  # a system without IPv6
        lines += Path("/proc/net/tcp6").read_text(encoding="ascii").splitlines()[1:]
    sockets = set()
    for line in lines:
        fields = line.split()
        if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
            sockets.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(descriptor.readlink()) in sockets for descriptor in (process / "fd").iterdir()):
                # The system keeps 15 bytes of a name, even if a letter is cut.
                name = (process / "comm").read_text(encoding="utf-8", errors="ignore").rstrip("\n")
                return _format_owner(visible(name), process.name)
        except OSError:  # another user's process, or one that has just ended
            continue
    return ""


def _find_on_windows(port: int) -> str:
    for line in _run_tool("netstat", "-ano", "-p", "TCP"):
        fields = line.split()
        # The word for the state is in the system's language, but only a listening socket has no other end.
        if len(fields) == 5 and fields[1].endswith(f":{port}") and fields[2].endswith(":0"):
            found = _run_tool("tasklist", "/FI", f"PID eq {fields[4]}", "/FO", "CSV", "/NH")
            name = found[0].split('"')[1] if found and found[0].startswith('"') else ""
            return _format_owner(name, fields[4])
    return ""


def _find_on_macos(port: int) -> str:
    lines = _run_tool("lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc")
    fields = {line[:1]: line[1:] for line in lines}
    return _format_owner(fields.get("c", ""), fields["p"]) if "p" in fields else ""


def _format_owner(name: str, pid: str) -> str:
    return f"{name}, PID {pid}" if name else f"PID {pid}"


def _run_tool(*command: str) -> list[str]:
    """Return the lines that a tool of the system prints."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=TOOL_SECONDS,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return [line for line in done.stdout.splitlines() if line.strip()]
