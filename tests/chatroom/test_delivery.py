"""Lines of a run share their bytes, and still everybody gets the right ones, in order."""

import random

import pytest

from chatroom.client import Client
from chatroom.config import Config
from chatroom.delivery import MOST_APART
from chatroom.dispatch import handle_line
from chatroom.state import ServerState
from protocol.message import parse


class Batch:
    """One batch of the hub: what clients say before anything is sent."""

    def __init__(self) -> None:
        self.state = ServerState(Config(throttle=False))

    def client(self, nick: str, *lines: str) -> Client:
        client = self.state.connect("127.0.0.1", 1)
        self.say(client, f"NICK {nick}", f"USER {nick} 0 * :x", *lines)
        self.sent()
        return client

    def say(self, client: Client, *lines: str) -> None:
        for line in lines:
            for _portion in handle_line(self.state, client, parse(line)) or ():
                pass

    def sent(self) -> dict[str, list[str]]:
        """What each gets, without sources."""
        outboxes = {client.nick: bytes(data).decode() for client, data in self.state.delivery.take()}
        return {
            nick: [line.partition(" ")[2] for line in data.splitlines()] for nick, data in outboxes.items()
        }


def test_who_enters_in_the_middle_of_a_run_gets_what_is_said_after_it() -> None:
    batch = Batch()
    anna = batch.client("anna", "CAP REQ echo-message", "JOIN #lab")
    boris, vera = batch.client("boris", "JOIN #lab"), batch.client("vera")
    batch.sent()
    batch.say(anna, "PRIVMSG #lab 1", "PRIVMSG #lab 2")
    batch.say(vera, "JOIN #lab")
    batch.say(anna, "PRIVMSG #lab 3")
    batch.say(boris, "PART #lab")
    batch.say(anna, "PRIVMSG #lab 4")
    sent = batch.sent()
    assert sent["boris"] == [
        *("PRIVMSG #lab :1", "PRIVMSG #lab :2", "JOIN #lab", "PRIVMSG #lab :3", "PART #lab")
    ]
    assert [line for line in sent["vera"] if "353" not in line and "366" not in line] == [
        *("JOIN #lab", "PRIVMSG #lab :3", "PART #lab", "PRIVMSG #lab :4")
    ]
    assert sent["anna"] == [
        *(
            "PRIVMSG #lab :1",
            "PRIVMSG #lab :2",
            "JOIN #lab",
            "PRIVMSG #lab :3",
            "PART #lab",
            "PRIVMSG #lab :4",
        )
    ]


def test_what_is_said_to_one_alone_ends_a_run_and_keeps_its_place() -> None:
    batch = Batch()
    anna, boris = batch.client("anna", "JOIN #lab"), batch.client("boris", "JOIN #lab")
    batch.sent()
    batch.say(anna, "PRIVMSG #lab 1", "PRIVMSG boris 2", "PRIVMSG #lab 3", "PRIVMSG #lab 4")
    batch.say(boris, "PRIVMSG #lab 5", "PRIVMSG #lab 6")
    batch.say(anna, "PRIVMSG #lab 7")
    sent = batch.sent()
    assert [line[-1] for line in sent["boris"]] == ["1", "2", "3", "4", "7"]
    assert [line[-1] for line in sent["anna"]] == ["5", "6"]


def test_capabilities_that_change_in_the_middle_of_a_run_count_from_there() -> None:
    batch = Batch()
    anna, boris = batch.client("anna", "JOIN #lab"), batch.client("boris", "JOIN #lab")
    batch.sent()
    batch.say(anna, "PRIVMSG #lab 1")
    batch.say(boris, "CAP REQ message-tags")
    batch.say(anna, "PRIVMSG #lab 2")
    batch.say(anna, "CAP REQ echo-message", "PRIVMSG #lab 3")
    outboxes = {
        client.nick: bytes(data).decode().splitlines() for client, data in batch.state.delivery.take()
    }
    assert [line[0] for line in outboxes["boris"]] == [":", ":", "@", "@"]
    assert [line[-1] for line in outboxes["anna"] if "PRIVMSG" in line] == ["3"]


def test_a_line_costs_no_more_because_somebody_else_spoke_before_it() -> None:
    batch = Batch()
    people = [batch.client(f"p{number}", "JOIN #lab") for number in range(MOST_APART)]
    silent = batch.client("silent", "JOIN #lab")
    batch.sent()
    for person in people:
        batch.say(person, "PRIVMSG #lab 1", "PRIVMSG #lab 2")
    assert len(silent.outbox) == 1, "each line was put into each outbox"
    assert len(batch.sent()["silent"]) == 2 * len(people)


@pytest.mark.parametrize("seed", range(10))
def test_each_hears_what_all_others_said_in_its_order(seed: int) -> None:
    chance = random.Random(seed)
    capabilities = ["", "echo-message", "message-tags", "server-time", "echo-message message-tags"]
    batch = Batch()
    people = [
        batch.client(f"p{number}", f"CAP REQ :{chance.choice(capabilities)}", "JOIN #lab")
        for number in range(2 * MOST_APART)
    ]
    batch.say(people[0], "MODE #lab -n")
    outsider = batch.client("outsider")
    batch.sent()
    expected: dict[str, list[int]] = {person.nick: [] for person in people}
    for number in range(200):
        speaker = outsider if chance.random() < 0.1 else chance.choice(people[: chance.choice((2, 30))])
        hears_itself = "echo-message" in speaker.capabilities
        target = chance.choice(people).nick if chance.random() < 0.02 else "#lab"
        batch.say(speaker, f"PRIVMSG {target} {number}")
        for person in people:
            times = int(target in ("#lab", person.nick))
            if person is speaker:  # to oneself: as to anybody, and the echo
                times = hears_itself + (target == person.nick)
            expected[person.nick] += [number] * times
    sent = batch.sent()
    heard = {
        nick: [int(line.rpartition(":")[2]) for line in sent.get(nick, []) if "PRIVMSG" in line]
        for nick in expected
    }
    assert heard == expected
