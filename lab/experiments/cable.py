"""The connection breaks in the middle of a conversation: is anything lost, does anything arrive twice?"""

import time
from typing import Final

from client.model.events import Phase
from client.net.address import format_address, parse_address
from client.runner import run_together
from lab.demo.participants import Participant, running_server
from lab.experiments.experiment import PATIENCE, Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.forwarder import Forwarder
from lab.wire.passwords import mask_call
from sockets.tap import Call
from translations import _, decimal, plural

_RECOVERY_SECONDS: Final = 30.0


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    nick, other = _("Anna"), _("Boris")

    def tap(call: Call) -> None:
        notebook.note_call(nick, call.name, mask_call(call).data)

    with (
        running_server() as server,
        Forwarder(parse_address(server)) as forwarder,
        Participant(format_address(*forwarder.address), nick, tap) as anna,
        Participant(server, other) as boris,
    ):
        return _talk(notebook, parameters, forwarder, anna, boris)


def _talk(
    notebook: Notebook, parameters: Parameters, forwarder: Forwarder, anna: Participant, boris: Participant
) -> Result:
    runners = [anna.runner, boris.runner]
    run_together(runners, lambda: anna.sees_members(2) and boris.sees_members(2), PATIENCE)
    notebook.remark(_("The cable is cut."))
    forwarder.cut()
    run_together(runners, lambda: anna.session.state.phase is not Phase.ONLINE, PATIENCE)
    cut_at = time.monotonic()
    missed = [_("message {number}").format(number=n) for n in range(1, parameters["count"] + 1)]
    for text in missed:
        boris.say(text)
        notebook.remark(_("says: {text}").format(text=text), boris.nick)
    own = _("I was cut off")
    anna.say(own)
    notebook.remark(_("says without a connection: {text}").format(text=own), anna.nick)
    run_together(runners, lambda: all(boris.messages(text) for text in missed), PATIENCE)
    mend_at = cut_at + parameters["delay"] / 1000
    run_together(runners, lambda: time.monotonic() >= mend_at, PATIENCE)
    notebook.remark(_("The cable is mended."))
    forwarder.mend()
    mended_at = time.monotonic()
    said = [*missed, own]

    def all_heard() -> bool:
        return all(one.messages(text) for one in (anna, boris) for text in said)

    def is_noted() -> bool:
        """Her last send too: it is noted when it has returned, and the echo may be faster."""
        return own.encode() in _sent(notebook, anna.nick)

    run_together(runners, all_heard, _RECOVERY_SECONDS)
    recovery = time.monotonic() - mended_at
    run_together(runners, is_noted, PATIENCE)
    copies = [[len(one.messages(text)) for text in said] for one in (anna, boris)]
    lowest, highest = min(map(min, copies)), max(map(max, copies))
    return notebook.result(
        0 if lowest == 0 else 1 if highest == 1 else 2,
        _explain(notebook, anna.nick, parameters["count"], mended_at - cut_at, recovery, highest),
        (_("messages said during the cut"), str(len(said))),
        (_("shown by {nick}").format(nick=anna.nick), " ".join(map(str, copies[0]))),
        (_("shown by {nick}").format(nick=boris.nick), " ".join(map(str, copies[1]))),
        (_("from mending to the last message, seconds"), decimal(recovery)),
    )


def _explain(notebook: Notebook, nick: str, missed: int, cut: float, recovery: float, highest: int) -> str:
    """Explain how what was missed came, from what the client sent; times in seconds."""
    told = [
        _(
            "The relay hung up, so the client noticed the loss at once; if a real cable is pulled, nothing "
            "comes at all, and only a PING without an answer tells it. The connection was away for {cut} s, "
            "and {recovery} s after it was mended everything was there."
        )
    ]
    if b"CHATHISTORY" in _sent(notebook, nick):
        told.append(
            plural(
                "{count} message that it had missed it got from the server's history: it asked for what came "
                "after the last one that it had (CHATHISTORY).",
                "{count} messages that it had missed it got from the server's history: it asked for what "
                "came after the last one that it had (CHATHISTORY).",
                missed,
            )
        )
    told.append(_("Its own message it kept until the server's echo confirmed it."))
    told.append(
        _("By ids (msgid) and marks (nonce) it saw which messages were here already, so none came twice.")
        if highest == 1
        else _("Some messages were shown twice, which must not be: their ids (msgid) were not compared.")
    )
    return " ".join(told).format(cut=decimal(cut), recovery=decimal(recovery))


def _sent(notebook: Notebook, nick: str) -> bytes:
    """Return all that a participant has sent so far."""
    return b"".join(one.data for one in notebook.observations() if (one.who, one.call) == (nick, "send"))


EXPERIMENT: Final = Experiment(
    name="cable",
    title=lambda: _("The cable is cut: catch up"),
    question=lambda given: plural(
        "Anna's connection breaks. Boris says {count} message, and Anna writes one too. What does she see "
        "afterwards?",
        "Anna's connection breaks. Boris says {count} messages, and Anna writes one too. What does she see "
        "afterwards?",
        given["count"],
    ),
    predictions=lambda: (
        _("what was said during the cut is lost"),
        _("every message once"),
        _("every message, but some of them twice"),
    ),
    parameters=(
        Parameter("count", lambda: _("messages during the cut"), 3, 1, 20),
        Parameter("delay", lambda: _("milliseconds until the cable is mended"), 500, 0, 5000),
    ),
    conduct=_conduct,
    code=(
        "client/net/connection.py:Connection._pause",
        "client/history.py:History",
        "client/outbox.py:Outbox",
        "server.py:ChatServer._send",
    ),
)
