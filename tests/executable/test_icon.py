"""The executable's icon is the one that the program draws for its windows."""

from executable.icon import FILE, LARGEST_BITMAP, SIZES, draw, ico

HEADERS = 6 + 16
"""Bytes before the picture in an icon file that holds a single one."""


def test_the_icon_that_is_kept_is_the_one_that_is_drawn() -> None:
    kept = FILE.read_bytes()
    for size in SIZES:
        if size <= LARGEST_BITMAP:  # the bytes of a PNG depend on the version of zlib
            assert ico({size: draw(size)})[HEADERS:] in kept
        assert [len(row) for row in draw(size)] == [4 * size] * size
