"""What the tests of the client share: a session that is in a room."""

import pytest

from tests.tools.dialogue import CAPABILITIES, Dialogue


@pytest.fixture
def capabilities() -> str:
    """What the server of `room` offers; a file that needs others has a fixture of the same name."""
    return CAPABILITIES


@pytest.fixture
def room(capabilities: str) -> Dialogue:
    """A session in the room `#lab`, in which nothing was said before."""
    dialogue = Dialogue().online(capabilities)
    dialogue.events.clear()
    return dialogue
