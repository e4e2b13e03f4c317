"""What a report is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from client.model.conversations import Entry
from lab.experiments.experiment import Trial
from lab.judge.judgement import Judgement
from lab.report.pictures.taken import TakenPicture
from lab.threads.listing import ThreadPlace
from sockets.tap import Call


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The fields of the title page; empty ones are left to be filled in by hand."""

    ministry: str = ""
    university: str = ""
    department: str = ""
    course: str = ""
    work: str = ""
    """Its number."""
    topic: str = ""
    variant: str = ""
    group: str = ""
    name: str = ""
    teacher: str = ""
    city: str = ""


TITLE_FIELDS: Final = tuple(one.name for one in fields(TitlePage))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the student's own program."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that a report is made of."""

    title: TitlePage = field(default_factory=TitlePage)
    transcript: Sequence[Entry] = ()
    """The entries of a conversation; of these, what people said is shown."""
    calls: Sequence[Call] = ()
    """As a `lab.wire.ring.Ring` remembers them: with passwords masked."""
    chosen: Sequence[Call] = ()
    """Those that the student wants to show; none: the first exchange is shown."""
    server: str = ""
    """What the diagram calls the server."""
    threads: Sequence[ThreadPlace] = ()
    trials: Sequence[Trial] = ()
    judgement: Judgement | None = None
    pictures: Sequence[TakenPicture] = ()
    sources: Sequence[SourceFile] = ()
