"""Which program listens on a port, as far as the system tells this user."""

import subprocess
import sys
from pathlib import Path
from typing import Final

PATIENCE: Final = 10.0
"""Seconds that the system's own tools may take."""
_LISTENING: Final = "0A"  # TCP_LISTEN in include/net/tcp_states.h


def owner_of(port: int) -> str:
    """Return the name and the number of the process that listens on this port; empty if it cannot be told."""
    try:
        if sys.platform == "linux":
            return _on_linux(port)
        if sys.platform == "win32":
            return _on_windows(port)
        return _on_macos(port)
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _on_linux(port: int) -> str:
    """Find the socket's inode in proc(5), and the process that has it open."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                sockets.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(descriptor.readlink()) in sockets for descriptor in (process / "fd").iterdir()):
                return _named((process / "comm").read_text(encoding="utf-8").strip(), process.name)
        except OSError:  # another user's process, or one that has just ended
            continue
    return ""


def _on_windows(port: int) -> str:
    for line in _output("netstat", "-ano", "-p", "TCP"):
        fields = line.split()
        # The state is in the system's language; who listens has no other end.
        if len(fields) == 5 and fields[1].endswith(f":{port}") and fields[2].endswith(":0"):
            found = _output("tasklist", "/FI", f"PID eq {fields[4]}", "/FO", "CSV", "/NH")
            return _named(found[0].split('"')[1] if found and found[0].startswith('"') else "", fields[4])
    return ""


def _on_macos(port: int) -> str:
    fields = {line[:1]: line[1:] for line in _output("lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc")}
    return _named(fields.get("c", ""), fields["p"]) if "p" in fields else ""


def _named(name: str, number: str) -> str:
    return f"{name}, PID {number}" if name else f"PID {number}"


def _output(*command: str) -> list[str]:
    """Return the lines that a program prints."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=PATIENCE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return [line for line in done.stdout.splitlines() if line.strip()]
