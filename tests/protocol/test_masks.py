"""Wildcard masks: what they match, and how a short one is completed."""

import pytest

from protocol.masks import matches
from protocol.user_masks import complete_user_mask


@pytest.mark.parametrize(
    ("mask", "name", "expected"),
    [
        ("*", "", True),
        ("*!*@127.0.0.1", "Анна!~a@127.0.0.1", True),
        ("АН?А!*@*", "анна!~a@h", True),
        ("a*b*c", "axxbxxbxc", True),
        ("a*b", "axxc", False),
        ("?", "", False),
        ("[a]", "a", False),
        ("[a]", "[A]", True),
    ],
)
def test_masks(mask: str, name: str, expected: bool) -> None:
    assert matches(mask, name) is expected


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("", "*!*@*"),
        ("Anna", "Anna!*@*"),
        ("a!b", "a!~b@*"),
        ("*@10.*", "*!*@10.*"),
        ("a!b@10.0.0.1", "a!~b@10.0.0.1"),
        ("b@10.*", "*!~b@10.*"),
    ],
)
def test_a_mask_is_completed(short: str, full: str) -> None:
    assert complete_user_mask(short) == full
