"""Text that an editor or a spreadsheet has saved, in whatever encoding."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def decode_text(raw: bytes) -> str:
    """Decode a whole file.

    Args:
        raw: UTF-8, UTF-16 with a byte order mark, or else Windows-1251, in which Excel saves CSV in Russia.
    """
    is_wide = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace")
