"""LibreOffice, which opens the files that are meant for word processors."""

import re
import subprocess
from pathlib import Path
from typing import Final

from tests.tools.programs import SEARCH_PATH, needs

_PATIENCE: Final = 90.0
"""Seconds: its first start makes a profile."""


def pages_of(document: Path, folder: Path) -> int:
    """Open a document in LibreOffice, print it into a PDF in this folder, and return how many pages it has.

    Skips the test where LibreOffice is not installed.
    """
    needs("soffice")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"),
            *("--outdir", str(folder), str(document)),
        ],
        env={"PATH": SEARCH_PATH, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        timeout=_PATIENCE,
    )
    printed = (folder / document.with_suffix(".pdf").name).read_bytes()
    return len(re.findall(rb"/Type\s*/Page\b", printed))
