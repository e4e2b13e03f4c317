"""What is kept for speed goes with the crowd that it was for, and a look at all objects stops nobody."""

import gc
import subprocess
import sys
from typing import Final

from program.memory import forget_cached
from protocol.addresses import account_of
from protocol.names import fold
from protocol.user_masks import UserMask
from tests.tools.sources import ROOT

COUNT: Final = """
import gc
from program.memory import collect_all_seldom

if {seldom}:
    collect_all_seldom()
full = []
gc.callbacks.append(lambda phase, info: full.append(info) if info["generation"] == 2 else None)
clients = [{{number: [number]}} for number in range(300_000)]
print(len(full))
"""


def test_what_functions_have_cached_is_forgotten() -> None:
    fold("Анна")
    account_of("10.1.2.3")
    assert UserMask("*!*@10.1.2.3").matches("anna!~a@10.1.2.3")
    forget_cached()
    caches = [one for one in gc.get_objects() if isinstance(one, type(fold))]
    assert len(caches) > 5
    assert all(cache.cache_info().currsize == 0 for cache in caches)


def test_what_name_an_attribute_was_looked_up_by_is_forgotten() -> None:
    name = "".join(["a name", " that nobody has"])
    before = sys.getrefcount(name)
    name = sys.intern(name)
    hasattr(UserMask, name)
    assert sys.getrefcount(name) > before, "Python remembers nothing: this test shows nothing"
    forget_cached()
    assert sys.getrefcount(name) == before


def test_while_many_come_python_does_not_look_at_all_objects() -> None:
    def count(*, seldom: bool) -> int:
        command = [sys.executable, "-c", COUNT.format(seldom=seldom)]
        return int(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=60).stdout)

    assert count(seldom=False) > 0
    assert count(seldom=True) == 0
