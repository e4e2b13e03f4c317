"""The judge in a thread of its own, for a window that polls what comes of it."""

import queue
import threading
from dataclasses import dataclass, replace
from typing import Final

from lab.judge.check import CancelledError, Outcome
from lab.judge.client.assistants import Hands, Person
from lab.judge.judge import judge_client, judge_server
from lab.judge.judgement import Judgement
from lab.judge.task import CLIENT, Task, question_about, read_address, resolve
from program.errors import UserFacingError
from translations import _

_LOOK_AGAIN: Final = 0.1
"""Seconds after which a thread that waits for an answer looks whether it was cancelled."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user is asked to do, or to answer."""

    text: str
    is_question: bool


Event = Request | Outcome | Judgement | Exception


class BackgroundJudge:
    """One run of the judge. `events` gets what happens; a Judgement or an exception is the last.

    Args:
        where: address and port of a server, or the port at which a client is awaited.
        command: starts the program; None if the user does.
        only: the one check to make, with those that it needs; None for all.
    """

    def __init__(self, task: Task, where: str, command: str | None, only: str | None) -> None:
        self.task = task
        self.only = only
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._where, self._command = where, command
        self._answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._is_cancelled = threading.Event()
        # No daemon: the program waits until what the judge has started is stopped.
        threading.Thread(target=self._run, name="judge").start()

    def cancel(self) -> None:
        """End it soon; a CancelledError will be the last event."""
        self._is_cancelled.set()

    def answer(self, *, yes: bool) -> None:
        """Answer the question that was asked last."""
        self._answers.put(yes)

    def _run(self) -> None:
        try:
            judge = self._judge_client if self.task.side == CLIENT else self._judge_server
            self.events.put(replace(judge(), variant=self.task.variant))
        except Exception as error:
            self.events.put(error)

    def _judge_server(self) -> Judgement:
        host, port = read_address(self._where)
        question = question_about(host, port)
        if question and not self._ask(question):
            raise UserFacingError(_("Nothing was sent."))
        return judge_server(
            resolve(host, port),
            self.task.protocol,
            level=self.task.level,
            feature=self.task.feature,
            only=self.only,
            command=self._command,
            ask=self._ask,
            on_progress=self.events.put,
            cancelled=self._is_cancelled.is_set,
        )

    def _judge_client(self) -> Judgement:
        _host, port = read_address(f"127.0.0.1:{self._where}")
        return judge_client(
            port,
            self.task.protocol,
            assistant=Person(self._tell, self._ask) if self._command is None else Hands(self._command),
            level=self.task.level,
            only=self.only,
            on_progress=self.events.put,
            cancelled=self._is_cancelled.is_set,
        )

    def _tell(self, what: str) -> None:
        self.events.put(Request(what, is_question=False))

    def _ask(self, question: str) -> bool:
        self.events.put(Request(question, is_question=True))
        while not self._is_cancelled.is_set():
            try:
                return self._answers.get(timeout=_LOOK_AGAIN)
            except queue.Empty:
                continue
        raise CancelledError
