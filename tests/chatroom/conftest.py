"""What the tests of the rooms share: two who are in one."""

import pytest

from tests.tools.irc import Client, Irc


@pytest.fixture
def pair(irc: Irc) -> tuple[Client, Client]:
    """Анна, the operator of #lab, and Борис, in it too; both have read all that there was."""
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    boris.enter()
    anna.expect("^:Борис!.* JOIN")
    return anna, boris
