"""The conversation that the demo holds, in windows and as text."""

from typing import NamedTuple

from translations import _, plural


class Step(NamedTuple):
    """Somebody says something."""

    speaker: int
    """Index into `speakers`."""
    text: str


def speakers(count: int) -> list[str]:
    """Return the nicks of the speakers, at most nine."""
    everybody = [
        _("Anna"),
        _("Boris"),
        _("Vera"),
        _("Gleb"),
        _("Daria"),
        _("Egor"),
        _("Zoya"),
        _("Ivan"),
        _("Kira"),
    ]
    return everybody[:count]


def script(count: int, *, in_windows: bool = True) -> list[Step]:
    """Return what the participants say, in this order; without windows nobody can join them."""
    anna, boris, vera = 0, 1, 2 % count
    names = speakers(count)
    here = _("Now it is your turn: write something in any window!")
    elsewhere = _("Now it is your turn: start a server, open two windows, and write something!")
    return [
        Step(anna, _("Hello! Does everybody see this line?")),
        Step(boris, _("I do. It went to the server, and the server sent it to each of us.")),
        *(Step(index, _("{name} is here too.").format(name=names[index])) for index in range(3, count)),
        Step(vera, _("How many connections does the server have now?")),
        Step(
            anna,
            plural(
                "{count} connection, and a thread that reads it.",
                "{count} connections, and a thread for each of them.",
                count,
            ),
        ),
        Step(
            boris,
            _("And nobody sees a message before it is on the disk: come back later, and it is all there."),
        ),
        Step(vera, here if in_windows else elsewhere),
    ]
