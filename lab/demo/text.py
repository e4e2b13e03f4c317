"""The demo as text: a real server and clients in one process hold the scripted conversation."""

from collections.abc import Sequence

from client.runner import Runner, run_together
from lab.demo.participants import PATIENCE, ROOM, Participant, participants, running_server
from lab.demo.script import Step, script, speakers
from translations import _


def run_text(clients: int) -> int:
    """Hold the conversation, and print what each participant sent and received.

    Returns:
        The exit code: 0, or 1 if a message did not arrive in time.
    """
    with running_server() as address, participants(address, speakers(clients)) as everybody:
        try:
            hold_conversation(address, everybody, script(clients, in_windows=False))
        except TimeoutError:
            print(_("A message did not arrive in time; the demo ends here."), flush=True)
            return 1
    print(flush=True)
    print(_("Everybody has left, and the server has stopped."), flush=True)
    return 0


def hold_conversation(address: str, everybody: Sequence[Participant], steps: Sequence[Step]) -> None:
    """Hold the conversation and print it.

    Raises:
        TimeoutError: a message did not arrive in time.
    """
    runners = [one.runner for one in everybody]
    run_together(runners, lambda: all(one.sees_members(len(everybody)) for one in everybody), PATIENCE)
    names = ", ".join(one.nick for one in everybody)
    text = _("The server listens on {address}; in the room {room}: {names}")
    print(text.format(address=address, room=ROOM, names=names))
    for step in steps:
        print(flush=True)
        _say_step(everybody, runners, step)


def _say_step(everybody: Sequence[Participant], runners: Sequence[Runner], step: Step) -> None:
    speaker = everybody[step.speaker]
    _print_row(everybody, speaker, _("sends"), step.text)
    speaker.say(step.text)
    run_together(runners, lambda: all(one.messages(step.text) for one in everybody), PATIENCE)
    for one in everybody:
        if one is not speaker:
            heard = one.messages(step.text)[-1]
            _print_row(everybody, one, _("receives"), f"{heard.nick}: {heard.text}")
    _print_row(everybody, speaker, _("confirmed"), _("the server has sent it to all"))


def _print_row(everybody: Sequence[Participant], one: Participant, what: str, text: str) -> None:
    """Print a row of three aligned columns: who, what, and the text."""
    who = max(len(other.nick) for other in everybody)
    verb = max(len(word) for word in (_("sends"), _("receives"), _("confirmed")))
    print(f"{one.nick:<{who}}  {what:<{verb}}  {text}", flush=True)
