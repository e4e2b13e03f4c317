"""Memory that is not needed any more, given back to the system."""

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Free what nobody refers to, and return what is free to the system, where the system's library can.

    C libraries keep freed memory for later; after a crowd has gone, that can be most of what a process has.
    Takes some milliseconds.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim:
            trim(0)
