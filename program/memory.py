"""Memory that is not needed any more, given back to the system."""

import ctypes
import functools
import gc
import sys
from typing import Final

_CACHE: Final = type(functools.cache(abs))
_FULL_COLLECTIONS: Final = 1000


def collect_all_seldom() -> None:
    """Let Python look at all objects at once, for what nobody refers to, a hundred times as seldom.

    Everything stands still meanwhile, for 0.1 s where five thousand clients are, and while so many come, it
    happens again and again. What it would find is found by `give_back_memory`.
    """
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, _FULL_COLLECTIONS)


def forget_cached() -> None:
    """Clear all caches of functions (`functools.lru_cache`), and Python's own of attributes.

    What they hold is small, but each may be all that is left in a MiB, which then is not given back.
    """
    for cache in gc.get_objects():
        if type(cache) is _CACHE:
            cache.cache_clear()
    ctypes.pythonapi.PyType_ClearCache()


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
