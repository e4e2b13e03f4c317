"""What Tk does not do on an X11 desktop, done by X11's own library (libX11), where there is one."""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from functools import cache
from typing import Final

_CLIENT_MESSAGE: Final = 33
_SUBSTRUCTURE: Final = (1 << 19) | (1 << 20)
"""SubstructureNotifyMask and SubstructureRedirectMask: who manages the windows gets the message."""
_URGENCY_HINT: Final = 1 << 8
"""XUrgencyHint (ICCCM 4.1.2.4), for those who do not know `_NET_WM_STATE`."""
_FROM_APPLICATION: Final = 1


class _ClientMessage(Structure):
    """XClientMessageEvent; an XEvent has 24 longs."""

    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("message_type", c_ulong),
        ("format", c_int),
        ("data", c_long * 5),
        ("rest", c_long * 24),
    )


class _Hints(Structure):
    """The beginning of XWMHints: the rest stays as Tk has set it."""

    _fields_ = (("flags", c_long),)


class Display:
    """A connection of our own to an X server, beside Tk's. For the Tk thread only."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self._x, self._handle = library, handle
        self._root: int = library.XDefaultRootWindow(handle)

    def resource(self, program: str, name: str) -> str:
        """Return one of the user's settings (X resources), such as `dpi` of `Xft`; "" if it is not set."""
        found = self._x.XGetDefault(self._handle, program.encode(), name.encode())
        return found.decode("latin-1").strip() if found else ""

    def demand_attention(self, window: int, *, on: bool) -> None:
        """Let a window ask for attention, or no more (EWMH `_NET_WM_STATE_DEMANDS_ATTENTION`, and its hint).

        Args:
            window: the number of a Tk window that is a program's own.
        """
        x, handle, managed = self._x, self._handle, self._parent(window)
        state, attention = (
            x.XInternAtom(handle, name, False)
            for name in (b"_NET_WM_STATE", b"_NET_WM_STATE_DEMANDS_ATTENTION")
        )
        message = _ClientMessage(_CLIENT_MESSAGE, 0, True, None, managed, state, 32)
        message.data[:] = [int(on), attention, 0, _FROM_APPLICATION, 0]
        x.XSendEvent(handle, self._root, False, _SUBSTRUCTURE, byref(message))
        if hints := x.XGetWMHints(handle, managed):
            flags = hints.contents.flags
            hints.contents.flags = flags | _URGENCY_HINT if on else flags & ~_URGENCY_HINT
            x.XSetWMHints(handle, managed, hints)
            x.XFree(hints)
        x.XFlush(handle)

    def _parent(self, window: int) -> int:
        """Return the window around Tk's, which is the one that the desktop manages."""
        root, parent, children, count = c_ulong(), c_ulong(), c_void_p(), c_uint()
        asked = (byref(root), byref(parent), byref(children), byref(count))
        if not self._x.XQueryTree(self._handle, window, *asked):
            return window
        if children:
            self._x.XFree(children)
        return parent.value


@cache
def open_display(name: str) -> Display | None:
    """Return the X server of this name, such as `:0.0`, connected once; None where that cannot be."""
    library = _library()
    handle = library.XOpenDisplay(name.encode()) if library else None
    return Display(library, handle) if library and handle else None


@cache
def _library() -> ctypes.CDLL | None:
    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    for function, result, arguments in (
        ("XOpenDisplay", c_void_p, (c_char_p,)),
        ("XDefaultRootWindow", c_ulong, (c_void_p,)),
        ("XGetDefault", c_char_p, (c_void_p, c_char_p, c_char_p)),
        ("XInternAtom", c_ulong, (c_void_p, c_char_p, c_int)),
        ("XSendEvent", c_int, (c_void_p, c_ulong, c_int, c_long, c_void_p)),
        ("XGetWMHints", POINTER(_Hints), (c_void_p, c_ulong)),
        ("XSetWMHints", c_int, (c_void_p, c_ulong, POINTER(_Hints))),
        ("XQueryTree", c_int, (c_void_p, c_ulong, *(c_void_p,) * 4)),
        ("XFree", c_int, (c_void_p,)),
        ("XFlush", c_int, (c_void_p,)),
    ):
        getattr(x, function).restype, getattr(x, function).argtypes = result, arguments
    return x
