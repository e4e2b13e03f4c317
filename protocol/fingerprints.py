"""Fingerprints of certificates as people compare and type them."""

import re


def parse_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint, with or without colons, as 64 hexadecimal digits in lower case.

    Raises:
        ValueError: the text is none.
    """
    digits = text.strip().replace(":", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise ValueError(text)
    return digits


def format_fingerprint(digits: str) -> str:
    """Return a fingerprint as people compare it: `AB:CD:…`."""
    return ":".join(re.findall("..", digits.upper()))
