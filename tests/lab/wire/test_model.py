"""What the wire view remembers, without its window."""

import gc
import tracemalloc

import pytest

from lab.wire.model import MAX_SIZE, WireModel
from lab.wire.ring import Ring
from sockets.tap import Call

LIES = {
    "tags": b"@" + b";".join(b"t%d=x" % number for number in range(1200)) + b" PRIVMSG #lab :x\r\n",
    "short lines": b"A\r\n" * 3000,
    "long lines": (b"PRIVMSG #lab :" + b"x" * 8000 + b"\r\n") * 8,
    "parameters": b"A" + b" b" * 4000 + b"\r\n",
}


@pytest.mark.parametrize("data", LIES.values(), ids=LIES)
def test_what_a_lying_server_sends_takes_bounded_memory(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.wire.model.MAX_SIZE", MAX_SIZE // 8)
    monkeypatch.setattr("lab.wire.ring.MAX_BYTES", MAX_SIZE // 32)
    model = WireModel(ring := Ring())
    tracemalloc.start()
    for _ in range(30 if data.startswith(b"A\r") else 200):
        ring(Call("recv", "peer", bytes(bytearray(data))))
        model.take_calls()
    gc.collect()
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert model.records
    assert taken < 2 * MAX_SIZE // 8
