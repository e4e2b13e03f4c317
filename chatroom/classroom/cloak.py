"""What stands for an address in `nick!user@host`, so that students do not learn each other's addresses."""

import hashlib
import hmac
import secrets
from typing import Final

from chatroom.classroom.file import SETTING, ClassFile
from protocol.addresses import account_of, is_loopback, parse_address
from protocol.user_masks import HIDDEN, spell_host

_KEPT_AS: Final = "cloak"
_KEY_BYTES: Final = 32
_LETTERS: Final = 8


class Cloak:
    """Makes of an address a name that is always the same, and from which nobody without the key learns it."""

    def __init__(self, file: ClassFile) -> None:
        """Take the key from the class's file, so that bans hold after a restart; make one where none is."""
        kept = file.read(SETTING).get(_KEPT_AS, {}).get("key")
        if not isinstance(kept, str) or len(kept) < _KEY_BYTES:
            kept = secrets.token_hex(_KEY_BYTES)
            file.keep(SETTING, _KEPT_AS, {"key": kept})
        self._key = kept.encode("utf-8", "replace")

    def hide(self, address: str) -> str:
        """Return what others see of an address; one of this computer stays as it is.

        All addresses of an IPv6 network (/64) look the same: whoever has one has them all.
        """
        if is_loopback(address):
            return spell_host(address)
        digest = hmac.new(self._key, account_of(address).encode(), hashlib.sha256)
        return digest.hexdigest()[:_LETTERS] + HIDDEN

    def hide_in_source(self, line: str) -> str:
        """Return a line that the history keeps with the address in its source hidden: it may be of a time
        when nothing was hidden."""
        source, space, rest = line.partition(" ")
        who, at, host = source.rpartition("@")
        if host.endswith(HIDDEN) or not parse_address(host):
            return line
        return f"{who}{at}{self.hide(host)}{space}{rest}"

    def hide_in_mask(self, mask: str) -> str:
        """Return a mask of people with the address in it hidden, if it has one."""
        who, at, host = mask.rpartition("@")
        return f"{who}{at}{self.hide(host)}" if parse_address(host) else mask
