"""A picture that was taken for the report."""

from dataclasses import dataclass

from lab.report.rendering.model import Picture


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """A picture of one of the student's windows."""

    caption: str
    picture: Picture | None
    """None: the system let none be taken, and the report has a frame to paste it into."""
