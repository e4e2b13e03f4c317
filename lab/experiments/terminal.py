"""The experiments in a terminal: `chat lab` lists them, `chat lab NAME` does one."""

import difflib
import shutil
import sys
import textwrap
from collections.abc import Mapping
from typing import Final

from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Experiment, Observation, Trial
from lab.wire.call_text import shorten_bytes
from program.errors import UserFacingError
from protocol.text import visible
from translations import _, decimal
from translations.system_errors import explain_error

_WHO_WIDTH: Final = 16


class WrongRequestError(UserFacingError):
    """There is no such experiment, parameter or prediction."""


def print_experiments(command: str) -> None:
    """Print which experiments there are.

    Args:
        command: how to run one; the name follows it.
    """
    width = max(map(len, EXPERIMENTS))
    for experiment in EXPERIMENTS.values():
        print(f"{experiment.name:<{width}}  {experiment.title()}")
    print()
    print(_("Do one with: {command}").format(command=f"{command} {next(iter(EXPERIMENTS))}"))


def run_experiment(name: str, changes: Mapping[str, int], prediction: int | None, *, ask: bool) -> Trial:
    """Do an experiment and print everything.

    Args:
        changes: parameters that differ from the defaults.
        prediction: number of the prediction, from 1; None if none was made yet.
        ask: ask for a prediction on stdin, if none was made.

    Raises:
        WrongRequestError: there is no such experiment, parameter or prediction.
        UserFacingError: this computer does not let the experiment happen.
        OSError: what is printed cannot be written.
    """
    experiment = find_experiment(name)
    parameters = _checked(experiment, changes)
    predictions = experiment.predictions()
    if prediction is not None and not 1 <= prediction <= len(predictions):
        raise WrongRequestError(_("A prediction is a number from 1 to {last}.").format(last=len(predictions)))
    _print_paragraph(experiment.title().upper())
    _print_paragraph(experiment.question(parameters))
    for number, text in enumerate(predictions, 1):
        print(f"  {number}. {text}")
    if prediction is None and ask:
        prediction = _ask(len(predictions))
    print(flush=True)
    print(f"{_('ms'):>9}  {_('who'):<{_WHO_WIDTH}}  {_('call'):<7}  {_('bytes'):>6}  {_('what')}")
    printer = _Printer()
    try:
        result = experiment.run(printer.print, parameters)
    except UserFacingError:
        raise
    except Exception as error:
        text = _("The experiment could not be finished on this computer: {error}.")
        raise UserFacingError(text.format(error=explain_error(error))) from error
    printer.check()
    trial = Trial(experiment, parameters, result, None if prediction is None else prediction - 1)
    print()
    width = max(len(figure) for figure, _value in result.figures)
    for figure, value in result.figures:
        print(f"  {figure:<{width}}  {value}")
    print()
    numbers = ", ".join(str(index + 1) for index in result.happened)
    happened = _("What happened: {number}. {text}.").format(number=numbers, text=trial.happened)
    _print_paragraph(happened)
    if prediction is not None:
        verdict = _("Your prediction was right.") if trial.was_right else _("You predicted: {number}.")
        _print_paragraph(verdict.format(number=prediction))
    print()
    _print_paragraph(result.explanation)
    print()
    print(_("Where this is in our code:"))
    for place in experiment.code:
        print(f"  {place}")
    return trial


def find_experiment(name: str) -> Experiment:
    """Return the experiment of this name.

    Raises:
        WrongRequestError: there is none.
    """
    if name not in EXPERIMENTS:
        text = _("There is no experiment “{name}”; there are: {names}.")
        told = text.format(name=visible(name), names=", ".join(EXPERIMENTS))
        for near in difflib.get_close_matches(name, EXPERIMENTS, 1):
            told += " " + _("Did you mean {word}?").format(word=near)
        raise WrongRequestError(told)
    return EXPERIMENTS[name]


def _checked(experiment: Experiment, changes: Mapping[str, int]) -> dict[str, int]:
    known = {parameter.name: parameter for parameter in experiment.parameters}
    for name, value in changes.items():
        if name not in known:
            text = _("The experiment {experiment} has no --{parameter}; it has: {known}.")
            names = ", ".join(f"--{each}" for each in known)
            raise WrongRequestError(text.format(experiment=experiment.name, parameter=name, known=names))
        parameter = known[name]
        if not parameter.allows(value):
            text = _("--{parameter} ({meaning}) must be from {lowest} to {highest}.")
            lowest, highest, meaning = parameter.lowest, parameter.highest, parameter.meaning()
            raise WrongRequestError(
                text.format(parameter=name, meaning=meaning, lowest=lowest, highest=highest)
            )
    return experiment.defaults() | dict(changes)


def _ask(last: int) -> int | None:
    """Ask until a prediction is chosen; None if there is nobody to ask."""
    print()
    while True:
        try:
            answer = input(_("Your prediction (1–{last}): ").format(last=last)).strip()
        except EOFError:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= last:
            return int(answer)


class _Printer:
    """Prints observations from any thread. If nobody reads them any more, the experiment goes on."""

    def __init__(self) -> None:
        self._problem: OSError | None = None

    def print(self, observation: Observation) -> None:
        """Print an observation; never raises, as the experiment's own calls may."""
        if self._problem is None:
            try:
                _print_observation(observation)
            except OSError as error:
                self._problem = error

    def check(self) -> None:
        """Raise OSError if not all could be printed."""
        if self._problem:
            raise self._problem


def _print_observation(observation: Observation) -> None:
    milliseconds = f"{decimal(observation.seconds * 1000, 2):>9}"
    if not observation.call and not observation.who:
        print(f"{milliseconds}  {observation.text}", flush=True)
        return
    head = f"{milliseconds}  {observation.who:<{_WHO_WIDTH}}  {observation.call:<7}  {observation.size:>6}  "
    told = [shorten_bytes(observation.data)] if observation.data and observation.call else []
    told += [observation.text] if observation.text else []
    lines = [part for text in told for part in textwrap.wrap(text, max(30, _columns() - len(head)))] or [""]
    print(head + f"\n{' ' * len(head)}".join(lines).rstrip(), flush=True)


def _print_paragraph(text: str) -> None:
    print(textwrap.fill(text, _columns()))


def _columns() -> int:
    return min(shutil.get_terminal_size().columns, 100) - 1 if sys.stdout.isatty() else 100
