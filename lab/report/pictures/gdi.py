"""The pixels of a window on Windows, through GDI."""

import ctypes
import sys
from collections.abc import Callable
from typing import Final

from lab.report.pictures.png import Pixels

_ROOT: Final = 2
"""GA_ROOT: the window with its frame, in which Tk's own lies."""
_FRAME_BOUNDS: Final = 9
"""DWMWA_EXTENDED_FRAME_BOUNDS: without the shadow around it."""
_COPY: Final = 0x00CC0020
"""SRCCOPY."""
_WITH_FRAME: Final = 2
"""PW_RENDERFULLCONTENT."""


class _Rectangle(ctypes.Structure):
    _fields_ = tuple((side, ctypes.c_long) for side in ("left", "top", "right", "bottom"))


class _Header(ctypes.Structure):
    """BITMAPINFOHEADER."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("planes", ctypes.c_uint16),
        ("bits", ctypes.c_uint16),
        ("compression", ctypes.c_uint32),
        ("image_size", ctypes.c_uint32),
        ("x_pixels", ctypes.c_int32),
        ("y_pixels", ctypes.c_int32),
        ("used", ctypes.c_uint32),
        ("important", ctypes.c_uint32),
    )


if sys.platform == "win32":

    def grab(handle: int) -> Pixels:
        """Return the pixels of a window with its frame, also where other windows cover it.

        Args:
            handle: of the window, or of one in it.

        Raises:
            OSError: Windows refuses.
        """
        user, gdi = ctypes.windll.user32, ctypes.windll.gdi32
        for function in (user.GetAncestor, user.GetWindowDC, gdi.CreateCompatibleDC):
            function.restype = ctypes.c_void_p
        for function in (gdi.CreateCompatibleBitmap, gdi.SelectObject):
            function.restype = ctypes.c_void_p
        window = ctypes.c_void_p(user.GetAncestor(ctypes.c_void_p(handle), _ROOT))
        whole, seen = _Rectangle(), _Rectangle()
        if not user.GetWindowRect(window, ctypes.byref(whole)):
            raise OSError("there is no such window")
        width, height = whole.right - whole.left, whole.bottom - whole.top
        source = ctypes.c_void_p(user.GetWindowDC(window))
        memory = ctypes.c_void_p(gdi.CreateCompatibleDC(source))
        bitmap = ctypes.c_void_p(gdi.CreateCompatibleBitmap(source, width, height))
        try:
            # The first draws also what others cover; but some systems draw nothing, and say that they did.
            ways: tuple[Callable[[], int], ...] = (
                lambda: user.PrintWindow(window, memory, _WITH_FRAME),
                lambda: gdi.BitBlt(memory, 0, 0, width, height, source, 0, 0, _COPY),
            )
            for draw in ways:
                before = ctypes.c_void_p(gdi.SelectObject(memory, bitmap))
                drawn = draw()
                gdi.SelectObject(memory, before)
                data = ctypes.create_string_buffer(width * height * 4)
                # A negative height: the first row is the upper one.
                header = _Header(ctypes.sizeof(_Header), width, -height, 1, 32)
                rows = gdi.GetDIBits(memory, bitmap, 0, height, data, ctypes.byref(header), 0)
                if drawn and rows == height and any(data.raw):
                    break
            else:
                raise OSError("the window cannot be read")
        finally:
            gdi.DeleteObject(bitmap)
            gdi.DeleteDC(memory)
            user.ReleaseDC(window, source)
        pixels = Pixels(width, height, data.raw)
        try:
            bounds = (window, _FRAME_BOUNDS, ctypes.byref(seen), ctypes.sizeof(seen))
            if ctypes.windll.dwmapi.DwmGetWindowAttribute(*bounds):
                return pixels
        except OSError:
            return pixels
        left, top = seen.left - whole.left, seen.top - whole.top
        return pixels.part(left, top, seen.right - seen.left, seen.bottom - seen.top)
