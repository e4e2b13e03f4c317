"""By what a server knows us again: a key that outlives the window, another for each server and nick."""

import sys
from pathlib import Path

import pytest

from client.model.identity import Identity
from client.settings import FILE_NAME, Settings, load, load_with_identity, save
from tests.tools.dialogue import Dialogue

SERVER = "10.0.0.1:6667"


def test_a_restarted_client_has_the_same_key_and_another_secret() -> None:
    (secret, key), (other_secret, same_key) = (Identity("root", SERVER).proofs("Анна") for _ in range(2))
    assert key == same_key
    assert len({secret, other_secret, key}) == 3
    assert all(16 <= len(one) <= 64 for one in (secret, key))


def test_each_server_and_each_nick_gets_a_key_of_its_own() -> None:
    keys = [
        Identity("root", SERVER).proofs("Анна")[1],
        Identity("root", SERVER).proofs("Борис")[1],
        Identity("root", "10.0.0.2:6667").proofs("Анна")[1],
        Identity("another root", SERVER).proofs("Анна")[1],
    ]
    assert len(set(keys)) == 4
    assert Identity("root", SERVER).proofs("АННА")[1] == keys[0]


def test_the_key_stays_when_the_nick_changes_later() -> None:
    identity = Identity("root", SERVER)
    assert identity.proofs("Анна") != identity.proofs("Анна2"), "until a server lets us in"
    known = identity.proofs("Анна2")
    identity.keep()
    assert identity.proofs("Вера") == known


def test_without_settings_the_secret_is_all_there_is() -> None:
    identity = Identity()
    assert len(identity.proofs("Анна")) == 1
    assert identity.proofs("Анна") == identity.proofs("Борис")


def test_who_chooses_another_nick_in_the_door_has_the_key_of_that_nick() -> None:
    """So that it is known by it after a restart under this nick, which the settings remember."""
    dialogue = Dialogue("Анна")
    dialogue.connect()
    dialogue.hear(":srv CAP * LS :chat.lab/reclaim", ":srv 433 * Анна :taken")
    dialogue.hear(":srv CAP * ACK :chat.lab/reclaim")
    dialogue.session.retry_with("Вера")
    (secret,) = dialogue.state.profile.identity.proofs("Вера")
    assert dialogue.sent() == [f"RECLAIM Вера {secret}", "NICK Вера"]


def test_the_settings_get_an_identity_once_and_keep_it_to_themselves(tmp_path: Path) -> None:
    save(lambda _kept: Settings("Анна"), tmp_path)
    first = load_with_identity(tmp_path)
    assert first.nick == "Анна"
    assert len(first.identity) >= 32
    assert load_with_identity(tmp_path) == load(tmp_path) == first
    if sys.platform != "win32":
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("folder", ["in the way", "in the way/below"])
def test_where_nothing_can_be_written_the_identity_lasts_as_long_as_the_program(
    folder: str, tmp_path: Path
) -> None:
    (tmp_path / "in the way").write_text("a file")
    one, other = (load_with_identity(tmp_path / folder).identity for _ in range(2))
    assert one
    assert other
    assert one != other
