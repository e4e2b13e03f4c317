"""The pixels of a window on X11, through libX11, which Tk has loaded already."""

import ctypes
from typing import Final

from lab.report.pictures.png import Pixels

_ALL_PLANES: Final = ctypes.c_ulong(-1).value
_Z_PIXMAP: Final = 2
_BGRX: Final = (0xFF0000, 0x00FF00, 0x0000FF, 32, 0)
"""The usual screen: masks of red, green and blue, bits a pixel, the low byte first."""


class _Image(ctypes.Structure):
    """XImage of Xlib.h, as far as it is read here."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_char)),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
        ("bits_per_pixel", ctypes.c_int),
        ("red_mask", ctypes.c_ulong),
        ("green_mask", ctypes.c_ulong),
        ("blue_mask", ctypes.c_ulong),
    )


_ErrorHandler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def grab(display: str, window: int, x: int, y: int, width: int, height: int) -> Pixels:
    """Return the pixels of a part of a window; the part must be on the screen.

    Args:
        display: such as `:0`.

    Raises:
        OSError: there is no libX11, or it refuses; or the screen is an unusual one.
    """
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    library.XOpenDisplay.argtypes = (ctypes.c_char_p,)
    library.XGetImage.restype = ctypes.POINTER(_Image)
    library.XGetImage.argtypes = (
        *(ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
        *(ctypes.c_ulong, ctypes.c_int),
    )
    library.XSetErrorHandler.restype = ctypes.c_void_p
    library.XSetErrorHandler.argtypes = (ctypes.c_void_p,)
    library.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    library.XFree.argtypes = (ctypes.c_void_p,)
    connection = library.XOpenDisplay(display.encode())
    if not connection:
        raise OSError(f"no display {display}")
    # Xlib's own handler of errors, such as that of a window that has just gone, ends the program.
    quiet = _ErrorHandler(lambda _display, _error: 0)
    before = library.XSetErrorHandler(ctypes.cast(quiet, ctypes.c_void_p))
    try:
        image = library.XGetImage(connection, window, x, y, width, height, _ALL_PLANES, _Z_PIXMAP)
        if not image:
            raise OSError("the window cannot be read")
        try:
            return _pixels(image.contents)
        finally:
            library.XFree(image.contents.data)
            library.XFree(image)
    finally:
        library.XSetErrorHandler(before)
        library.XCloseDisplay(connection)


def _pixels(image: _Image) -> Pixels:
    masks = (image.red_mask, image.green_mask, image.blue_mask)
    if (*masks, image.bits_per_pixel, image.byte_order) != _BGRX:
        raise OSError("the screen has another kind of pixels")
    data = ctypes.string_at(image.data, image.bytes_per_line * image.height)
    stride, wanted = image.bytes_per_line, image.width * 4
    rows = (data[start : start + wanted] for start in range(0, len(data), stride))
    return Pixels(image.width, image.height, b"".join(rows))
