"""`chat report`: hold the demo's conversation, do experiments, and write the report of that run."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from client.net.address import DEFAULT_PORT
from lab.demo.participants import participants, running_server
from lab.demo.script import script, speakers
from lab.demo.text import hold_conversation
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Trial
from lab.experiments.terminal import WrongRequestError, find_experiment, run_experiment
from lab.judge.judgement import read_judgement
from lab.report.content import make_document
from lab.report.data import ReportData, TitlePage
from lab.report.rendering.files import renderer, saved_hint
from lab.report.sources import read_source
from lab.threads.listing import thread_places
from lab.wire.pcap import pcapng
from lab.wire.ring import Ring
from program.errors import UserFacingError
from program.files import check_replaceable, replacing
from translations import _

_CLIENTS: Final = 3


def write_report(
    out: Path,
    title: TitlePage,
    experiments: Sequence[str] = (),
    capture: Path | None = None,
    judgement: Path | None = None,
    listings: Sequence[Path] = (),
    *,
    ask: bool = False,
) -> None:
    """Do everything, print it, and write the files.

    Args:
        out: its ending decides what it is: a .docx or a .html.
        experiments: names of the experiments to do, in this order.
        capture: where to write a pcapng file, if anywhere.
        judgement: what the judge has said of the student's own program, as JSON.
        listings: the files of that program.
        ask: ask on stdin for a prediction before each experiment.

    Raises:
        lab.experiments.terminal.WrongRequestError: there is no such experiment.
        UserFacingError: a file is not what it should be; or an experiment could not be finished, then the
            report of the others is written.
        OSError: a file cannot be written, or this computer does not let it happen.
    """
    render = renderer(out)
    chosen = [find_experiment(name) for name in experiments]
    judged = read_judgement(judgement) if judgement else None
    sources = [read_source(file) for file in listings]
    if capture and capture.resolve() == out.resolve():
        raise WrongRequestError(
            _("The report and the capture file need names of their own: --out and --pcap.")
        )
    for path in (out, capture):  # now, not after minutes of work
        if path:
            check_replaceable(path)
    ring = Ring()
    with running_server(ring, _port()) as address, participants(address, speakers(_CLIENTS)) as everybody:
        hold_conversation(address, everybody, script(_CLIENTS, in_windows=False))
        threads = thread_places()
        room = everybody[-1].room
        transcript = tuple(room.entries) if room else ()
    trials: list[Trial] = []
    problems: list[UserFacingError] = []
    for experiment in chosen:
        print()
        try:
            trials.append(run_experiment(experiment.name, {}, None, ask=ask))
        except UserFacingError as error:  # the others are not lost by it
            print(error)
            problems.append(error)
    calls = ring.calls()
    data = ReportData(
        title, transcript, calls, (), address, threads, trials, judgement=judged, sources=sources
    )
    with replacing(out) as file:
        file.write(render(make_document(data)))
    print()
    print(_("The report is in {path}").format(path=out))
    if hint := saved_hint(out):
        print(hint)
    if capture:
        with replacing(capture) as file:
            file.write(pcapng(calls))
        print(_("The capture file for Wireshark is in {path}").format(path=capture))
    if problems:
        raise problems[0]


def experiment_names(text: str) -> list[str]:
    """Return the names in a comma-separated list, each once; `all` means every experiment, `none` none."""
    names: list[str] = []
    for name in text.replace(",", " ").split():
        names += EXPERIMENTS if name == "all" else () if name == "none" else [name]
    return list(dict.fromkeys(names))


def _port() -> int:
    """Return the usual port, which Wireshark knows, if it is free; else 0: let the system choose."""
    try:
        with socket.create_server(("127.0.0.1", DEFAULT_PORT)):
            return DEFAULT_PORT
    except OSError:
        return 0
