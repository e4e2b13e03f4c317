"""Run the tests: `python3 -m tests [arguments for pytest]`.

Makes the virtual environment `.venv` and installs `requirements-dev.txt` there, if that was not done yet;
inside a virtual environment it uses that one. Needs nothing but Python itself.

The tests run side by side, in two processes more than there are processors. `-n0` runs them one by one:
`-s` needs that.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements-dev.txt"
SIDE_BY_SIDE = (
    *("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"),
    *("--max-worker-restart", "0"),
)
"""Options of pytest-xdist; how many processes, and in which order, `tests/conftest.py` says.

The tests of a file stay together, because they share what is slow to make, such as an executable.
A test that kills its process ends the run, which says which test that was: in place of a lost process
pytest-xdist 3.8 can start one that waits for ever for tests that are done already.
"""


def main(arguments: list[str]) -> int:
    """Prepare the environment if need be, run pytest in it, and return pytest's exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets this sentence
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    inside = sys.prefix != sys.base_prefix
    folder = Path(sys.prefix) if inside else ROOT / ".venv"
    python = Path(sys.executable) if inside else _python_of(folder)
    if not inside:
        _make_environment(folder, python)
    _install_requirements(folder, python)
    return subprocess.run(
        [python, "-m", "pytest", *SIDE_BY_SIDE, *arguments], cwd=ROOT, check=False
    ).returncode


def _python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make_environment(folder: Path, python: Path) -> None:
    """Make a virtual environment, unless there is one that can be used; a half-made one is made again."""
    if _works(python):
        return
    print(f"Making a virtual environment in {folder}", flush=True)
    result = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=False)
    if result.returncode:
        sys.exit(
            "No virtual environment could be made. On Debian and Ubuntu install what is missing with\n"
            "    sudo apt install python3-venv\n"
            "and run the tests again."
        )


def _works(python: Path) -> bool:
    """Tell whether the environment's Python starts, is new enough and has pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install_requirements(folder: Path, python: Path) -> None:
    """Install the development packages, unless the stamp says that these very ones are installed."""
    stamp = folder / "labchat-requirements.stamp"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    print(f"Installing {REQUIREMENTS.name}", flush=True)
    command: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]
    if subprocess.run(command, check=False).returncode:
        sys.exit(
            f"The packages of {REQUIREMENTS.name} could not be installed (see pip's words above). The tests\n"
            "need them; the program itself does not. Check the network connection and run the tests again."
        )
    stamp.write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
