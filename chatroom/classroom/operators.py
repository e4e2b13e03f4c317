"""Who rules the class: what makes an operator, how he stays one, and which nicks nobody else may have."""

from collections import OrderedDict
from typing import Final
from unicodedata import category

from chatroom.classroom.file import SETTING, ClassFile
from chatroom.client import Client
from chatroom.config import Config
from chatroom.passwords import hash_secret, same_secret
from protocol.names import NICK_SPECIALS, fold

_KEPT_AS: Final = "operators"
MOST_RETURNING: Final = 16
"""Secrets by which operators come back; the oldest is forgotten."""
MOST_OVERHEARD: Final = 20_000
"""Secrets that are known to have been on an open wire; the oldest is forgotten."""


def bare(nick: str) -> str:
    """Return a nick as it is without case, marks and ё: «Семёнов_» is taken for «семенов»."""
    folded = fold(nick).replace("ё", "е")
    letters = (char for char in folded if char not in NICK_SPECIALS and category(char) != "Lm")
    return "".join(letters) or folded


class Operators:
    """The operators that are here, and what of them is remembered while they are not.

    An operator who comes back with the secret of his lost connection (RECLAIM) MUST be one again, also after
    a restart of the server. A secret that has been on a wire where others can read MUST NOT make an operator
    of anybody: others may know it.
    """

    def __init__(self, config: Config, file: ClassFile) -> None:
        self._config = config
        self._file = file
        self._here: dict[Client, None] = {}
        self._returning: dict[str, str] = {}
        """The operator's nick by the hash of the secret by which he comes back, the latest last."""
        self._overheard: OrderedDict[str, None] = OrderedDict()
        kept = file.read(SETTING).get(_KEPT_AS, {}).get("returning", {})
        if isinstance(kept, dict):
            self._returning = {secret: str(nick) for secret, nick in kept.items()}
        self._reserved = {bare(nick) for nick in config.reserved}

    def may_come_by(self, client: Client) -> bool:
        """Tell whether an operator's password may come over the client's connection."""
        return client.is_private or self._config.oper_from_network

    def is_right(self, client: Client, name: str, password: str) -> bool:
        """Tell whether OPER with these is right: the operator's name and password, or on this computer the
        token, with any name."""
        config = self._config
        named = same_secret(name, config.oper_name)
        by_password = same_secret(password, config.oper_password) and bool(config.oper_password)
        by_token = same_secret(password, config.oper_token) and bool(config.oper_token) and client.is_local
        return (named and by_password) or by_token

    def note_secret(self, client: Client) -> None:
        """Take note that the client has named its secret, if others can have read it."""
        if client.is_private:
            return
        secret = hash_secret(client.secret)
        self._overheard[secret] = None
        self._overheard.move_to_end(secret)
        if len(self._overheard) > MOST_OVERHEARD:
            self._overheard.popitem(last=False)
        if self._returning.pop(secret, None) is not None:
            self._keep()

    def comes_back(self, client: Client) -> bool:
        """Tell whether the client is an operator by its secret."""
        return client.is_private and bool(client.secret) and hash_secret(client.secret) in self._returning

    def add(self, client: Client) -> None:
        """Make the client an operator, and remember his secret and his nick."""
        client.modes.add("o")
        self._here[client] = None
        self.remember(client)

    def remember(self, client: Client) -> None:
        """Remember an operator under the nick that he has now."""
        secret = hash_secret(client.secret)
        if not client.secret or not client.is_private or secret in self._overheard:
            return
        self._returning.pop(secret, None)
        self._returning[secret] = client.nick
        while len(self._returning) > MOST_RETURNING:
            del self._returning[next(iter(self._returning))]
        self._keep()

    def give_up(self, client: Client) -> None:
        """Take note that an operator does not want to be one any more (MODE -o)."""
        self._here.pop(client, None)
        if self._returning.pop(hash_secret(client.secret), None) is not None:
            self._keep()

    def left(self, client: Client) -> None:
        """Forget a connection that has ended; whose it was may come back."""
        self._here.pop(client, None)

    def may_have(self, client: Client, nick: str) -> bool:
        """Tell whether the client may have a nick: operators any, the others none that is reserved.

        Reserved are those that the server was told, with numbers too, and an operator's own, while he is here
        or can come back.
        """
        if client.is_operator:
            return True
        wanted = bare(nick)
        if not self._reserved.isdisjoint((wanted, wanted.rstrip("0123456789"))):
            return False
        theirs = [*self._returning.values(), *(operator.nick for operator in self._here)]
        return wanted not in map(bare, theirs)

    def _keep(self) -> None:
        self._file.keep(SETTING, _KEPT_AS, {"returning": self._returning})
