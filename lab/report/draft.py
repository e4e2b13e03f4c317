"""What a report will hold, kept on disk until one is saved: experiments and pictures.

A window that closes, or a program that ends, loses nothing; another window of the same user finds it.
"""

import base64
import json
import queue
import threading
import time
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from lab.experiments.experiment import Observation, Result, Trial
from lab.report.pictures import png
from lab.report.pictures.taken import TakenPicture
from program.files import make_folder, replacing
from program.folders import data_folder

FOLDER: Final = "report"
_TRIAL: Final = ".trial"
_PICTURE: Final = ".png"
_MOST_FILES: Final = 100
_LARGEST_FILE: Final = 32 * 1024 * 1024
"""Bytes; of more, or of more files, the rest is left where it is."""


class Draft:
    """Experiments and pictures that are in no saved report. Any thread may call it; it waits for no disk.

    A thread of its own writes and reads, in the order of the calls, and lives only while there is work.
    """

    def __init__(self, folder: Callable[[], Path] = lambda: data_folder() / FOLDER) -> None:
        """Args: folder: where it is kept; asked for only when it is needed."""
        self._folder = folder
        self._trials: dict[str, Trial] = {}
        self._pictures: dict[str, TakenPicture] = {}
        """By the names of their files, the oldest first."""
        self._unsaved: set[str] = set()
        """Those that were kept here."""
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    # What it holds.

    @property
    def trials(self) -> list[Trial]:
        """The first run of each experiment, in the order in which they were done."""
        with self._lock:
            return list(self._trials.values())

    @property
    def pictures(self) -> list[TakenPicture]:
        """The pictures, the oldest first."""
        with self._lock:
            return list(self._pictures.values())

    def unsaved(self) -> tuple[int, int]:
        """Return how many experiments and pictures of this window are in no saved report."""
        with self._lock:
            trials = sum(name.endswith(_TRIAL) for name in self._unsaved)
            return trials, len(self._unsaved) - trials

    def names(self) -> set[str]:
        """Return what it holds now, for `saved`."""
        with self._lock:
            return {*self._pictures, *(name + _TRIAL for name in self._trials)}

    # What changes it.

    def keep_trial(self, trial: Trial) -> None:
        """Keep an experiment that was done, if it is the first of its name: the first prediction counts."""
        name = trial.experiment.name + _TRIAL
        with self._lock:
            if trial.experiment.name in self._trials:
                return
            self._trials[trial.experiment.name] = trial
            self._unsaved.add(name)
        self._do(lambda: self._write(name, _pack(trial)))

    def keep_picture(self, picture: TakenPicture) -> None:
        """Keep a picture; a frame without one is kept only as long as this program runs."""
        name = f"{time.time_ns()}{_PICTURE}"
        with self._lock:
            self._pictures[name] = picture
            self._unsaved.add(name)
        if image := picture.picture:
            self._do(lambda: self._write(name, png.with_caption(image.png, picture.caption)))

    def saved(self, names: Collection[str]) -> None:
        """A report holds these now: they stay here, for the next one, but not on disk."""
        with self._lock:
            self._unsaved -= set(names)
        self._do(lambda: self._remove(names))

    def clear(self) -> None:
        """Forget everything, here and on disk."""
        names = self.names()
        with self._lock:
            self._trials.clear()
            self._pictures.clear()
            self._unsaved.clear()
        self._do(lambda: self._remove(names))

    def look(self) -> None:
        """Take in what other windows, or an earlier run of the program, have left on disk."""
        self._do(self._read)

    def finish(self, patience: float) -> None:
        """Wait until all is written, at most so many seconds."""
        with self._lock:
            thread = self._thread
        if thread:
            thread.join(patience)

    # On disk, in its own thread.

    def _do(self, work: Callable[[], object]) -> None:
        with self._lock:
            self._work.put(work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="draft")
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._work.empty():
                    self._thread = None
                    return
                work = self._work.get()
            try:
                work()
            except (OSError, RuntimeError):  # where nothing can be kept, it is held as long as this runs
                continue

    def _write(self, name: str, data: bytes) -> None:
        folder = self._folder()
        make_folder(folder)
        with replacing(folder / name) as file:
            file.write(data)

    def _remove(self, names: Collection[str]) -> None:
        for name in names:
            (self._folder() / name).unlink(missing_ok=True)

    def _read(self) -> None:
        known = self.names()
        files = sorted(one for one in self._folder().iterdir() if one.suffix in (_TRIAL, _PICTURE))
        for file in [one for one in files if one.name not in known][:_MOST_FILES]:
            try:
                with file.open("rb") as opened:
                    self._take_in(file.name, opened.read(_LARGEST_FILE))
            except (OSError, ValueError, KeyError, TypeError, zlib.error):
                continue  # a damaged file, or one of another version

    def _take_in(self, name: str, data: bytes) -> None:
        """Raises ValueError, KeyError, TypeError, zlib.error: that is none of ours."""
        if name.endswith(_TRIAL):
            trial = _unpack(data)
            with self._lock:
                self._trials.setdefault(trial.experiment.name, trial)
        else:
            caption, picture = png.read(data)
            with self._lock:
                self._pictures[name] = TakenPicture(caption, picture)
                self._pictures = dict(sorted(self._pictures.items()))


def _pack(trial: Trial) -> bytes:
    result = trial.result
    found: dict[str, Any] = {
        "experiment": trial.experiment.name,
        "parameters": dict(trial.parameters),
        "prediction": trial.prediction,
        "happened": result.happened,
        "explanation": result.explanation,
        "figures": result.figures,
        "observations": [
            (one.seconds, one.who, one.call, base64.b64encode(one.data).decode(), one.text)
            for one in result.observations
        ],
    }
    return zlib.compress(json.dumps(found).encode())


def _unpack(data: bytes) -> Trial:
    """Raises ValueError, KeyError, TypeError, zlib.error: that is no experiment of ours."""
    from lab.experiments.catalogue import EXPERIMENTS  # noqa: PLC0415 - they bring the server with them

    unpacked = zlib.decompressobj().decompress(data, _LARGEST_FILE)
    found: dict[str, Any] = json.loads(unpacked)
    experiment = EXPERIMENTS[found["experiment"]]
    observations = tuple(
        Observation(float(seconds), str(who), str(call), base64.b64decode(moved), str(text))
        for seconds, who, call, moved, text in found["observations"]
    )
    figures = tuple((str(name), str(value)) for name, value in found["figures"])
    chances = range(len(experiment.predictions()))
    happened, made = tuple(found["happened"]), found["prediction"]
    if not all(one in chances for one in happened) or not (made is None or made in chances):
        raise ValueError("there is no such prediction")
    parameters = {name: int(found["parameters"][name]) for name in experiment.defaults()}
    result = Result(observations, figures, happened, str(found["explanation"]))
    return Trial(experiment, parameters, result, made)
